/** Loads the WebAssembly kernel of the column scan (kernel/column.ts): compiled once a thread. */
import { MatchError } from "../errors.ts";
import { KERNEL_BASE64 } from "./kernel.generated.ts";

// What this file needs of the platform; tier 0 compiles without the platform's own types.
declare function atob(base64: string): string;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Contract of the kernel's exports; the other side is kernel/column.ts. Addresses are byte offsets in `memory`. */
export interface ColumnKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  begin(rowLimit: number, queryLimit: number, isSieve: boolean, hitLimit: number): number;
  firstAt(): number;
  restAt(): number;
  queriesAt(): number;
  groupsAt(): number;
  hitsAt(): number;
  hitCount(): number;
  forget(): void;
  build(queries: number, chunks: number, radiusBits: number): number;
  compare(rows: number, from: number, queries: number, radiusBits: number, isWhole: boolean): number;
  sieve(rows: number, chunks: number): number;
}

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

/** A fresh instance; null where there is no WebAssembly. Throws MatchError `memory_full`. */
export const createColumnKernel = (): ColumnKernel | null => {
  const module = compile();
  if (module === null) return null;
  try {
    // The cast states the kernel's contract, which WebAssembly can't express as a type.
    return new WebAssembly.Instance(module, {}).exports as ColumnKernel;
  } catch {
    throw new MatchError("memory_full");
  }
};
