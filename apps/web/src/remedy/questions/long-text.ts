/** The links of a text of many megabytes, a part at a time, so that the page can be used meanwhile. */
import { findLinks, MAX_LINKS } from "@recourse/remedy";

/** From here on a text is not put into the field, which would be slow in it; only its links are. */
export const LONG_TEXT = 100_000;
const PART = 200_000;

/** `onPart` gets the fraction that is done. At most `MAX_LINKS` links, each once, in their order. */
export const linksOfLongText = async (text: string, onPart: (done: number) => void): Promise<readonly string[]> => {
  const urls = new Set<string>();
  let from = 0;
  while (from < text.length && urls.size < MAX_LINKS) {
    let to = Math.min(from + PART, text.length);
    // Between words; a word that is longer than this has no link of a usable length in it.
    if (to < text.length) {
      const space = text.slice(to, to + 10_000).search(/\s/u);
      to = space === -1 ? to + 10_000 : to + space;
    }
    for (const { url } of findLinks(text.slice(from, to)).links) if (urls.size < MAX_LINKS) urls.add(url);
    from = to;
    onPart(Math.min(from / text.length, 1));
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
  return [...urls];
};
