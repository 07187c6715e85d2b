/**
 * Suggestions of screens in Chromium: `redact.screens.*`. In vain is over the photographs without a screen. Recall is
 * over screens drawn into photographs (redact-screen-set.ts), and over real ones where `BENCH_SCREENS` names a
 * folder with photographs and a `screens.json` that says what is where (bench/README.md).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Region } from "@recourse/redact";
import sharp from "sharp";
import { findChromium } from "../../tools/chromium.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";
import { allPhotographs, onPage, photographs, suggest } from "./redact-page.ts";
import { type Box, drawScreen } from "./redact-screen-set.ts";

interface Marked {
  /** By photograph; empty where there is none, which then counts for what is marked in vain. */
  readonly screens: Readonly<Record<string, readonly { readonly kind: string; readonly box: Box }[]>>;
}

/** Of a screen, what one suggestion must hold for it to count. */
const HELD_SHARE = 0.75;
/** A suggestion of more than this many times the screen's area, with this share of the picture added, is no find. */
const MAX_TIMES = 4;
const ADDED_SHARE = 0.02;
/** Smaller ones, as a share of the picture, are counted apart. */
const SMALL_SHARE = 0.01;

function isFound([left, top, right, bottom]: Box, regions: readonly Region[], pictureArea: number): boolean {
  const area = (right - left) * (bottom - top);
  return regions.some((region) => {
    if (region.kind !== "rectangle") return false;
    const across = Math.min(right, region.x + region.width) - Math.max(left, region.x);
    const down = Math.min(bottom, region.y + region.height) - Math.max(top, region.y);
    return (
      Math.max(0, across) * Math.max(0, down) >= HELD_SHARE * area &&
      region.width * region.height < MAX_TIMES * area + ADDED_SHARE * pictureArea
    );
  });
}

/** Found and all, by kind. */
class Tally {
  readonly #counts = new Map<string, { found: number; all: number }>();

  add(kind: string, found: boolean): void {
    const count = this.#counts.get(kind) ?? { found: 0, all: 0 };
    this.#counts.set(kind, { found: count.found + (found ? 1 : 0), all: count.all + 1 });
  }

  figures(prefix: string): readonly Figure[] {
    return [...this.#counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { found, all }]) => ({ figure: `${prefix}.${kind}`, value: found / all, unit: "share", n: all }));
  }
}

const readMarked = async (folder: string): Promise<Marked> =>
  JSON.parse(await readFile(join(folder, "screens.json"), "utf8")) as Marked;
const withoutScreens = async (): Promise<readonly string[]> => {
  const { screens } = await readMarked(join(photographs, "../screens"));
  return (await allPhotographs()).filter((name) => screens[name] === undefined);
};

const recall = (): Promise<readonly Figure[]> =>
  findChromium() === undefined
    ? Promise.resolve([])
    : onPage(async (page) => {
        const drawn = new Tally();
        for (const [number, name] of (await withoutScreens()).filter((_, at) => at % 3 === 0).entries()) {
          const { jpeg, kind, box } = await drawScreen(await readFile(join(photographs, name)), number);
          const { width, height } = await sharp(jpeg).metadata();
          drawn.add(kind, isFound(box, (await suggest(page, jpeg, "screen")).regions, width * height));
        }
        return drawn.figures("redact.screens.recall.drawn");
      });

/** Of photographs that stay where they are: they may have a licence to be looked at, and none to be passed on. */
const recallOfReal = (): Promise<readonly Figure[]> => {
  const folder = process.env["BENCH_SCREENS"];
  if (folder === undefined || findChromium() === undefined) return Promise.resolve([]);
  return onPage(async (page) => {
    const { screens } = await readMarked(folder);
    const real = new Tally();
    let [empty, inVain] = [0, 0];
    for (const [name, marked] of Object.entries(screens)) {
      const jpeg = await readFile(join(folder, name));
      const { width, height } = await sharp(jpeg).metadata();
      const { regions } = await suggest(page, jpeg, "screen");
      for (const { kind, box } of marked) {
        const isSmall = (box[2] - box[0]) * (box[3] - box[1]) < SMALL_SHARE * width * height;
        real.add(isSmall ? `${kind}.small` : kind, isFound(box, regions, width * height));
      }
      if (marked.length > 0) continue;
      empty++;
      if (regions.length > 0) inVain++;
    }
    return [
      ...real.figures("redact.screens.real.recall"),
      ...(empty === 0
        ? []
        : [{ figure: "redact.screens.real.in_vain", value: inVain / empty, unit: "share", n: empty } as const]),
    ];
  });
};

const inVain = (): Promise<readonly Figure[]> =>
  findChromium() === undefined
    ? Promise.resolve([])
    : onPage(async (page) => {
        const names = await withoutScreens();
        let marked = 0;
        for (const name of names)
          if ((await suggest(page, await readFile(join(photographs, name)), "screen")).regions.length > 0) marked++;
        return [{ figure: "redact.screens.in_vain", value: marked / names.length, unit: "share", n: names.length }];
      });

/** One photograph, the loading of the model included. */
const time = (): Promise<readonly Figure[]> =>
  findChromium() === undefined
    ? Promise.resolve([])
    : onPage(async (page) => {
        const times: number[] = [];
        for (const name of (await allPhotographs()).slice(0, 9))
          times.push((await suggest(page, await readFile(join(photographs, name)), "screen")).ms);
        return [{ figure: "redact.screens.ms", value: median(times), unit: "ms", n: times.length }];
      });

export const figures: Benchmarks = {
  "redact.screens.recall": recall,
  "redact.screens.real": recallOfReal,
  "redact.screens.in_vain": inVain,
  "redact.screens.ms": time,
};
