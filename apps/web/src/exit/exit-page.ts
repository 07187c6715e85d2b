/**
 * Leaving at once: the page is covered before anything else happens, then replaced, so that "back" does not lead here.
 * Everything entered lives in this page's memory and goes with it; nothing is stored that would have to be wiped.
 */

/** A page about the weather: neutral on any screen, and never personal. */
const NEUTRAL_PAGE = "https://www.weather.gov/";

let cover: HTMLElement | undefined;

export const exitPage = (): void => {
  cover ??= Object.assign(document.createElement("div"), { className: "exit-cover" });
  document.body.append(cover);
  document.title = " ";
  document.getElementById("root")?.replaceChildren();
  window.location.replace(NEUTRAL_PAGE);
};

/** A browser that keeps the page for "back" shows it as it was left: covered and empty. Then it starts anew. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
