/**
 * How many two-second pieces of a known video are found after what happens to copies. Needs the system's ffmpeg, which
 * makes the copies. Beside it, on the same copies: plain vPDQ with one hash a second and `tx`'s rule, 80 % of the
 * query's frames within 31 bits of a known one.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  compareVideoFingerprints,
  compareVideos,
  everySecond,
  type VideoFingerprint,
  type VideoPurpose,
} from "@recourse/fingerprint";
import { fingerprintVideoFile } from "@recourse/fingerprint/node";
import type { Benchmarks, Figure } from "./figure.ts";

const folder = join(import.meta.dirname, "../../fixtures/videos");
const runProgram = promisify(execFile);

export interface Transform {
  readonly name: string;
  /** ffmpeg's filters, and how the copy is encoded if not as most are. */
  readonly filters: string;
  readonly encode?: readonly string[];
  /** By how much the copy plays faster. */
  readonly speed?: number;
}

const ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p"];
const LOW = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "40", "-pix_fmt", "yuv420p"];
const even = "scale=trunc(iw/2)*2:trunc(ih/2)*2";
const speedOf = (speed: number): Transform => ({
  name: `speed${String(Math.round(speed * 100)).padStart(3, "0")}`,
  filters: `setpts=PTS/${speed},fps=30`,
  speed,
});

export const TRANSFORMS: readonly Transform[] = [
  { name: "trim", filters: "null" },
  { name: "low_bitrate", filters: "null", encode: LOW },
  { name: "resize", filters: `scale=iw/2:ih/2,${even}` },
  { name: "crop3", filters: `crop=iw*0.97:ih*0.97,${even}` },
  { name: "crop10", filters: `crop=iw*0.9:ih*0.9,${even}` },
  speedOf(0.9),
  speedOf(1.1),
  speedOf(1.25),
  // A phone's screen: bars above and below, a clock's place in the upper one, another rate of frames.
  {
    name: "screen_recording",
    filters: `scale=540:-2,pad=540:max(1170\\,ih+4):0:(oh-ih)/2:color=black,drawbox=x=30:y=20:w=60:h=16:color=white:t=fill,fps=24,${even}`,
  },
  { name: "letterbox", filters: `pad=iw:ih*1.3:0:(oh-ih)/2:color=black,${even}` },
  { name: "mirrored", filters: "hflip" },
  { name: "frame_rate", filters: "fps=15" },
  { name: "brighter", filters: "eq=brightness=0.08:contrast=1.15:saturation=1.3" },
  {
    name: "picture_in_picture",
    filters: `scale=iw/2:ih/2,pad=iw*2:ih*2:iw*0.9:ih*0.9:color=gray,noise=alls=12:allf=t,${even}`,
  },
];

export interface VideoRecall {
  readonly transform: string;
  readonly windows: number;
  readonly found: number;
  /** Of these, by frames; the others by patches of key frames. */
  readonly byFrames: number;
  /** Found by plain vPDQ. */
  readonly peerFound: number;
  /** Other videos, that show nothing of the same, each of which was asked about. */
  readonly asked: number;
  /** Those of them that one of the windows was taken for. */
  readonly wrong: number;
}

const WINDOW_SEC = 2;
/** Where windows begin, as shares of what is left: not on whole seconds of the known video. */
const STARTS = [0.07, 0.38, 0.81];

/** Videos in which the same photograph is shown: what matches between them is no mistake (fixtures/videos/README.md). */
const SHARING: readonly (readonly [string, string])[] = [
  ["desk.mkv", "harbour.mp4"],
  ["hike.mp4", "kitchen.webm"],
  ["kitchen.webm", "portrait-turned.mp4"],
];
const isDifferent = (one: string, other: string): boolean =>
  one !== other && !SHARING.some((pair) => pair.includes(one) && pair.includes(other));

/** A busy machine is no hostile file: what is measured here is what is found, not how fast. */
const PATIENT = { timeoutMs: 600_000, stallMs: 300_000 };

async function fingerprintOf(path: string, purpose: VideoPurpose): Promise<VideoFingerprint> {
  const outcome = await fingerprintVideoFile(path, { purpose, stronger: true, limits: PATIENT });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.fingerprint;
}

function plainVpdqMatches(known: VideoFingerprint, query: VideoFingerprint): boolean {
  const list = (video: VideoFingerprint) => [
    ...new Map(
      everySecond(video.frames)
        .filter(({ quality }) => quality >= 50)
        .map((frame) => [frame.pdq, { timestampSec: 0, pdq: frame.pdq, quality: frame.quality }]),
    ).values(),
  ];
  const bank = list(known);
  const asked = list(query);
  // One frame against the bank is what compareVideos calls a still that fills the query.
  const hits = asked.filter((frame) => compareVideos(bank, [frame]).match);
  return asked.length > 0 && hits.length / asked.length >= 0.8;
}

interface Known {
  readonly name: string;
  readonly video: VideoFingerprint;
}

async function readKnown(): Promise<readonly Known[]> {
  const names = (await readdir(folder)).filter((name) => /\.(mp4|mov|webm|mkv)$/.test(name));
  const known: Known[] = [];
  for (const name of names.toSorted()) known.push({ name, video: await fingerprintOf(join(folder, name), "bank") });
  return known;
}

let knownVideos: Promise<readonly Known[]> | undefined;
/** All transforms of one process are asked of the same bank. */
const sharedKnown = (): Promise<readonly Known[]> => (knownVideos ??= readKnown());

/** Two-second pieces at once: one is encoded by ffmpeg while another is hashed here. */
const AT_ONCE = 2;

/** Measures the fixtures' videos under one transform. */
async function measureTransform({ name, filters, encode = ENCODE, speed = 1 }: Transform): Promise<VideoRecall> {
  const known = await sharedKnown();
  const pieces = known.flatMap((source) => STARTS.map((share) => ({ source, share })));
  const work = await mkdtemp(join(tmpdir(), "recourse-bench-"));
  const result = { transform: name, windows: 0, found: 0, byFrames: 0, peerFound: 0, asked: 0, wrong: 0 };
  const tryPiece = async ({ source, share }: (typeof pieces)[number], copy: string): Promise<void> => {
    const lastStart = source.video.durationSec - WINDOW_SEC * speed;
    const piece = ["-ss", String(share * lastStart), "-t", String(WINDOW_SEC * speed)];
    const output = ["-an", "-vf", filters, ...encode, copy];
    await runProgram("ffmpeg", ["-v", "error", "-y", ...piece, "-i", join(folder, source.name), ...output]);
    const query = await fingerprintOf(copy, "query");
    const outcome = compareVideoFingerprints(source.video, query);
    result.windows++;
    if (outcome.match) result.found++;
    if (outcome.match && outcome.by === "vpdq") result.byFrames++;
    if (plainVpdqMatches(source.video, query)) result.peerFound++;
    const others = known.filter(({ name: other }) => isDifferent(source.name, other));
    result.asked += others.length;
    result.wrong += others.filter((other) => compareVideoFingerprints(other.video, query).match).length;
  };
  try {
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_unused, lane) => {
        for (let piece = pieces[next++]; piece !== undefined; piece = pieces[next++]) {
          await tryPiece(piece, join(work, `copy${lane}.mp4`));
        }
      }),
    );
    return result;
  } finally {
    await rm(work, { recursive: true });
  }
}

async function recall(transform: Transform): Promise<readonly Figure[]> {
  const { windows: n, found, byFrames, peerFound, asked, wrong } = await measureTransform(transform);
  const figure = (what: string): string => `robust.video.${transform.name}.${what}`;
  const peer = "plain vPDQ, 1 a second, 80 % of the query";
  return [
    { figure: figure("recall"), value: found / n, unit: "share", n, peer, peerValue: peerFound / n },
    { figure: figure("recall_by_frames"), value: byFrames / n, unit: "share", n },
    { figure: figure("wrong"), value: wrong, unit: "matches", n: asked },
  ];
}

export const figures: Benchmarks = Object.fromEntries(
  TRANSFORMS.map((transform) => [`robust.video.${transform.name}.`, () => recall(transform)]),
);
