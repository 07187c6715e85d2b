import type { Words } from "../words.tsx";

/** Puts a text on the clipboard; answers what is to be said of it. */
export const copyText = async (text: string, t: Words): Promise<string> => {
  try {
    await navigator.clipboard.writeText(text);
    return t("out.copied");
  } catch {
    return t("out.notCopied");
  }
};
