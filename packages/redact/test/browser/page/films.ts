/** Films made and looked at by the browser itself, so that tests of videos need nothing else. */
import {
  ALL_FORMATS,
  AudioSample,
  AudioSampleSource,
  BlobSource,
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Input,
  Mp4OutputFormat,
  Output,
  VideoSampleSink,
  WebMOutputFormat,
} from "mediabunny";
import type { FilmPlan } from "../film-plan.ts";

const SAMPLE_RATE = 48_000;

/** A still, coarse ground of many colours, and a square of bright noise that moves over it. H.264 or VP9 in MP4, or VP8 in WebM. */
export async function makeFilm(plan: FilmPlan): Promise<Blob> {
  const { container, width, height, framesPerSec, seconds, startSec = 0, seed, side, top, left, sound } = plan;
  const codec = (await getFirstEncodableVideoCodec(container === "webm" ? ["vp8"] : ["avc", "vp9"], {
    width,
    height,
  }))!;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  const format = container === "webm" ? new WebMOutputFormat() : new Mp4OutputFormat();
  const output = new Output({ format, target: new BufferTarget() });
  const pictures = new CanvasSource(canvas, { codec, bitrate: 12_000_000 });
  output.addVideoTrack(pictures, { frameRate: framesPerSec });
  const voices = new AudioSampleSource({ codec: "opus", bitrate: 64_000 });
  if (sound) output.addAudioTrack(voices);
  await output.start();
  if (sound) {
    const data = Float32Array.from(
      { length: seconds * SAMPLE_RATE },
      (_, at) => Math.sin((at * 440 * 6.283) / SAMPLE_RATE) / 3,
    );
    const wave = new AudioSample({
      data,
      format: "f32",
      numberOfChannels: 1,
      sampleRate: SAMPLE_RATE,
      timestamp: startSec,
    });
    await voices.add(wave);
    wave.close();
  }
  const picture =
    plan.picture === undefined
      ? undefined
      : await createImageBitmap(new Blob([Uint8Array.from(atob(plan.picture), (letter) => letter.charCodeAt(0))]));
  for (let frame = 0; frame < seconds * framesPerSec; frame++) {
    const timeSec = frame / framesPerSec;
    for (let y = 0; y < height; y += 20) {
      for (let x = 0; x < width; x += 20) {
        const value = 90 + ((x * 7 + y * 13 + x * y) % 110);
        context.fillStyle = `rgb(${value}, ${200 - (value >> 1)}, ${60 + (value >> 1)})`;
        context.fillRect(x, y, 20, 20);
      }
    }
    const cell = side / 8;
    if (picture !== undefined) {
      const at = left.from + left.perSec * timeSec;
      context.drawImage(picture, at, top, side, (side * picture.height) / picture.width);
    }
    for (let row = 0; row < (picture === undefined ? 8 : 0); row++) {
      for (let column = 0; column < 8; column++) {
        const value = 120 + ((column * 37 * seed + row * 91 + column * row * seed * 17) % 136);
        context.fillStyle = `rgb(${value}, ${value}, ${value})`;
        context.fillRect(left.from + left.perSec * timeSec + column * cell, top + row * cell, cell, cell);
      }
    }
    await pictures.add(startSec + timeSec, 1 / framesPerSec);
  }
  await output.finalize();
  return new Blob([output.target.buffer!], { type: `video/${container}` });
}

export interface SeenFilm {
  readonly width: number;
  readonly height: number;
  readonly hasSound: boolean;
  /** Brightness of each frame, one byte a pixel. */
  readonly frames: readonly { readonly timeSec: number; readonly luma: Uint8Array }[];
}

/** Every frame of a film, decoded. */
export async function seeFilm(film: Blob): Promise<SeenFilm> {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(film) });
  const track = (await input.getPrimaryVideoTrack())!;
  const [width, height] = [track.displayWidth, track.displayHeight];
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  const frames: { timeSec: number; luma: Uint8Array }[] = [];
  for await (const sample of new VideoSampleSink(track).samples()) {
    sample.draw(context, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    // ITU-R BT.601, in eighths of 256.
    const luma = Uint8Array.from(
      { length: width * height },
      (_, at) => (77 * data[at * 4]! + 150 * data[at * 4 + 1]! + 29 * data[at * 4 + 2]!) >> 8,
    );
    frames.push({ timeSec: sample.timestamp, luma });
    sample.close();
  }
  return { width, height, hasSound: (await input.getPrimaryAudioTrack()) !== null, frames };
}
