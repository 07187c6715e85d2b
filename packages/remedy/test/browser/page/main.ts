/** Makes letters and locked cases in a page, with files that the bundler put beside it. */
import { type CaseFile, type Notice, packCase, unpackCase } from "../../../src/index.ts";
import { noticeToPdf } from "../../../src/pdf/index.ts";

/** Of the bundler; what it answers are the addresses of the files in the built page. */
declare global {
  interface ImportMeta {
    readonly glob: (
      patterns: readonly string[],
      options: { readonly query: "?url"; readonly import: "default"; readonly eager: true },
    ) => Readonly<Record<string, string>>;
  }
}

const files = import.meta.glob(
  [
    "../../../../../node_modules/@fontsource/*/files/*-400-normal.woff2",
    "../../../../../node_modules/@fontsource-variable/*/files/*-wght-normal.woff2",
    "../../../../../node_modules/harfbuzzjs/dist/*.wasm",
  ],
  { query: "?url", import: "default", eager: true },
);

const loadFile = async (path: string): Promise<Uint8Array> => {
  const url = files[`../../../../../node_modules/${path}`];
  if (url === undefined) throw new Error("a file that is not in the page");
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
};

const base64 = (bytes: Uint8Array): string => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

Object.assign(window, {
  door: {
    async letter(notice: Notice) {
      const outcome = await noticeToPdf(notice, { loadFile });
      return outcome.ok ? { base64: base64(outcome.bytes), missing: outcome.missing } : outcome.code;
    },
    async lock(given: CaseFile, nowMs: number, passphrase: string) {
      const outcome = await packCase(given, nowMs, { passphrase, random: (bytes) => crypto.getRandomValues(bytes) });
      return outcome.ok ? base64(outcome.bytes) : outcome.code;
    },
    unlock(sealed: string, passphrase: string) {
      return unpackCase(
        Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0)),
        passphrase,
      );
    },
  },
});
