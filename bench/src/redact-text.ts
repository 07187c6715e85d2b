/**
 * Suggestions of writing in Chromium: `redact.text.*`. Recall is over lines drawn on photographs in twelve scripts
 * (redact-writing-set.ts) and those of fixtures/writing/writing.json, marked by eye; in vain is over the photographs
 * without any writing.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Point, Region } from "@recourse/redact";
import { findChromium } from "../../tools/chromium.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";
import { allPhotographs, onPage, photographs, suggest } from "./redact-page.ts";
import { drawWriting } from "./redact-writing-set.ts";

interface Written {
  /** By photograph: the corners of each line. */
  readonly lines: Readonly<Record<string, readonly (readonly (readonly [number, number])[])[]>>;
}

/** Of a line, what the suggestions must hold for it to count; without the padding that a cover gets. */
const HELD_SHARE = 0.8;

function isInside(region: Region, { x, y }: Point): boolean {
  if (region.kind !== "polygon") return false;
  let isIn = false;
  for (const [at, a] of region.points.entries()) {
    const b = region.points.at(at - 1) ?? a;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isIn = !isIn;
  }
  return isIn;
}

/** The share of a quadrilateral that lies in some region, by 30 x 6 points. */
function heldShare([a, b, c, d]: readonly Point[], regions: readonly Region[]): number {
  if (a === undefined || b === undefined || c === undefined || d === undefined) return 0;
  let held = 0;
  for (let at = 0; at < 180; at++) {
    const [u, v] = [((at % 30) + 0.5) / 30, (Math.floor(at / 30) + 0.5) / 6];
    const along = (p: Point, q: Point): Point => ({ x: p.x + (q.x - p.x) * u, y: p.y + (q.y - p.y) * u });
    const [top, bottom] = [along(a, b), along(d, c)];
    const point = { x: top.x + (bottom.x - top.x) * v, y: top.y + (bottom.y - top.y) * v };
    if (regions.some((region) => isInside(region, point))) held++;
  }
  return held / 180;
}

const readWritten = async (): Promise<Written> =>
  JSON.parse(await readFile(join(photographs, "../writing/writing.json"), "utf8")) as Written;

const recall = (): Promise<readonly Figure[]> =>
  findChromium() === undefined
    ? Promise.resolve([])
    : onPage(async (page) => {
        const { lines: written } = await readWritten();
        const names = (await allPhotographs()).filter((name) => written[name] === undefined);
        let [drawn, found] = [0, 0];
        for (const [number, name] of names.filter((_, at) => at % 2 === 0).entries()) {
          const { jpeg, lines } = await drawWriting(page, await readFile(join(photographs, name)), number);
          const { regions } = await suggest(page, jpeg, "text");
          drawn += lines.length;
          found += lines.filter(({ corners }) => heldShare(corners, regions) >= HELD_SHARE).length;
        }
        let [inPhotographs, foundInPhotographs] = [0, 0];
        for (const [name, lines] of Object.entries(written)) {
          const { regions } = await suggest(page, await readFile(join(photographs, name)), "text");
          inPhotographs += lines.length;
          foundInPhotographs += lines.filter(
            (corners) =>
              heldShare(
                corners.map(([x, y]) => ({ x, y })),
                regions,
              ) >= HELD_SHARE,
          ).length;
        }
        return [
          { figure: "redact.text.recall", value: found / drawn, unit: "share", n: drawn },
          {
            figure: "redact.text.recall.photographs",
            value: foundInPhotographs / inPhotographs,
            unit: "share",
            n: inPhotographs,
          },
        ];
      });

const inVain = (): Promise<readonly Figure[]> =>
  findChromium() === undefined
    ? Promise.resolve([])
    : onPage(async (page) => {
        const { lines: written } = await readWritten();
        const names = (await allPhotographs()).filter((name) => written[name] === undefined);
        let marked = 0;
        for (const name of names)
          if ((await suggest(page, await readFile(join(photographs, name)), "text")).regions.length > 0) marked++;
        return [{ figure: "redact.text.in_vain", value: marked / names.length, unit: "share", n: names.length }];
      });

/** One photograph, the loading of the model included. */
const time = (): Promise<readonly Figure[]> =>
  findChromium() === undefined
    ? Promise.resolve([])
    : onPage(async (page) => {
        const names = (await allPhotographs()).slice(0, 9);
        const times: number[] = [];
        for (const name of names) times.push((await suggest(page, await readFile(join(photographs, name)), "text")).ms);
        return [{ figure: "redact.text.ms", value: median(times), unit: "ms", n: times.length }];
      });

export const figures: Benchmarks = {
  "redact.text.recall": recall,
  "redact.text.in_vain": inVain,
  "redact.text.ms": time,
};
