/** Loads and drives the WebAssembly kernel (kernel/pdq.ts). One instance a thread, made at the first use and kept. */
import { DCT_MATRIX } from "./dct.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";
import type { Pixels, Spectrum } from "./spectrum.ts";

// What this file needs of the platform; tier 0 compiles without the platform's own types.
declare function atob(base64: string): string;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Contract of the kernel's exports; the other side is kernel/pdq.ts. Addresses are byte offsets in `memory`. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  matrix(): number;
  prepare(): void;
  begin(width: number, height: number, channels: number, chunkRows: number): number;
  push(rows: number): void;
  finish(): number;
}

/** Pixels handed over at once: enough to make calls cheap, little enough to stay in the processor's cache. */
const CHUNK_BYTES = 128 * 1024;

let instance: Kernel | null | undefined;

/** The kernel, or null where WebAssembly or its SIMD is missing or forbidden. */
function kernel(): Kernel | null {
  if (instance !== undefined) return instance;
  try {
    const binary = atob(KERNEL_BASE64);
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    // The cast states the kernel's contract, which WebAssembly can't express as a type.
    const made = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports as Kernel;
    new Float32Array(made.memory.buffer, made.matrix(), DCT_MATRIX.length).set(DCT_MATRIX);
    made.prepare();
    instance = made;
  } catch {
    instance = null;
  }
  return instance;
}

/** True if the kernel can be used on this platform. */
export const kernelAvailable = (): boolean => kernel() !== null;

/**
 * The picture's 16x16 DCT and quality, equal to `plainSpectrum` in every bit. Both sides must be at least 5.
 * Null if there is no kernel here, or if the picture needs more memory than the kernel takes (48 MiB; it needs about
 * 1/32 of a byte-sized picture's pixels, so this is reached past 1,000 megapixels). The kernel's memory is reused
 * from picture to picture and never exceeds that limit. The result's array is the caller's.
 */
export function kernelSpectrum({ data, width, height, channels }: Pixels): Spectrum | null {
  const wasm = kernel();
  if (wasm === null) return null;
  const rowBytes = width * channels;
  const chunkRows = Math.max(4, Math.min((height + 3) & ~3, Math.floor(CHUNK_BYTES / rowBytes) & ~3));
  const at = wasm.begin(width, height, channels, chunkRows);
  if (at === 0) return null;
  const chunk = new Uint8Array(wasm.memory.buffer, at, chunkRows * rowBytes);
  for (let row = 0; row < height; row += chunkRows) {
    const rows = Math.min(chunkRows, height - row);
    chunk.set(data.subarray(row * rowBytes, (row + rows) * rowBytes));
    wasm.push(rows);
  }
  const result = new Float32Array(wasm.memory.buffer, wasm.finish(), 257);
  return { coefficients: result.slice(0, 256), quality: result[256]! };
}
