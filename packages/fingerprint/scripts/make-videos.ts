/**
 * Makes fixtures/videos from fixtures/photographs with the system's FFmpeg: camera moves over photographs, a thing that
 * moves through the picture, sensor noise, changing light and cuts. The results are committed; other versions of FFmpeg
 * write other bytes, so nothing compares them. The first argument is the file Big Buck Bunny is made from; a second one the only video to make.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const photographs = join(root, "fixtures/photographs");
const folder = join(root, "fixtures/videos");

type Motion = "pan" | "tilt" | "zoom" | "out" | "hand" | "whip" | "still";
interface Shot {
  readonly photograph: string;
  readonly motion: Motion;
  readonly seconds: number;
  /** A photograph that moves through the picture as a small thing. */
  readonly thing?: string;
}
interface Video {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly rate: number;
  readonly shots: readonly Shot[];
  readonly encode: readonly string[];
  /** Frames at uneven times. */
  readonly uneven?: boolean;
  /** Stored lying down, with the flag that says to turn it by a quarter. */
  readonly turned?: boolean;
}

const shot = (photograph: string, motion: Motion, seconds: number, thing?: string): Shot => ({
  photograph,
  motion,
  seconds,
  ...(thing === undefined ? {} : { thing }),
});
const h264 = ["-c:v", "libx264", "-preset", "slow", "-crf", "30", "-pix_fmt", "yuv420p"];
const h265 = [
  "-c:v",
  "libx265",
  "-preset",
  "medium",
  "-crf",
  "32",
  "-tag:v",
  "hvc1",
  "-x265-params",
  "log-level=error",
];
const vp8 = ["-c:v", "libvpx", "-b:v", "300k", "-crf", "30"];
const vp9 = ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "42"];
const av1 = ["-c:v", "libsvtav1", "-preset", "8", "-crf", "45"];

const VIDEOS: readonly Video[] = [
  {
    name: "hike.mp4",
    width: 640,
    height: 360,
    rate: 30,
    shots: [
      shot("autumn-mountain", "pan", 3, "cups"),
      shot("mountain-trail", "hand", 3),
      shot("forest-stream", "zoom", 3),
    ],
    encode: [...h264, "-movflags", "+faststart"],
  },
  {
    name: "harbour.mp4",
    width: 640,
    height: 360,
    rate: 25,
    shots: [shot("rowing-boats", "tilt", 4), shot("wooden-jetty", "pan", 4, "clock")],
    encode: h265,
  },
  {
    name: "portrait-turned.mp4",
    width: 480,
    height: 270,
    rate: 30,
    shots: [shot("bird-lamp", "hand", 4), shot("fig", "zoom", 4)],
    encode: h264,
    turned: true,
  },
  {
    name: "garden.mov",
    width: 480,
    height: 360,
    rate: 30,
    shots: [shot("dragonfly", "hand", 3), shot("dandelions", "pan", 3), shot("bridge-cables", "out", 3)],
    encode: h264,
  },
  {
    name: "kitchen.webm",
    width: 480,
    height: 270,
    rate: 24,
    shots: [shot("cups", "pan", 4, "fig"), shot("drum-and-wine", "hand", 4)],
    encode: vp8,
  },
  {
    name: "road.webm",
    width: 640,
    height: 360,
    rate: 30,
    shots: [shot("storm-road", "zoom", 4), shot("facade", "pan", 4)],
    encode: vp9,
  },
  {
    name: "evening.webm",
    width: 640,
    height: 360,
    rate: 24,
    shots: [shot("lake-at-dusk", "pan", 4, "kite"), shot("kite", "out", 4)],
    encode: av1,
  },
  {
    name: "walk-uneven.mkv",
    width: 480,
    height: 360,
    rate: 30,
    shots: [shot("forest-path", "hand", 3), shot("two-dogs", "whip", 3), shot("sunrise-viewpoint", "pan", 3)],
    encode: h264,
    uneven: true,
  },
  {
    name: "desk.mkv",
    width: 360,
    height: 480,
    rate: 15,
    shots: [shot("paint-brushes", "tilt", 4), shot("clock", "hand", 4, "marigold")],
    encode: vp9,
  },
  {
    name: "macro.mp4",
    width: 320,
    height: 240,
    rate: 30,
    shots: [shot("ladybird", "hand", 3), shot("leaf-veins", "whip", 2), shot("rain-drops", "zoom", 3)],
    encode: [...h264, "-profile:v", "baseline"],
  },
  {
    name: "still.mp4",
    width: 480,
    height: 270,
    rate: 25,
    shots: [shot("pier-in-fog", "still", 6)],
    encode: h264,
  },
];

/** How a camera looks at a photograph that is `wide` times the output: a crop that changes with time `t`. */
function camera(motion: Motion, width: number, height: number, seconds: number): string {
  const at = (x: string, y: string): string => `crop=${width}:${height}:x='(iw-ow)*(${x})':y='(ih-oh)*(${y})'`;
  const along = `t/${seconds}`;
  // Not harmonic with each other, as hands aren't.
  const shake = (rate: number): string => `0.5+0.22*sin(${rate}*t)+0.06*sin(${rate * 3.7}*t)`;
  switch (motion) {
    case "pan":
      return at(`0.05+0.8*${along}`, "0.5+0.05*sin(2*t)");
    case "tilt":
      return at("0.5+0.05*sin(2.3*t)", `0.9-0.8*${along}`);
    case "whip":
      return at(`0.5+0.48*sin(4*t)`, "0.5+0.1*sin(5*t)");
    case "hand":
      return at(shake(1.3), shake(1.7));
    case "still":
      return at("0.5", "0.5");
    case "zoom":
      return `scale=w='iw*(1+0.5*${along})':h=-2:eval=frame,${at("0.5", "0.5")}`;
    case "out":
      return `scale=w='iw*(1.5-0.5*${along})':h=-2:eval=frame,${at("0.5", "0.45")}`;
  }
}

function make({ name, width, height, rate, shots, encode, uneven, turned }: Video): void {
  const inputs: string[] = [];
  const graph: string[] = [];
  const labels: string[] = [];
  const input = (photograph: string, seconds: number): number => {
    inputs.push("-loop", "1", "-framerate", String(rate), "-t", String(seconds));
    inputs.push("-i", join(photographs, `${photograph}.jpg`));
    return inputs.filter((each) => each === "-i").length - 1;
  };
  for (const [i, { photograph, motion, seconds, thing }] of shots.entries()) {
    const cover = `scale=${Math.round(width * 1.5)}:${Math.round(height * 1.5)}:force_original_aspect_ratio=increase`;
    const seen = `${cover},${camera(motion, width, height, seconds)},setsar=1`;
    const from = input(photograph, seconds);
    if (thing === undefined) {
      graph.push(`[${from}:v]${seen}[shot${i}]`);
    } else {
      const small = input(thing, seconds);
      graph.push(`[${from}:v]${seen}[back${i}]`, `[${small}:v]scale=${Math.round(width / 4)}:-2[thing${i}]`);
      graph.push(`[back${i}][thing${i}]overlay=x='W*(t/${seconds})-w/2':y='H*(0.4+0.2*sin(2*t))':shortest=1[shot${i}]`);
    }
    labels.push(`[shot${i}]`);
  }
  const light = "eq=eval=frame:brightness='0.03*sin(1.1*t)',noise=alls=4:allf=t:all_seed=7";
  // Every fifth frame is missing and the others are not evenly spaced, as a phone in low light does it.
  const times = uneven ? `,select='mod(n,5)',setpts='PTS+0.008*sin(N*1.7)/TB'` : "";
  graph.push(`${labels.join("")}concat=n=${shots.length}:v=1,${light}${times},format=yuv420p[all]`);
  run([
    ...inputs,
    "-filter_complex",
    graph.join(";"),
    "-map",
    "[all]",
    "-fps_mode",
    uneven ? "vfr" : "cfr",
    ...(uneven ? ["-enc_time_base", "1:1000"] : ["-r", String(rate)]),
    "-g",
    String(rate * 4),
    ...encode,
    join(folder, name),
  ]);
  if (turned) {
    const upright = join(folder, `upright-${name}`);
    renameSync(join(folder, name), upright);
    // The flag is metadata of the stream, which a first encoding drops with all other metadata.
    const flag = ["-c", "copy", "-fflags", "+bitexact", "-map_metadata", "-1", "-metadata:s:v", "rotate=90"];
    execFileSync("ffmpeg", ["-v", "error", "-y", "-i", upright, ...flag, join(folder, name)], { stdio: "inherit" });
    rmSync(upright);
  }
}

/** Output options stand before the output, which is the last. */
function run(args: readonly string[]): void {
  const always = ["-v", "error", "-y", "-fflags", "+bitexact", "-map_metadata", "-1", "-threads", "1"];
  execFileSync("ffmpeg", ["-v", "error", ...args.slice(0, -1), ...always, ...args.slice(-1)], { stdio: "inherit" });
}

mkdirSync(folder, { recursive: true });
const [bunny, only] = process.argv.slice(2);
for (const video of VIDEOS) if (only === undefined || only === video.name) make(video);
if (bunny !== undefined) {
  run(["-i", bunny, "-an", "-vf", "scale=640:360", ...h264, join(folder, "big-buck-bunny.mp4")]);
}
