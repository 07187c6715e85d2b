/** Reads back what `noticeToPdf` writes, by the file itself: objects, streams, and each glyph's way back to its text. */
import { inflateSync } from "node:zlib";

export interface ReadPdf {
  readonly raw: string;
  /** Of each marked part of the pages, in order: its tag, and the texts of its glyphs as they stand from left to right. */
  readonly parts: readonly { readonly tag: string; readonly texts: readonly string[]; readonly paths: number }[];
  readonly fontBytes: readonly Uint8Array[];
}

const fromUtf16 = (hex: string): string =>
  String.fromCharCode(...(hex.match(/.{4}/gu) ?? []).map((unit) => Number.parseInt(unit, 16)));

export const readPdf = (bytes: Uint8Array): ReadPdf => {
  const raw = Buffer.from(bytes).toString("latin1");
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/u.exec(raw)?.[1]);
  const offsets = [...raw.slice(start).matchAll(/^(\d{10}) 00000 n $/gmu)].map(([, offset]) => Number(offset));
  const objects = offsets.map((offset, index) => {
    const body = raw.slice(offset);
    if (!body.startsWith(`${index + 1} 0 obj\n`)) throw new Error(`object ${index + 1} is not where the table says`);
    return body;
  });
  const dictionary = (id: number): string => (objects[id - 1] ?? "").split(/\nendobj\n|\nstream\n/u, 1)[0] ?? "";
  const stream = (id: number): Buffer => {
    const body = objects[id - 1] ?? "";
    const at = body.indexOf("stream\n") + "stream\n".length;
    const length = Number(/\/Length (\d+)/u.exec(body)?.[1]);
    return inflateSync(Buffer.from(body.slice(at, at + length), "latin1"));
  };
  const reference = (text: string, name: string): number =>
    Number(new RegExp(`/${name} (\\d+) 0 R`, "u").exec(text)?.[1]);

  const root = dictionary(Number(/\/Root (\d+) 0 R/u.exec(raw.slice(start))?.[1]));
  const kids = [...(/(?:\d+ 0 R ?)+/u.exec(dictionary(reference(root, "Pages")))?.[0].matchAll(/(\d+) 0 R/gu) ?? [])];
  const pages = [
    ...(/Kids\[([^\]]*)\]/u.exec(dictionary(reference(root, "Pages")))?.[1] ?? "").matchAll(/(\d+) 0 R/gu),
  ];
  if (pages.length === 0 && kids.length === 0) throw new Error("no pages");
  const resources = dictionary(reference(dictionary(Number(pages[0]?.[1])), "Resources"));
  const fontBytes: Uint8Array[] = [];
  const texts = new Map<string, Map<string, string>>();
  for (const [, name = "", id] of resources.matchAll(/\/(F\d+) (\d+) 0 R/gu)) {
    const font = dictionary(Number(id));
    const map = new Map<string, string>();
    for (const [, code = "", text = ""] of stream(reference(font, "ToUnicode"))
      .toString("latin1")
      .matchAll(/^<([0-9A-F]{4})> <([0-9A-F]+)>$/gmu))
      map.set(code, fromUtf16(text));
    texts.set(name, map);
    const inner = dictionary(Number(/DescendantFonts\[(\d+)/u.exec(font)?.[1]));
    fontBytes.push(stream(reference(dictionary(reference(inner, "FontDescriptor")), "FontFile2")));
  }
  const parts = pages.flatMap(([, id]) => {
    const content = stream(reference(dictionary(Number(id)), "Contents")).toString("latin1");
    return [...content.matchAll(/\/(H1|P|Figure) <<\/MCID \d+>> BDC\n([^]*?)\nEMC(?=\n\/|$)/gu)].map(
      ([, tag = "", inside = ""]) => {
        let font = "";
        const shown: string[] = [];
        for (const [whole, name, code] of inside.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-F]{4})>/gu)) {
          if (whole.startsWith("/")) font = name ?? "";
          else shown.push(texts.get(font)?.get(code ?? "") ?? "");
        }
        return { tag, texts: shown, paths: [...inside.matchAll(/ m /gu)].length };
      },
    );
  });
  return { raw, parts, fontBytes };
};
