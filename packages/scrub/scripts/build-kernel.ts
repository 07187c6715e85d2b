/** The kernel of this package: `npm run build:kernel --workspace @recourse/scrub` writes it, a test compares it. */
import { join } from "node:path";
import { type Kernel, ownMemory, writeKernels } from "../../../tools/kernel.ts";

const packageDir = join(import.meta.dirname, "..");

export const KERNEL: Kernel = {
  packageDir,
  source: "kernel/coded.ts",
  output: "src/core/coded-kernel.generated.ts",
  variants: ownMemory(2),
};

if (import.meta.main) writeKernels([KERNEL]);
