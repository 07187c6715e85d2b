/**
 * What cleaning costs beside time: memory for a video of two gigabytes (`scrub.peak_mb_2gb_video`: the most resident
 * memory of a process of its own above what Node had before it began), and a 12-megapixel photograph in Chromium.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { stripTypeScriptTypes } from "node:module";
import { join, normalize } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { findChromium, launchChromium } from "../../tools/chromium.ts";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";
import { withFolder } from "./server-process.ts";

const SAMPLES = 300_000;
const SAMPLE_BYTES = 7000;
const RUNS = 9;

const be = (bytes: number, ...values: readonly number[]): Buffer => {
  const out = Buffer.alloc(bytes * values.length);
  for (const [index, value] of values.entries()) out.writeUIntBE(value, bytes * index, bytes);
  return out;
};
const box = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([be(4, body.length + 8), Buffer.from(type, "latin1"), body]);
};
const full = (type: string, ...parts: readonly Uint8Array[]): Buffer => box(type, Buffer.alloc(4), ...parts);

const MATRIX = be(4, 0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000);
const SETS = Buffer.concat([
  Buffer.from([1, 0x42, 0xc0, 10, 0xff, 0xe1, 0, 7]),
  Buffer.from("6742c00ad901e3", "hex"),
  Buffer.from([1, 0, 5]),
  Buffer.from("68cb83cb20", "hex"),
]);

/** The index of a video of which each sample is a chunk of its own: as many pieces as there can be. */
const makeIndex = (mediaAt: number): Buffer => {
  const duration = 100 * SAMPLES;
  const offsets = Buffer.alloc(4 * SAMPLES);
  for (let i = 0; i < SAMPLES; i += 1) offsets.writeUInt32BE(mediaAt + SAMPLE_BYTES * i, 4 * i);
  const entry = box(
    "avc1",
    Buffer.alloc(6),
    be(2, 1),
    Buffer.alloc(16),
    be(2, 1920, 1080),
    be(4, 0x48_0000, 0x48_0000, 0),
    be(2, 1),
    Buffer.alloc(32),
    be(2, 24, 0xffff),
    box("avcC", SETS),
  );
  // Sizes one by one, as of real videos, though all are the same.
  const sizes = Buffer.alloc(4 * SAMPLES);
  for (let i = 0; i < SAMPLES; i += 1) sizes.writeUInt32BE(SAMPLE_BYTES, 4 * i);
  const table = box(
    "stbl",
    full("stsd", be(4, 1), entry),
    full("stts", be(4, 1, SAMPLES, 100)),
    full("stsc", be(4, 1, 1, 1, 1)),
    full("stsz", be(4, 0, SAMPLES), sizes),
    full("stco", be(4, SAMPLES), offsets),
  );
  const media = box(
    "mdia",
    full("mdhd", be(4, 0, 0, 3000, duration), be(2, 0x55c4, 0)),
    full("hdlr", be(4, 0), Buffer.from("vide"), Buffer.alloc(13)),
    box("minf", full("vmhd", Buffer.alloc(8)), box("dinf", full("dref", be(4, 1), box("url ", be(4, 1)))), table),
  );
  const header = box(
    "tkhd",
    be(4, 7, 0, 0, 1, 0, duration, 0, 0),
    be(2, 0, 0, 0, 0),
    MATRIX,
    be(4, 0x780_0000, 0x438_0000),
  );
  const movie = full(
    "mvhd",
    be(4, 0, 0, 3000, duration, 0x1_0000),
    be(2, 0x100, 0),
    be(4, 0, 0),
    MATRIX,
    Buffer.alloc(24),
    be(4, 2),
  );
  return box(
    "moov",
    movie,
    box("trak", header, media),
    box("udta", box("©xyz", Buffer.from("\0\u0012\u0015\u00c7+47.3769+008.5417/", "latin1"))),
  );
};

/** Units of H.264 with nothing in them but where they begin: the rest of the file is a hole. */
const makeVideo = async (path: string): Promise<number> => {
  const type = box("ftyp", Buffer.from("isom\0\0\0\0isommp42", "latin1"));
  const mediaAt = type.length + makeIndex(0).length + 8;
  const media = SAMPLES * SAMPLE_BYTES;
  const file = await open(path, "wx");
  try {
    await file.write(Buffer.concat([type, makeIndex(mediaAt), be(4, media + 8), Buffer.from("mdat")]), 0);
    // A sample in two has a message before its picture, which goes: so nothing lies where it lay.
    const picture = Buffer.concat([be(4, SAMPLE_BYTES - 4), Buffer.from([0x41])]);
    const told = Buffer.from("\u0006\u0005\u0014................mark\u0080", "latin1");
    const talking = Buffer.concat([
      be(4, told.length),
      told,
      be(4, SAMPLE_BYTES - 8 - told.length),
      Buffer.from([0x41]),
    ]);
    for (let i = 0; i < SAMPLES; i += 1)
      await file.write(i % 2 === 0 ? picture : talking, 0, null, mediaAt + SAMPLE_BYTES * i);
    await file.truncate(mediaAt + media);
  } finally {
    await file.close();
  }
  return mediaAt + media;
};

/**
 * Runs in a process of its own; says kilobytes before and at most. What Linux counts as the most of a process begins with
 * what its parent had when it was started, but not in /proc.
 */
const PROGRAM = `
const { readFileSync } = await import("node:fs");
const most = () => {
  try {
    return Number(/VmHWM:\\s*(\\d+)/u.exec(readFileSync("/proc/self/status", "latin1"))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
};
const [{ strip }, { openFileSource }] = await Promise.all([import(process.argv[1]), import(process.argv[2])]);
const source = await openFileSource(process.argv[3]);
const before = most();
let sizeBytes = 0;
const outcome = await strip(source, { write: (bytes) => void (sizeBytes += bytes.length) });
if (!outcome.ok || outcome.sizeBytes !== sizeBytes) throw new Error(outcome.ok ? "too little was written" : outcome.reason);
await source.close();
console.log(JSON.stringify({ before, most: most() }));
`;

const peakMemory = (): Promise<readonly Figure[]> =>
  withFolder(async (folder) => {
    const path = join(folder, "large.mp4");
    await makeVideo(path);
    const module = (name: string): string => new URL(`../../packages/scrub/src/${name}`, import.meta.url).href;
    const words = ["--input-type=module", "-e", PROGRAM, module("index.ts"), module("node/index.ts"), path];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    const { before, most } = JSON.parse(stdout) as { before: number; most: number };
    return [{ figure: "scrub.peak_mb_2gb_video", value: (most - before) / 1024, unit: "MB", n: 1 }];
  });

/** The package as it is, without its types, for a page. */
const startSite = async (): Promise<{ readonly url: string; close(): void }> => {
  const root = join(import.meta.dirname, "../../packages/scrub/src");
  const server = createServer((request, response) => {
    const path = normalize(join(root, (request.url ?? "/").split("?")[0] ?? "/"));
    if (!path.startsWith(root) || !path.endsWith(".ts")) {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>bench</title><input type=file>");
      return;
    }
    readFile(path, "utf8").then(
      (source) => response.setHeader("content-type", "text/javascript").end(stripTypeScriptTypes(source)),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The cast: it listens on a port, so its address is one.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() };
};

/** Reads the chosen file, cleans it and answers the milliseconds: what a person waits for, but for the choosing. */
const IN_PAGE = `(async () => {
  const { blobSource, strip } = await import("/index.ts");
  const [file] = document.querySelector("input").files;
  const startedAt = performance.now();
  const parts = [];
  const outcome = await strip(blobSource(file), { write: (bytes) => void parts.push(bytes.slice()) });
  if (!outcome.ok) throw new Error(outcome.reason);
  const clean = new Blob(parts);
  if (clean.size !== outcome.sizeBytes) throw new Error("not all was written");
  return performance.now() - startedAt;
})()`;

const inChromium = async (): Promise<readonly Figure[]> => {
  if (findChromium() === undefined) return [];
  const buffer = await sharp(join(import.meta.dirname, "../../fixtures/photographs/forest-stream.jpg"))
    .resize(4000, 3000, { kernel: "cubic" })
    .withExif({
      IFD0: { Make: "Bench", Model: "Bench One" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "47/1 22/1 37/1" },
    })
    .jpeg({ quality: 90 })
    .toBuffer();
  const site = await startSite();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.locator("input").setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer });
    const times: number[] = [];
    for (let run = -1; run < RUNS; run += 1) {
      // The cast: what the program above answers.
      const ms = (await page.evaluate(IN_PAGE)) as number;
      if (run >= 0) times.push(ms);
    }
    return [{ figure: "scrub.chromium_12mp.ms", value: median(times), unit: "ms", n: RUNS }];
  } finally {
    await browser.close();
    site.close();
  }
};

export const figures: Benchmarks = {
  "scrub.peak_mb_2gb_video": peakMemory,
  "scrub.chromium_12mp.ms": inChromium,
};
