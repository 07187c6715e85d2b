/**
 * Paragraphs to lines of placed glyphs: the bidirectional algorithm (UAX #9) over the whole paragraph, lines broken at
 * spaces, between ideographs and within long addresses, and each run shaped by its script and direction.
 */
import bidiModule, { type Bidi } from "bidi-js";
import { graphemesOf, type TextFonts } from "./fonts-of-text.ts";
import type { Glyph, ShapedFont } from "./harfbuzz.ts";

export interface Run {
  readonly font: ShapedFont;
  /** What it says, in the order it is read. */
  readonly text: string;
  readonly isRightToLeft: boolean;
  readonly glyphs: readonly Glyph[];
  /** In thousandths of the size of the type. */
  readonly width: number;
}

export interface Line {
  /** In visual order, from left to right. */
  readonly runs: readonly Run[];
  readonly width: number;
  /** Such a line stands at the right. */
  readonly isRightToLeft: boolean;
}

// The package is CommonJS for Node and a module for bundlers, so the function comes in one of two ways.
const loaded = bidiModule as unknown as (() => Bidi) | { readonly default: () => Bidi };
const bidi = (typeof loaded === "function" ? loaded : loaded.default)();

const SCRIPTS: readonly (readonly [tag: string, letters: RegExp])[] = (
  [
    ["Latn", "Latin"],
    ["Arab", "Arabic"],
    ["Hebr", "Hebrew"],
    ["Cyrl", "Cyrillic"],
    ["Grek", "Greek"],
    ["Deva", "Devanagari"],
    ["Beng", "Bengali"],
    ["Taml", "Tamil"],
    ["Telu", "Telugu"],
    ["Thai", "Thai"],
    ["Hani", "Han"],
    ["Hira", "Hiragana"],
    ["Kana", "Katakana"],
    ["Hang", "Hangul"],
    ["Geor", "Georgian"],
    ["Armn", "Armenian"],
    ["Ethi", "Ethiopic"],
  ] as const
).map(([tag, name]) => [tag, new RegExp(`\\p{Script=${name}}`, "u")]);

/** undefined for what belongs to whatever stands beside it: digits, spaces, marks. */
const scriptOf = (text: string): string | undefined => SCRIPTS.find(([, letters]) => letters.test(text))?.[0];

const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** No line begins with these, so they stay with what is before them. */
const CLOSING = /^[\p{Pe}\p{Pf}\p{Po}]/u;
/** An address may be broken behind these. */
const BREAKS_BEHIND = /[/?&=._-]$/u;
const MAX_UNBROKEN = 40;

/** The parts that a line may end behind, spaces with the part before them. */
const partsOf = (text: string): readonly string[] => {
  const parts: string[] = [];
  let part = "";
  const push = (): void => {
    if (part !== "") parts.push(part);
    part = "";
  };
  for (const grapheme of graphemesOf(text)) {
    const startsWord = /\s$/u.test(part) && !/^\s/u.test(grapheme);
    const betweenIdeographs = part !== "" && IDEOGRAPH.test(grapheme) && !/^\s/u.test(grapheme);
    const afterIdeograph = IDEOGRAPH.test(part) && !CLOSING.test(grapheme) && !/^\s/u.test(grapheme);
    if (startsWord || betweenIdeographs || afterIdeograph || part.length >= MAX_UNBROKEN) push();
    part += grapheme;
    if (part.length > 12 && BREAKS_BEHIND.test(part)) push();
  }
  push();
  return parts;
};

interface Shaped {
  readonly levels: Uint8Array;
  readonly base: number;
}

export interface LayOut {
  /** Lines of a paragraph without line breaks in it; `widthPt` is theirs, `sizePt` the type's. */
  readonly linesOf: (paragraph: string, widthPt: number, sizePt: number) => readonly Line[];
}

export const layOutWith = (fonts: TextFonts): LayOut => {
  const widths = new Map<string, number>();

  const runOf = (font: ShapedFont, text: string, isRightToLeft: boolean, script: string): Run => {
    const glyphs = font.shape(text, isRightToLeft, script);
    const units = glyphs.reduce((sum, { advance }) => sum + advance, 0);
    return { font, text, isRightToLeft, glyphs, width: (units * 1000) / font.unitsPerEm };
  };

  /** One direction, one font, one script a run; in the order of reading. */
  const runsOf = (text: string, { levels, base }: Shaped, from: number): readonly (Run & { level: number })[] => {
    const runs: (Run & { level: number })[] = [];
    let at = 0;
    while (at < text.length) {
      const level = levels[from + at] ?? base;
      let end = at + 1;
      while (end < text.length && (levels[from + end] ?? base) === level) end += 1;
      for (const piece of fonts.piecesOf(text.slice(at, end))) {
        let part = "";
        let script: string | undefined;
        const push = (): void => {
          if (part !== "") runs.push({ ...runOf(piece.font, part, level % 2 === 1, script ?? "Zyyy"), level });
          part = "";
          script = undefined;
        };
        for (const grapheme of graphemesOf(piece.text)) {
          const own = scriptOf(grapheme);
          if (own !== undefined && script !== undefined && own !== script) push();
          script ??= own;
          part += grapheme;
        }
        push();
      }
      at = end;
    }
    return runs;
  };

  /** UAX #9, rule L2. */
  const reordered = (runs: readonly (Run & { level: number })[]): readonly Run[] => {
    const line = [...runs];
    const highest = Math.max(0, ...line.map(({ level }) => level));
    for (let level = highest; level > 0; level -= 1) {
      for (let start = 0; start < line.length; start += 1) {
        if ((line[start]?.level ?? 0) < level) continue;
        let end = start;
        while (end < line.length && (line[end]?.level ?? 0) >= level) end += 1;
        line.splice(start, end - start, ...line.slice(start, end).toReversed());
        start = end;
      }
    }
    return line;
  };

  const linesOf = (paragraph: string, widthPt: number, sizePt: number): readonly Line[] => {
    const text = paragraph.normalize("NFC");
    const { levels, paragraphs } = bidi.getEmbeddingLevels(text, "auto");
    const shaped: Shaped = { levels, base: paragraphs[0]?.level ?? 0 };
    const limit = (widthPt * 1000) / sizePt;
    const lines: Line[] = [];
    let from = 0;
    let length = 0;
    let width = 0;
    const push = (): void => {
      const own = text.slice(from, from + length).trimEnd();
      if (own !== "" || lines.length === 0) {
        const runs = reordered(runsOf(own, shaped, from));
        lines.push({
          runs,
          width: runs.reduce((sum, run) => sum + run.width, 0),
          isRightToLeft: shaped.base % 2 === 1,
        });
      }
      from += length;
      length = 0;
      width = 0;
    };
    for (const part of partsOf(text)) {
      const level = levels[from + length] ?? 0;
      const key = `${level % 2}${part}`;
      const own = widths.get(key) ?? runsOf(part, shaped, from + length).reduce((sum, run) => sum + run.width, 0);
      widths.set(key, own);
      if (length > 0 && width + own > limit) push();
      length += part.length;
      width += own;
    }
    push();
    return lines;
  };
  return { linesOf };
};
