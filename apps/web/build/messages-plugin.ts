/** Turns message catalogues into syntax trees at build time, so that no parser travels to the page. */
import { parse } from "@formatjs/icu-messageformat-parser";
import type { Plugin } from "vite";

export const compileMessages = (): Plugin => ({
  name: "recourse-messages",
  enforce: "pre",
  transform(code, id) {
    if (!/\/src\/messages\/(?:[a-z]+\/)?[a-z]+\.json$/.test(id)) return null;
    const catalogue: unknown = JSON.parse(code);
    if (typeof catalogue !== "object" || catalogue === null) throw new Error("a catalogue is one object");
    const compiled = Object.fromEntries(
      Object.entries(catalogue).map(([key, text]) => {
        const tree = parse(String(text), { captureLocation: false });
        const [first] = tree;
        // Most sentences are plain text: a string is shorter than its tree.
        return [key, tree.length === 1 && first?.type === 0 ? first.value : tree];
      }),
    );
    return { code: `export default ${JSON.stringify(compiled)}`, map: null, moduleType: "js" };
  },
});
