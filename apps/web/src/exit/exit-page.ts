/**
 * Leaving at once: the page is covered before anything else happens, then replaced, so that "back" does not lead here.
 * Everything entered lives in this page's memory and goes with it; nothing is stored that would have to be wiped. What
 * was shared from another app and waits for a page is forgotten.
 */
import { forgetShared } from "./share-worker.ts";

/** A page about the weather: neutral on any screen, and never personal. */
const NEUTRAL_PAGE = "https://www.weather.gov/";

let cover: HTMLElement | undefined;

const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault();

/** While true, the browser asks before the page is closed by accident. Leaving on purpose is never held up. */
export const guardAgainstClosing = (isGuarded: boolean): void => {
  if (isGuarded) window.addEventListener("beforeunload", askBeforeLeaving);
  else window.removeEventListener("beforeunload", askBeforeLeaving);
};

export const exitPage = (): void => {
  guardAgainstClosing(false);
  cover ??= Object.assign(document.createElement("div"), { className: "exit-cover" });
  document.body.append(cover);
  document.title = " ";
  document.getElementById("root")?.replaceChildren();
  forgetShared();
  window.location.replace(NEUTRAL_PAGE);
};

/** A browser that kept the page that was left for "back" would show it covered and empty for ever: it starts anew. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted && cover !== undefined) window.location.reload();
});
