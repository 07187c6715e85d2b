/**
 * Figures of @recourse/fingerprint. The picture is made here: discs over each other with a little noise, whose
 * spectrum is like a photograph's; at 4000 x 3000 and JPEG quality 85 the file is 1.4 MB.
 */
import { hashPixels, hashPixelsOnce, type Wanted } from "@recourse/fingerprint";
import { fingerprintBytes } from "@recourse/fingerprint/node";
import sharp from "sharp";
// The plain implementation is no public part of the package; it is the peer of the kernel here.
import { plainSpectrum } from "../../packages/fingerprint/src/core/plain.ts";
import type { Benchmarks, Figure } from "./figure.ts";

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** RGB rows of a picture with detail at every scale. */
async function makePicture(width: number, height: number): Promise<Uint8Array> {
  const random = randomFrom(1);
  const colour = (): string => `rgb(${[0, 0, 0].map(() => Math.floor(random() * 256)).join(",")})`;
  const discs = Array.from({ length: 3000 }, () => {
    const radius = width / 200 / Math.sqrt(random() + 0.0006);
    return `<circle cx="${random() * width}" cy="${random() * height}" r="${radius}" fill="${colour()}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${discs.join("")}</svg>`;
  const pixels = await sharp(Buffer.from(svg)).flatten({ background: "#778" }).removeAlpha().raw().toBuffer();
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = Math.max(0, Math.min(255, pixels[at]! + Math.round((random() + random() - 1) * 6)));
  }
  return pixels;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Median wall time of each function in milliseconds; they take turns, so that the machine's moods hit them alike. */
function timeInTurns(runs: number, ...functions: readonly (() => void)[]): number[] {
  const times = functions.map((): number[] => []);
  for (let run = -Math.ceil(runs / 4); run < runs; run++) {
    for (const [i, measured] of functions.entries()) {
      const start = performance.now();
      measured();
      if (run >= 0) times[i]!.push(performance.now() - start);
    }
  }
  return times.map(median);
}

/** Runs before the measured ones: a gate runs for days, so the compiler's own work is not part of a picture's cost. */
const WARM_UP = 20;

/**
 * Median CPU time of a function in milliseconds, all threads of the process together. One after the other, not in
 * turns: the peer's 36 MB of pixels would cost the other its warm memory, which no gate has to give up.
 */
async function cpuTime(runs: number, measured: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = -WARM_UP; run < runs; run++) {
    const before = process.cpuUsage();
    await measured();
    const { user, system } = process.cpuUsage(before);
    if (run >= 0) times.push((user + system) / 1000);
  }
  return median(times);
}

async function core512(): Promise<readonly Figure[]> {
  const n = 200;
  const pixels = await makePicture(512, 512);
  const [once] = timeInTurns(n, () => hashPixelsOnce(pixels, 512, 512, 3)) as [number];
  const picture = { data: pixels, width: 512, height: 512, channels: 3 } as const;
  const [plain] = timeInTurns(20, () => plainSpectrum(picture)) as [number];
  return [{ figure: "fingerprint.core512.ms", value: once, unit: "ms", n, peer: "plain TypeScript", peerValue: plain }];
}

/** What all eight hashes cost over the one: both from the same pixels, in turns. */
async function dihedralOverhead(): Promise<readonly Figure[]> {
  const n = 200;
  const pixels = await makePicture(512, 512);
  const [all, once] = timeInTurns(
    n,
    () => hashPixels(pixels, 512, 512, 3),
    () => hashPixelsOnce(pixels, 512, 512, 3),
  ) as [number, number];
  return [{ figure: "fingerprint.dihedral_overhead_pct", value: (all / once - 1) * 100, unit: "%", n }];
}

async function jpeg12mp(): Promise<readonly Figure[]> {
  const n = 15;
  const raw = { width: 4000, height: 3000, channels: 3 } as const;
  const file = await sharp(await makePicture(raw.width, raw.height), { raw })
    .jpeg({ quality: 85 })
    .toBuffer();
  // The whole of it, header, MD5, SHA-256 and all eight hashes included.
  const fingerprint = (wanted: Wanted) => async (): Promise<void> => {
    const outcome = await fingerprintBytes(file, wanted);
    if (!outcome.ok) throw new Error(outcome.code);
  };
  const ours = fingerprint({ purpose: "query" });
  const full = async (): Promise<void> => {
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    hashPixels(data, info.width, info.height, 3);
  };
  const value = await cpuTime(n, ours);
  const peerValue = await cpuTime(n, full);
  const withLocal = await cpuTime(n, fingerprint({ purpose: "query", stronger: true }));
  const set = await cpuTime(n, fingerprint({ purpose: "bank", stronger: true }));
  // Beside the whole: what a gate that decodes at full size pays for the same hashes.
  const beside = { unit: "ms", n, peer: "full-resolution decode and hash", peerValue };
  return [
    {
      figure: "fingerprint.jpeg12mp.cpu_ms",
      value,
      ...beside,
    },
    { figure: "fingerprint.jpeg12mp.local_more_cpu_ms", value: withLocal - value, ...beside },
    { figure: "fingerprint.jpeg12mp.device_set_cpu_ms", value: set, ...beside },
  ];
}

/**
 * A small picture on an even ground has fewer than 200 patches to ask with, so a query searches four parts as well
 * (docs/local-hashes.md, section 12): what that costs beside the same picture without patches.
 */
async function poor12mp(): Promise<readonly Figure[]> {
  const n = 15;
  const inset = { width: 800, height: 600, channels: 3 } as const;
  const ground = { width: 4000, height: 3000, channels: 3, background: "#e8e8e8" } as const;
  const input = Buffer.from(await makePicture(inset.width, inset.height));
  const file = await sharp({ create: ground })
    .composite([{ input, raw: inset, left: 1700, top: 1100 }])
    .jpeg({ quality: 85 })
    .toBuffer();
  const asked = async (stronger: boolean): Promise<number> => {
    const outcome = await fingerprintBytes(file, { purpose: "query", stronger });
    if (!outcome.ok) throw new Error(outcome.code);
    return outcome.fingerprint.local?.query.length ?? 0;
  };
  const without = await cpuTime(n, async () => asked(false));
  const withLocal = await cpuTime(n, async () => asked(true));
  return [
    { figure: "fingerprint.poor12mp.cpu_ms", value: without, unit: "ms", n },
    { figure: "fingerprint.poor12mp.local_more_cpu_ms", value: withLocal - without, unit: "ms", n },
    { figure: "fingerprint.poor12mp.hashes", value: await asked(true), unit: "hashes", n: 1 },
  ];
}

export const figures: Benchmarks = {
  "fingerprint.core512.ms": core512,
  "fingerprint.dihedral_overhead_pct": dihedralOverhead,
  "fingerprint.jpeg12mp.": jpeg12mp,
  "fingerprint.poor12mp.": poor12mp,
};
