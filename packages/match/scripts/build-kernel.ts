/** The kernels of this package: `npm run build:kernel --workspace @recourse/match` writes them, a test compares them. */
import { join } from "node:path";
import { type Kernel, ownMemory, writeKernels } from "../../../tools/kernel.ts";

const packageDir = join(import.meta.dirname, "..");
// The same code twice: the kind of memory is part of a module's type.
const GIVEN_MEMORY = {
  KERNEL_BASE64: ["--importMemory", "--maximumMemory=65536"],
  SHARED_KERNEL_BASE64: ["--importMemory", "--maximumMemory=65536", "--sharedMemory", "--enable=threads"],
};

export const RING: Kernel = {
  packageDir,
  source: "kernel/ring.ts",
  output: "src/ring/kernel.generated.ts",
  variants: GIVEN_MEMORY,
};

export const COLUMN: Kernel = {
  packageDir,
  source: "kernel/column.ts",
  output: "src/column/kernel.generated.ts",
  variants: ownMemory(1),
};

if (import.meta.main) writeKernels([RING, COLUMN]);
