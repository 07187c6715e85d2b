/**
 * Pictures that share their furniture and nothing else: screens of the same apps, memes on one template, pages of one
 * site. Two of a set show different photographs, so a match between them is a false positive, except in the set that
 * says `sharesPicture`.
 */
import {
  asSharp,
  decodePicture,
  drawOver,
  encodePicture,
  fillPixels,
  lay,
  type Pixels,
  svg,
  toPixels,
} from "./pixels.ts";
import { between, pick, randomFrom } from "./random.ts";
import { SCREENS, showOn } from "./screens.ts";
import { watermarkShapes } from "./overlays.ts";

export interface FurnitureSet {
  readonly name: string;
  /** True where all of the set truly hold one photograph and only the words differ: what matches there is no mistake. */
  readonly sharesPicture: boolean;
  /** The encoded picture of a number below `FURNITURE_SIZE`; the same in every run. */
  make(index: number, photographs: readonly Uint8Array[]): Promise<Buffer>;
}

export const FURNITURE_SIZE = 300;

/** A texture with detail at every scale, as stone or clouds have: no two alike, no shape that comes back. */
async function texture(seed: number): Promise<Pixels> {
  const random = randomFrom(seed * 7919 + 17);
  const [width, height] = [720, 720];
  const sum = new Float32Array(width * height * 3);
  for (const size of [3, 7, 15, 31, 64, 130, 260]) {
    const weight = size ** -between(random, 0.55, 0.8);
    const grain = {
      data: Uint8Array.from({ length: size * size * 3 }, () => random() * 256),
      width: size,
      height: size,
    };
    const layer = await toPixels(asSharp(grain).resize(width, height, { kernel: "cubic", fit: "fill" }));
    layer.data.forEach((value, at) => (sum[at] = sum[at]! + (value - 128) * weight));
  }
  const tint = [between(random, 70, 190), between(random, 70, 190), between(random, 70, 190)];
  const data = Uint8Array.from(sum, (value, at) => Math.max(0, Math.min(255, tint[at % 3]! + value * 1.5)));
  return { data, width, height };
}

/** Another photograph for each number while there are any, then textures: 300 contents, no two the same. */
const contentOf = (index: number, photographs: readonly Uint8Array[]): Promise<Pixels> => {
  const photograph = photographs[index];
  return photograph === undefined ? texture(index) : decodePicture(photograph);
};

const SUBJECTS = ["my cat", "the printer", "Monday", "my neighbour", "the bus", "my boss", "the group chat", "winter"];
const VERBS = ["when it sees", "waiting for", "pretending to like", "after meeting", "explaining", "ignoring"];
const OBJECTS = ["the deadline", "a cucumber", "free pizza", "the alarm clock", "my code", "rain again", "an exam"];

/** Different words for each number below 336. */
const wordsOf = (index: number): readonly [string, string] => [
  `${SUBJECTS[index % 8]} ${VERBS[Math.floor(index / 8) % 6]}`,
  `${OBJECTS[Math.floor(index / 48) % 7]}`,
];

const lettering = (x: number, y: number, what: string): string =>
  `<text x="${x}" y="${y}" font-size="54" font-weight="bold" text-anchor="middle" fill="#fff" stroke="#000" stroke-width="3">${what.toUpperCase()}</text>`;

/** The one picture all memes are made on: drawn here, with the detail of a photograph behind it. */
async function drawTemplate(width: number, height: number): Promise<Pixels> {
  const behind = await fillPixels(await texture(90_001), width, height);
  const random = randomFrom(90_001);
  const [x, y] = [width / 2, height * 0.56];
  const hair = Array.from(
    { length: 60 },
    () =>
      `<path d="M${x + between(random, -150, 150)} ${y - 150}q${between(random, -60, 60)} -60 ${between(random, -30, 30)} -110" stroke="#2b1d12" stroke-width="9" fill="none"/>`,
  );
  const drawn = `${hair.join("")}<ellipse cx="${x}" cy="${y}" rx="170" ry="200" fill="#e0ac69"/><circle cx="${x - 65}" cy="${y - 40}" r="34" fill="#fff"/><circle cx="${x + 65}" cy="${y - 40}" r="34" fill="#fff"/><circle cx="${x - 55}" cy="${y - 34}" r="14"/><circle cx="${x + 55}" cy="${y - 34}" r="14"/><path d="M${x - 70} ${y + 90}q70 50 150 -20" stroke="#402010" stroke-width="14" fill="none"/><path d="M${x - 20} ${y + 10}q20 40 44 0" stroke="#9c6b3f" stroke-width="9" fill="none"/>`;
  return drawOver(behind, drawn);
}

const templates = new Map<number, Promise<Pixels>>();
function template(width: number, height: number): Promise<Pixels> {
  const drawn = templates.get(height) ?? drawTemplate(width, height);
  templates.set(height, drawn);
  return drawn;
}

const screenshots: FurnitureSet = {
  name: "screenshots",
  sharesPicture: false,
  make: async (index, photographs) => {
    const screen = pick(randomFrom(index + 1), SCREENS);
    return encodePicture(await showOn(screen, await contentOf(index, photographs)));
  },
};

const memes: FurnitureSet = {
  name: "memes",
  sharesPicture: false,
  make: async (index, photographs) => {
    const [above, below] = wordsOf(index);
    const lower = await fillPixels(await contentOf(index, photographs), 1000, 640);
    return encodePicture(
      await lay(1040, 1400, "#fff", [
        { what: await template(1000, 640), left: 20, top: 60 },
        { what: lower, left: 20, top: 740 },
        {
          what: svg(
            1040,
            1400,
            `${lettering(520, 140, above)}${lettering(520, 1340, below)}<text x="20" y="42" font-size="28" fill="#555">made with memeworks.example</text>`,
          ),
        },
      ]),
    );
  },
};

const memeWords: FurnitureSet = {
  name: "memes-words-only",
  sharesPicture: true,
  make: async (index) => {
    const [above, below] = wordsOf(index);
    const picture = await template(1000, 760);
    return encodePicture(await drawOver(picture, lettering(500, 90, above) + lettering(500, 720, below)));
  },
};

const watermarked: FurnitureSet = {
  name: "watermarked",
  sharesPicture: false,
  make: async (index, photographs) => {
    const [width, height] = [900, 1200];
    const shown = await fillPixels(await contentOf(index, photographs), width, height - 120);
    const head = `<rect width="${width}" height="120" fill="#14213d"/><circle cx="64" cy="60" r="34" fill="#fca311"/><path d="M48 74l16 -34l16 34z" fill="#14213d"/><text x="120" y="76" font-size="44" font-weight="bold" fill="#fff">sharehub.example</text><rect x="700" y="36" width="170" height="48" rx="24" fill="#fca311"/><text x="785" y="70" font-size="28" text-anchor="middle" fill="#14213d">Sign in</text>`;
    return encodePicture(
      await lay(width, height, "#fff", [
        { what: shown, top: 120 },
        { what: svg(width, height, `${watermarkShapes(width, height, "sharehub.example", 0.35)}${head}`) },
      ]),
    );
  },
};

export const furnitureSets: readonly FurnitureSet[] = [screenshots, memes, memeWords, watermarked];
