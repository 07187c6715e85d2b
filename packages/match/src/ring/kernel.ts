/** Loads the WebAssembly kernel (kernel/ring.ts): compiled once a thread, an instance for each memory it works in. */
import { MatchError } from "../errors.ts";
import { KERNEL_BASE64, SHARED_KERNEL_BASE64 } from "./kernel.generated.ts";

// What this file needs of the platform; tier 0 compiles without the platform's own types.
declare function atob(base64: string): string;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => KernelMemory;
};
declare const SharedArrayBuffer: unknown;

/** What of WebAssembly.Memory is used here. One that is shared can be sent to other threads. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer | ArrayBufferLike;
}

/** Contract of the kernel's exports; the other side is kernel/ring.ts. Addresses are byte offsets in `memory`. */
export interface Kernel {
  /** Answers how many pages of memory the segment takes, 0 for more than there can be. */
  begin(rowLimit: number, tableBits: number, tableRadius: number, places: number, place: number): number;
  /** These answer signed numbers: to be asked through `addressesOf`. */
  queriesAt(): number;
  rowsAt(): number;
  idsAt(): number;
  deadAt(): number;
  hitsAt(): number;
  setCount(rowCount: number): void;
  build(budget: number): number;
  /** The last of what `build` does, for tables that were read from a snapshot; 1 when it is done. */
  layLines(budget: number): number;
  ask(radiusBits: number): number;
  askMany(queries: number, radiusBits: number): number;
  scan(queries: number, radiusBits: number, from: number, hitsOfRow: number): number;
  hitCount(): number;
  holds(id: number): number;
  removeId(id: number): number;
  countOf(id: number, before: number): number;
  offsetsAt(): number;
  sketchesAt(): number;
  slotsAt(): number;
  /** XXH64 of what lies there. */
  checksum(at: number, sizeBytes: number, seed: bigint): bigint;
  countDead(): number;
  isInOrder(): number;
  largestSlot(from: number, to: number): number;
  permute(table: number, source: number, target: number, rowCount: number): void;
}

/** Queries the kernel takes at once. */
export const MAX_QUERIES = 512;
/** What the ring's buckets can promise; beyond it rows are scanned. */
export const MAX_RING_RADIUS_BITS = 31;
/** The query number of a summary of a row, in a scan. */
export const SUMMARY_QUERY = 0xffff;

/** Where a segment's memory says how many rows other threads may see. */
export const PUBLISHED_COUNT_AT = 1020;

const compiled: { own?: object | null; shared?: object | null } = {};

const compile = (kind: "own" | "shared"): object | null => {
  const known = compiled[kind];
  if (known !== undefined) return known;
  const base64 = kind === "own" ? KERNEL_BASE64 : SHARED_KERNEL_BASE64;
  let module: object | null = null;
  try {
    module = new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    // No WebAssembly here, or none with SIMD, or a page's policy forbids it.
  }
  compiled[kind] = module;
  return module;
};

/** True where WebAssembly with SIMD exists and is allowed. */
export const kernelAvailable = (): boolean => compile("own") !== null;

/** True where threads can share memory; in a page only if it is isolated from others (COOP and COEP). */
export const sharingAvailable = (): boolean => typeof SharedArrayBuffer === "function" && compile("shared") !== null;

/** Memory of so many pages of 64 KiB. Throws MatchError `memory_full` when the machine has no room for it. */
export const createMemory = (pages: number, shared: boolean): KernelMemory => {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    throw new MatchError("memory_full");
  }
};

/** A fresh instance that works in this memory. Throws MatchError `memory_full` when there is no room for it. */
export const createKernel = (memory: KernelMemory): Kernel => {
  const isShared = !(memory.buffer instanceof ArrayBuffer);
  const module = compile(isShared ? "shared" : "own");
  if (module === null) throw new TypeError("the kernel needs WebAssembly with SIMD");
  try {
    // The cast states the kernel's contract, which WebAssembly can't express as a type.
    return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;
  } catch {
    throw new MatchError("memory_full");
  }
};

/** Where things lie in a segment's memory, in bytes. */
interface Addresses {
  readonly queries: number;
  readonly rows: number;
  readonly ids: number;
  readonly dead: number;
  readonly hits: number;
  readonly offsets: number;
  readonly sketches: number;
  readonly slots: number;
}

/** After `begin`. WebAssembly's numbers come out signed, so that what lies beyond 2 GiB would be negative. */
export const addressesOf = (kernel: Kernel): Addresses => ({
  queries: kernel.queriesAt() >>> 0,
  rows: kernel.rowsAt() >>> 0,
  ids: kernel.idsAt() >>> 0,
  dead: kernel.deadAt() >>> 0,
  hits: kernel.hitsAt() >>> 0,
  offsets: kernel.offsetsAt() >>> 0,
  sketches: kernel.sketchesAt() >>> 0,
  slots: kernel.slotsAt() >>> 0,
});

let planner: Kernel | undefined;

/** Pages a segment takes, 0 for more than there can be. */
export const pagesFor = (...sizes: Parameters<Kernel["begin"]>): number => {
  planner ??= createKernel(createMemory(1, false));
  return planner.begin(...sizes);
};
