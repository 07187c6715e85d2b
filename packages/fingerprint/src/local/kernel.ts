/** Loads and drives the kernel of the local hashes (kernel/local.ts). One instance a thread, made at the first use. */
import { PATCH_SAMPLES, TAPS } from "./numbers.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";

// What this file needs of the platform; tier 0 compiles without the platform's own types.
declare function atob(base64: string): string;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Contract of the kernel's exports. Addresses are byte offsets in `memory`. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  matrix(): number;
  taps(): number;
  prepare(): void;
  begin(width: number, height: number): number;
  find(limit: number, stretched: number, spread: number): number;
  features(): number;
}

/** A key point's patch. Lengths in pixels of the searched picture (longest side 512). */
export interface Feature {
  readonly x: number;
  readonly y: number;
  readonly sigma: number;
  /** Largest part of the patch's samples, 0 to 1, that lie in four whole levels next to one another. */
  readonly evenness: number;
  /** Between the darkest and the lightest sample, 0 to 255. */
  readonly span: number;
  /** 1, or the width the picture was made to have for this hash. */
  readonly stretch: number;
  /** 64 lower-case hex digits. */
  readonly hash: string;
  /** The hash of the same patch in the mirrored picture. */
  readonly twin: string;
}

const FEATURE_BYTES = 96;
const TAP_ROW = 16;
const DCT_ROWS = 16;

let instance: Kernel | null | undefined;

function kernel(): Kernel | null {
  if (instance !== undefined) return instance;
  try {
    const bytes = Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0));
    // The cast states the kernel's contract, which WebAssembly can't express as a type.
    const made = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports as Kernel;
    const matrix = new Float32Array(made.memory.buffer, made.matrix(), DCT_ROWS * PATCH_SAMPLES);
    for (let i = 0; i < DCT_ROWS; i++) {
      for (let j = 0; j < PATCH_SAMPLES; j++) {
        const angle = ((i + 1) * (2 * j + 1) * Math.PI) / (2 * PATCH_SAMPLES);
        matrix[i * PATCH_SAMPLES + j] = Math.sqrt(2 / PATCH_SAMPLES) * Math.cos(angle);
      }
    }
    const taps = new Float32Array(made.memory.buffer, made.taps(), TAPS.length * TAP_ROW);
    for (const [row, values] of TAPS.entries()) taps.set(values, row * TAP_ROW);
    made.prepare();
    instance = made;
  } catch {
    instance = null;
  }
  return instance;
}

/** True if local hashes can be made on this platform: it has WebAssembly with SIMD. */
export const localAvailable = (): boolean => kernel() !== null;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array, start: number): string {
  let hex = "";
  for (let at = start; at < start + 32; at++) hex += HEX[bytes[at]!]!;
  return hex;
}

/**
 * Features of an RGB picture whose sides are at most 512, strongest key point first: of `limit` key points at most, of
 * which the first `stretched` also have the hashes they would have in a narrower and a wider picture. With `spread` the
 * weaker half of the key points is taken from all over the picture, not by strength alone. Null where there is no kernel. Work and memory (21 MB) are bounded whatever the picture.
 */
export function findFeatures(
  rgb: Uint8Array,
  width: number,
  height: number,
  limit: number,
  stretched: number,
  spread = false,
): Feature[] | null {
  if (rgb.length !== width * height * 3) throw new RangeError("rgb: expected width * height * 3 bytes");
  const wasm = kernel();
  if (wasm === null) return null;
  const at = wasm.begin(width, height);
  if (at === 0) throw new RangeError("width, height: expected 1 to 512");
  new Uint8Array(wasm.memory.buffer, at, rgb.length).set(rgb);
  const count = wasm.find(limit, stretched, spread ? 1 : 0);
  const start = wasm.features();
  const bytes = new Uint8Array(wasm.memory.buffer, start, count * FEATURE_BYTES);
  return Array.from({ length: count }, (_, i) => {
    const numbers = new Float32Array(wasm.memory.buffer, start + i * FEATURE_BYTES, 8);
    return {
      x: numbers[0]!,
      y: numbers[1]!,
      sigma: numbers[2]!,
      evenness: numbers[5]!,
      span: numbers[6]!,
      stretch: numbers[7]!,
      hash: hexOf(bytes, i * FEATURE_BYTES + 32),
      twin: hexOf(bytes, i * FEATURE_BYTES + 64),
    };
  });
}
