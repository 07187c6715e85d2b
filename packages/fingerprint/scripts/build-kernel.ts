/** The kernels of this package: `npm run build:kernel --workspace @recourse/fingerprint` writes them, a test compares them. */
import { join } from "node:path";
import { type Kernel, ownMemory, writeKernels } from "../../../tools/kernel.ts";

const packageDir = join(import.meta.dirname, "..");

export const KERNELS: readonly Kernel[] = [
  { packageDir, source: "kernel/pdq.ts", output: "src/core/kernel.generated.ts", variants: ownMemory(2) },
  { packageDir, source: "kernel/local.ts", output: "src/local/kernel.generated.ts", variants: ownMemory(2) },
];

if (import.meta.main) writeKernels(KERNELS);
