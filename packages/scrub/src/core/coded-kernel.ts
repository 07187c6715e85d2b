/** Loads the WebAssembly kernel for coded data (kernel/coded.ts): compiled once a thread. */
import { KERNEL_BASE64 } from "./coded-kernel.generated.ts";

// What this file needs of the platform; tier 0 compiles without the platform's own types.
declare function atob(base64: string): string;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Contract of the kernel's exports; the other side is kernel/coded.ts. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  dataAt(): number;
  capacity(): number;
  /** Index of the first byte of a marker in the data, or -1. */
  readonly findMarker: (length: number) => number;
  /** Whether text stands in what was carried over and the first `length` bytes of the data. */
  readonly holdsText: (carried: number, length: number) => boolean | number;
}

export interface CodedKernel extends Pick<Exports, "findMarker" | "holdsText"> {
  /** All of its memory; it never grows. Nobody owns what is in it: whoever writes reads before anybody else can. */
  readonly bytes: Uint8Array;
  readonly dataAt: number;
  readonly capacity: number;
}

let kernel: CodedKernel | null | undefined;

/** Null where there is no WebAssembly with SIMD, as in browsers that are locked down. */
export const codedKernel = (): CodedKernel | null => {
  if (kernel !== undefined) return kernel;
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0)));
    // The cast states the kernel's contract, which WebAssembly can't express as a type.
    const exports = new WebAssembly.Instance(module).exports as Exports;
    kernel = {
      bytes: new Uint8Array(exports.memory.buffer),
      dataAt: exports.dataAt(),
      capacity: exports.capacity(),
      findMarker: exports.findMarker,
      holdsText: exports.holdsText,
    };
  } catch {
    kernel = null;
  }
  return kernel;
};
