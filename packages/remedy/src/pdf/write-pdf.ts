/**
 * A document as a file (PDF 1.7, ISO 32000-1): objects, compressed streams, fonts with only the glyphs used and a way
 * back from each glyph to its text, and the structure that screen readers follow (14.8). Nothing in it names a
 * program or a person beyond what stands on the page; the same document gives the same bytes.
 */
import { zlibSync } from "fflate";
import type { Glyph, ShapedFont } from "./harfbuzz.ts";
import type { Run } from "./lay-out.ts";

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");
/** A text string (7.9.2.2): UTF-16, big end first, with its mark. */
export const textString = (text: string): string => `<FEFF${utf16(text)}>`;
const utf16 = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => hex(text.charCodeAt(index), 4)).join("");

export const number = (value: number): string => String(Math.round(value * 100) / 100);

/** Objects in the order they are asked for; a number may be had before what it stands for is known. */
export class PdfFile {
  readonly #objects: (Uint8Array | undefined)[] = [];

  reserve(): number {
    return this.#objects.push(undefined);
  }

  put(id: number, body: string): void {
    this.#objects[id - 1] = latin1(body);
  }

  add(body: string): number {
    const id = this.reserve();
    this.put(id, body);
    return id;
  }

  putStream(id: number, bytes: Uint8Array, entries = ""): void {
    const packed = zlibSync(bytes, { level: 6 });
    const head = latin1(`<</Filter/FlateDecode/Length ${packed.length}${entries}>>\nstream\n`);
    this.#objects[id - 1] = joined([head, packed, latin1("\nendstream")]);
  }

  addStream(bytes: Uint8Array, entries = ""): number {
    const id = this.reserve();
    this.putStream(id, bytes, entries);
    return id;
  }

  /** `trailer` is what the trailer says beside the size. */
  bytes(trailer: string): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [latin1("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n")];
    const offsets: number[] = [];
    let sizeBytes = parts[0]?.length ?? 0;
    const push = (part: Uint8Array): void => {
      parts.push(part);
      sizeBytes += part.length;
    };
    for (const [index, object] of this.#objects.entries()) {
      if (object === undefined) throw new TypeError("an object of the document was never written");
      offsets.push(sizeBytes);
      push(latin1(`${index + 1} 0 obj\n`));
      push(object);
      push(latin1("\nendobj\n"));
    }
    const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
    push(
      latin1(
        `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${offsets.length + 1}${trailer}>>\nstartxref\n${sizeBytes}\n%%EOF\n`,
      ),
    );
    return joined(parts);
  }
}

const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

interface Code {
  readonly glyph: number;
  /** What copying it gives; empty for the further glyphs of a group. */
  readonly text: string;
}

/** The glyphs of one font that a document uses, each with a number of its own for every text it stands for. */
class UsedFont {
  readonly name: string;
  readonly font: ShapedFont;
  readonly #codes = new Map<string, number>();
  readonly #list: Code[] = [{ glyph: 0, text: "" }];

  constructor(name: string, font: ShapedFont) {
    this.name = name;
    this.font = font;
  }

  code(glyph: number, text: string): number {
    const key = `${glyph} ${text}`;
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const code = this.#list.push({ glyph, text }) - 1;
    if (code > 0xffff) throw new RangeError("too many different glyphs for one font");
    this.#codes.set(key, code);
    return code;
  }

  write(file: PdfFile): number {
    const { font } = this;
    const sfnt = font.subset(new Set(this.#list.map(({ glyph }) => glyph)));
    const per = 1000 / font.unitsPerEm;
    const { box, ascent, descent } = metricsOf(sfnt);
    const name = `${subsetTag(this.name)}+NotoSans`;
    const program = file.addStream(sfnt, `/Length1 ${sfnt.length}`);
    const descriptor = file.add(
      `<</Type/FontDescriptor/FontName/${name}/Flags 4/FontBBox[${box.map((each) => Math.round(each * per)).join(" ")}]/ItalicAngle 0/Ascent ${Math.round(ascent * per)}/Descent ${Math.round(descent * per)}/CapHeight ${Math.round(ascent * per * 0.7)}/StemV 80/FontFile2 ${program} 0 R>>`,
    );
    const widths = this.#list.map(({ glyph }) => number(font.advanceOf(glyph) * per)).join(" ");
    const places = new Uint8Array(this.#list.length * 2);
    for (const [code, { glyph }] of this.#list.entries()) new DataView(places.buffer).setUint16(code * 2, glyph);
    const toGlyphs = file.addStream(places);
    const inner = file.add(
      `<</Type/Font/Subtype/CIDFontType2/BaseFont/${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${descriptor} 0 R/DW 0/W[0[${widths}]]/CIDToGIDMap ${toGlyphs} 0 R>>`,
    );
    const toText = file.addStream(latin1(this.#toUnicode()));
    return file.add(
      `<</Type/Font/Subtype/Type0/BaseFont/${name}/Encoding/Identity-H/DescendantFonts[${inner} 0 R]/ToUnicode ${toText} 0 R>>`,
    );
  }

  /** 9.10.3; at most a hundred a block. */
  #toUnicode(): string {
    const lines = this.#list.flatMap(({ text }, code) => (text === "" ? [] : [`<${hex(code, 4)}> <${utf16(text)}>`]));
    const blocks = Array.from({ length: Math.ceil(lines.length / 100) }, (_, index) => {
      const part = lines.slice(index * 100, index * 100 + 100);
      return `${part.length} beginbfchar\n${part.join("\n")}\nendbfchar\n`;
    });
    return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n${blocks.join("")}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n`;
  }
}

/** Six capital letters (9.6.4), by the font's number in the document. */
const subsetTag = (name: string): string => {
  let value = Number(name.slice(1));
  return Array.from({ length: 6 }, () => {
    const letter = String.fromCharCode(65 + (value % 26));
    value = Math.floor(value / 26);
    return letter;
  }).join("");
};

/** From the tables `head` and `hhea` of TrueType. */
const metricsOf = (sfnt: Uint8Array): { box: readonly number[]; ascent: number; descent: number } => {
  const view = new DataView(sfnt.buffer, sfnt.byteOffset, sfnt.byteLength);
  const table = (wanted: string): number => {
    for (let index = 0; index < view.getUint16(4); index += 1) {
      const at = 12 + index * 16;
      const name = String.fromCharCode(...sfnt.subarray(at, at + 4));
      if (name === wanted) return view.getUint32(at + 8);
    }
    throw new TypeError(`the font has no table ${wanted}`);
  };
  const head = table("head");
  const hhea = table("hhea");
  return {
    box: [36, 38, 40, 42].map((offset) => view.getInt16(head + offset)),
    ascent: view.getInt16(hhea + 4),
    descent: view.getInt16(hhea + 6),
  };
};

export class DocumentFonts {
  readonly #used = new Map<ShapedFont, UsedFont>();

  /** Operators that show a run with its left end at `x`, `y` (points). */
  show(run: Run, x: number, y: number, sizePt: number): string {
    let used = this.#used.get(run.font);
    if (used === undefined) {
      used = new UsedFont(`F${this.#used.size + 1}`, run.font);
      this.#used.set(run.font, used);
    }
    const out: string[] = [`/${used.name} ${number(sizePt)} Tf 1 0 0 1 ${number(x)} ${number(y)} Tm`];
    for (const { glyphs, text } of clustersOf(run)) {
      const shown = showGlyphs(used, glyphs, text, sizePt);
      // Where more than one of them takes room, only the text as a whole is right (14.9.4).
      const isGroup = glyphs.filter(({ advance }) => advance > 0).length > 1;
      out.push(isGroup ? `/Span<</ActualText${textString(text)}>>BDC ${shown} EMC` : shown);
    }
    return `BT ${out.join("\n")} ET`;
  }

  /** The fonts' entries for the pages' resources. */
  write(file: PdfFile): string {
    return [...this.#used.values()].map((used) => `/${used.name} ${used.write(file)} 0 R`).join("");
  }
}

/** Glyphs that stand for the same characters, in visual order. */
const clustersOf = ({ glyphs, text }: Run): readonly { readonly glyphs: readonly Glyph[]; readonly text: string }[] => {
  const starts = [...new Set(glyphs.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  const groups: { glyphs: Glyph[]; text: string; cluster: number }[] = [];
  for (const glyph of glyphs) {
    const last = groups.at(-1);
    if (last?.cluster === glyph.cluster) last.glyphs.push(glyph);
    else {
      const end = starts[starts.indexOf(glyph.cluster) + 1] ?? text.length;
      groups.push({ glyphs: [glyph], text: text.slice(glyph.cluster, end), cluster: glyph.cluster });
    }
  }
  return groups;
};

const showGlyphs = (used: UsedFont, glyphs: readonly Glyph[], text: string, sizePt: number): string => {
  const per = 1000 / used.font.unitsPerEm;
  // One of several glyphs carries the text of all: the widest, as the others are marks put onto it.
  const main = glyphs.reduce((widest, glyph) => (glyph.advance > widest.advance ? glyph : widest));
  return glyphs
    .map((glyph) => {
      const code = `<${hex(used.code(glyph.id, glyph === main ? text : ""), 4)}>`;
      // A number in TJ moves to the left, in thousandths (9.4.3).
      const before = glyph.x === 0 ? "" : number(-glyph.x * per);
      const extra = (used.font.advanceOf(glyph.id) - glyph.advance + glyph.x) * per;
      const behind = Math.abs(extra) < 0.01 ? "" : number(extra);
      const shown = `[${before}${code}${behind}]TJ`;
      return glyph.y === 0 ? shown : `${number((glyph.y * sizePt) / used.font.unitsPerEm)} Ts ${shown} 0 Ts`;
    })
    .join(" ");
};
