/** What is looked for on a screen as it is: barriers, anything beyond the edge, targets that are too small. */
import type { Page } from "playwright-core";
import { findBarriers } from "./visit.ts";

/** One line each; none is as it should be. `hasSystemColours` leaves out contrast, which axe takes from the page. */
export const lookForBarriers = async (page: Page, hasSystemColours: boolean): Promise<readonly string[]> => {
  // From the top, so that what stays at the top lies over nothing.
  await page.evaluate(() => window.scrollTo(0, 0));
  const barriers = [...(await findBarriers(page, hasSystemColours ? ["color-contrast"] : []))];
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (beyond > 0) barriers.push(`${beyond} pixels beyond the edge`);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, a, select, input:not([type=file])")]
      // What only screen readers meet is clipped to nothing; what stands in a label has the label for a target.
      .filter(
        (element) => element.checkVisibility() && element.closest("[style*='clip'], .visually-hidden, label") === null,
      )
      .map((element) => ({ box: element.getBoundingClientRect(), text: element.textContent }))
      .filter(({ box }) => box.width > 1 && box.height > 1 && (box.height < 24 || box.width < 24))
      .map(({ text }) => text),
  );
  return [...barriers, ...small.map((text) => `target too small: ${text}`)];
};
