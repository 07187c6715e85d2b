/** Which font each character of a text is set in, and which characters no font has. */

import { type FontFile, fontFiles, SHAPING_PROGRAMS } from "./font-files.ts";
import { type ShapedFont, type Shaper, startShaper } from "./harfbuzz.ts";
import { readWoff2 } from "./read-woff2.ts";

/**
 * Answers a file of an installed package, by its path within `node_modules`. It is asked for fonts of the scripts that
 * the text has, and for nothing else.
 */
export type LoadFile = (path: string) => Promise<Uint8Array>;

/** Text, or a character that no font has, which stands there as its number. */
export interface Piece {
  readonly text: string;
  readonly font: ShapedFont;
}

export interface TextFonts {
  /** The text in order, each piece in one font. */
  readonly piecesOf: (text: string) => readonly Piece[];
  /** Each once, in the order they came. */
  readonly missing: readonly string[];
}

/** Nothing is drawn for them, so a font need not have them: joiners, marks of direction, variation selectors. */
const INVISIBLE = /^\p{Default_Ignorable_Code_Point}$/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
export const graphemesOf = (text: string): readonly string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment);

const codePoints = (text: string): readonly number[] =>
  [...text].filter((character) => !INVISIBLE.test(character)).map((character) => character.codePointAt(0) ?? 0);

const lists = ({ ranges }: FontFile, codePoint: number): boolean =>
  ranges.some(([from, to]) => codePoint >= from && codePoint <= to);

const asNumber = (grapheme: string): string =>
  [...grapheme]
    .map((character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`)
    .join("");

/** Loads what the text needs. `language` (ISO 639) decides how Han characters look. */
export const fontsOfText = async (text: string, language: string, loadFile: LoadFile): Promise<TextFonts> => {
  const [shape, subset] = SHAPING_PROGRAMS;
  const shaper: Shaper = await startShaper(copyOf(await loadFile(shape)), copyOf(await loadFile(subset)));
  const files = fontFiles(language);
  const opened = new Map<FontFile, ShapedFont>();
  const open = async (file: FontFile): Promise<ShapedFont> => {
    const known = opened.get(file);
    if (known !== undefined) return known;
    const font = shaper.openFont(readWoff2(await loadFile(file.path)));
    opened.set(file, font);
    return font;
  };
  const fontFor = async (grapheme: string): Promise<ShapedFont | undefined> => {
    const needed = codePoints(grapheme);
    for (const file of files) {
      // A part of a font often has more characters than its list says; an accent goes with the letter before it.
      if (needed[0] !== undefined && !lists(file, needed[0])) continue;
      // Each file is loaded once, and only where its list holds what is looked for, so one after the other is right.
      // oxlint-disable-next-line no-await-in-loop
      const font = await open(file);
      if (needed.every((codePoint) => font.has(codePoint))) return font;
    }
    return undefined;
  };

  const plain = await fontFor("a");
  if (plain === undefined) throw new TypeError("the first of the fonts must have the letters of ASCII");
  const chosen = new Map<string, ShapedFont>();
  const missing: string[] = [];
  for (const grapheme of new Set(graphemesOf(text))) {
    // oxlint-disable-next-line no-await-in-loop -- as above
    const font = /^[\s]*$/u.test(grapheme) ? plain : await fontFor(grapheme);
    if (font === undefined) missing.push(grapheme);
    else chosen.set(grapheme, font);
  }

  const piecesOf = (part: string): readonly Piece[] => {
    const pieces: { text: string; font: ShapedFont }[] = [];
    for (const grapheme of graphemesOf(part)) {
      const last = pieces.at(-1);
      const isSpace = /^\s+$/u.test(grapheme);
      const font = isSpace && last !== undefined && last.font.has(32) ? last.font : (chosen.get(grapheme) ?? plain);
      const shown = isSpace ? " ".repeat(grapheme.length) : chosen.has(grapheme) ? grapheme : asNumber(grapheme);
      if (last?.font === font) last.text += shown;
      else pieces.push({ text: shown, font });
    }
    return pieces;
  };
  return { piecesOf, missing };
};

const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
