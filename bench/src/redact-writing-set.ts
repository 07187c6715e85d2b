/**
 * Pictures with known lines of writing, for measuring suggestions: drawn by Chromium on photographs, on plates, pages and
 * screens or right over the picture, in twelve scripts, turned and in many sizes. The same on every machine: the fonts
 * come from packages.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Point } from "@recourse/redact";
import type { Page } from "playwright-core";

interface DrawnLine {
  /** Corners, one after the other. */
  readonly corners: readonly Point[];
}
interface DrawnPicture {
  readonly jpeg: Buffer;
  readonly lines: readonly DrawnLine[];
}
const KINDS = ["plate", "page", "screen", "over"] as const;

/** Names, places and messages as they stand in pictures; none belongs to anybody. */
const SCRIPTS = [
  {
    script: "Latin",
    font: "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2",
    texts: ["Riverside School", "Flat 4b, 21 High Street", "call me 555 0199", "ID 4482 1177 9023"],
  },
  {
    script: "Cyrillic",
    font: "@fontsource/noto-sans/files/noto-sans-cyrillic-400-normal.woff2",
    texts: ["улица Садовая", "Мария Петрова", "перезвони мне"],
  },
  {
    script: "Greek",
    font: "@fontsource/noto-sans/files/noto-sans-greek-400-normal.woff2",
    texts: ["Οδός Αθηνών", "Μαρία Παππά", "πάρε με"],
  },
  {
    script: "Arabic",
    font: "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2",
    texts: ["شارع النهر", "مدرسة الأمل", "اتصلي بي غدا"],
  },
  {
    script: "Hebrew",
    font: "@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-400-normal.woff2",
    texts: ["רחוב הנהר", "בית ספר", "תתקשרי אליי"],
  },
  {
    script: "Devanagari",
    font: "@fontsource/noto-sans/files/noto-sans-devanagari-400-normal.woff2",
    texts: ["नदी मार्ग", "मारिया शर्मा", "मुझे फोन करो"],
  },
  {
    script: "Bengali",
    font: "@fontsource/noto-sans-bengali/files/noto-sans-bengali-bengali-400-normal.woff2",
    texts: ["নদী সড়ক", "আমার স্কুল", "ফোন করো"],
  },
  {
    script: "Tamil",
    font: "@fontsource/noto-sans-tamil/files/noto-sans-tamil-tamil-400-normal.woff2",
    texts: ["ஆற்று தெரு", "பள்ளி", "அழைக்கவும்"],
  },
  {
    script: "Thai",
    font: "@fontsource/noto-sans-thai/files/noto-sans-thai-thai-400-normal.woff2",
    texts: ["ถนนริมน้ำ", "โรงเรียน", "โทรหาฉัน"],
  },
  {
    script: "Georgian",
    font: "@fontsource/noto-sans-georgian/files/noto-sans-georgian-georgian-400-normal.woff2",
    texts: ["მდინარის ქუჩა", "სკოლა", "დამირეკე"],
  },
  {
    script: "Armenian",
    font: "@fontsource/noto-sans-armenian/files/noto-sans-armenian-armenian-400-normal.woff2",
    texts: ["Գետի փողոց", "դպրոց", "զանգիր ինձ"],
  },
  {
    script: "Ethiopic",
    font: "@fontsource/noto-sans-ethiopic/files/noto-sans-ethiopic-ethiopic-400-normal.woff2",
    texts: ["የወንዝ መንገድ", "ትምህርት ቤት", "ደውልልኝ"],
  },
] as const;

const COLOURS = [
  ["#181818", "#f0ead8"],
  ["#f4f4f4", "#23508c"],
  ["#1d3a1f", "#d7e6c8"],
  ["#ffffff", "#202020"],
] as const;

/** Draws on the photograph of this number in a row of them; sizes, places and scripts follow from the number. */
export async function drawWriting(page: Page, photograph: Buffer, number: number): Promise<DrawnPicture> {
  const kind = KINDS[(number + Math.floor(number / SCRIPTS.length)) % KINDS.length]!;
  const { script, font, texts } = SCRIPTS[number % SCRIPTS.length]!;
  const [ink, ground] = COLOURS[(number >> 2) % COLOURS.length]!;
  const count = kind === "page" ? 4 : kind === "screen" ? 3 : 1;
  const path = createRequire(new URL("../../packages/remedy/package.json", import.meta.url)).resolve(font);
  // What packages/redact/test/browser/page/writing.ts draws.
  const plan = {
    kind,
    script,
    ink,
    ground: kind === "screen" ? "#101418" : ground,
    font: (await readFile(path)).toString("base64"),
    photograph: photograph.toString("base64"),
    lines: Array.from({ length: count }, (_, at) => texts[(number + at) % texts.length]!),
    sizePx: 14 + ((number * 7) % 41),
    turn: ((((number * 5) % 25) - 12) * Math.PI) / 180,
    down: 0.25 + (number % 4) / 10,
  };
  // The cast: it is what the test page's function answers.
  const drawn = (await page.evaluate(`window.door.drawWriting(${JSON.stringify(plan)})`)) as {
    readonly jpeg: string;
    readonly corners: readonly (readonly Point[])[];
  };
  return { jpeg: Buffer.from(drawn.jpeg, "base64"), lines: drawn.corners.map((corners) => ({ corners })) };
}
