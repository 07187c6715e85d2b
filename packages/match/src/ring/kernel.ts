/** Loads the WebAssembly kernel (kernel/ring.ts): compiled once a thread, an instance with its own memory a segment. */
import { MatchError } from "../errors.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";

// What this file needs of the platform; tier 0 compiles without the platform's own types.
declare function atob(base64: string): string;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Contract of the kernel's exports; the other side is kernel/ring.ts. Addresses are byte offsets in `memory`. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  begin(rowLimit: number, tableBits: number): number;
  queriesAt(): number;
  rowsAt(): number;
  idsAt(): number;
  deadAt(): number;
  hitsAt(): number;
  frontAt(): number;
  setCount(rowCount: number): void;
  build(budget: number): number;
  ask(radiusBits: number): number;
  askMany(queries: number, radiusBits: number): number;
  scan(queries: number, radiusBits: number, from: number, hitsOfRow: number): number;
  hitCount(): number;
  holds(id: number): number;
  removeId(id: number): number;
  countOf(id: number, before: number): number;
  permute(table: number, source: number, target: number, rowCount: number): void;
}

/** Queries the kernel takes at once. */
export const MAX_QUERIES = 512;
/** What the ring's buckets can promise; beyond it rows are scanned. */
export const MAX_RING_RADIUS_BITS = 31;
/** The query number of a summary of a row, in a scan. */
export const SUMMARY_QUERY = 0xffff;

let compiled: object | null | undefined;

const compile = (): object | null => {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0)));
  } catch {
    compiled = null;
  }
  return compiled;
};

/** True where WebAssembly with SIMD exists and is allowed. */
export const kernelAvailable = (): boolean => compile() !== null;

/** A fresh instance. Throws MatchError `memory_full` when the machine has no room for its memory. */
export const createKernel = (): Kernel => {
  const module = compile();
  if (module === null) throw new TypeError("the kernel needs WebAssembly with SIMD");
  try {
    // The cast states the kernel's contract, which WebAssembly can't express as a type.
    return new WebAssembly.Instance(module, {}).exports as Kernel;
  } catch {
    throw new MatchError("memory_full");
  }
};
