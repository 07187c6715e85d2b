/**
 * Which file of which font package has which characters. The fonts are Noto (SIL Open Font License), cut into parts by
 * their packages; the lists of characters are those of the packages, and a file is loaded when a text needs it.
 */
import jp from "@fontsource-variable/noto-sans-jp/unicode.json" with { type: "json" };
import kr from "@fontsource-variable/noto-sans-kr/unicode.json" with { type: "json" };
import sc from "@fontsource-variable/noto-sans-sc/unicode.json" with { type: "json" };
import sans from "@fontsource/noto-sans/unicode.json" with { type: "json" };
import arabic from "@fontsource/noto-sans-arabic/unicode.json" with { type: "json" };
import armenian from "@fontsource/noto-sans-armenian/unicode.json" with { type: "json" };
import bengali from "@fontsource/noto-sans-bengali/unicode.json" with { type: "json" };
import ethiopic from "@fontsource/noto-sans-ethiopic/unicode.json" with { type: "json" };
import georgian from "@fontsource/noto-sans-georgian/unicode.json" with { type: "json" };
import hebrew from "@fontsource/noto-sans-hebrew/unicode.json" with { type: "json" };
import tamil from "@fontsource/noto-sans-tamil/unicode.json" with { type: "json" };
import telugu from "@fontsource/noto-sans-telugu/unicode.json" with { type: "json" };
import thai from "@fontsource/noto-sans-thai/unicode.json" with { type: "json" };

interface Family {
  readonly name: string;
  readonly isVariable: boolean;
  readonly parts: Readonly<Record<string, string>>;
}

const still = (name: string, parts: Family["parts"]): Family => ({ name, isVariable: false, parts });
const variable = (name: string, parts: Family["parts"]): Family => ({ name, isVariable: true, parts });

const LETTERS: readonly Family[] = [
  still("noto-sans", sans),
  still("noto-sans-arabic", arabic),
  still("noto-sans-hebrew", hebrew),
  still("noto-sans-bengali", bengali),
  still("noto-sans-tamil", tamil),
  still("noto-sans-telugu", telugu),
  still("noto-sans-thai", thai),
  still("noto-sans-georgian", georgian),
  still("noto-sans-armenian", armenian),
  still("noto-sans-ethiopic", ethiopic),
];
const SC = variable("noto-sans-sc", sc);
const JP = variable("noto-sans-jp", jp);
const KR = variable("noto-sans-kr", kr);

/** Han characters look different by language; the text's own comes first. */
const inOrder = (language: string): readonly Family[] => [
  ...LETTERS,
  ...(language === "ja" ? [JP, SC, KR] : language === "ko" ? [KR, SC, JP] : [SC, JP, KR]),
];

/** "U+0300-0301,U+0303" */
const rangesOf = (list: string): readonly (readonly [from: number, to: number])[] =>
  [...list.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/giu)].map(([, from = "", to = from]) => [
    Number.parseInt(from, 16),
    Number.parseInt(to, 16),
  ]);

/** A file, named as a path within `node_modules`. */
export interface FontFile {
  readonly path: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** Parts of emoji and symbols are no letters, and parts of CJK fonts for Latin would look like another font. */
const isWanted = ({ isVariable }: Family, part: string): boolean =>
  !isVariable || /^(?:\[\d+\]|japanese|korean|chinese.*)$/u.test(part);

/** In the order in which they are tried. */
export const fontFiles = (language: string): readonly FontFile[] =>
  inOrder(language).flatMap((family) =>
    Object.entries(family.parts)
      .filter(([part]) => isWanted(family, part))
      .map(([part, list]): FontFile => {
        const name = part.replaceAll(/[[\]]/gu, "");
        return {
          path: family.isVariable
            ? `@fontsource-variable/${family.name}/files/${family.name}-${name}-wght-normal.woff2`
            : `@fontsource/${family.name}/files/${family.name}-${name}-400-normal.woff2`,
          ranges: rangesOf(list),
        };
      }),
  );

/** The two programs that fonts are read with, named in the same way. */
export const SHAPING_PROGRAMS = ["harfbuzzjs/dist/harfbuzz.wasm", "harfbuzzjs/dist/harfbuzz-subset.wasm"] as const;
