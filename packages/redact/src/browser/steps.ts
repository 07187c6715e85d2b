/** What a network does one after the other, each tensor kept only as long as something needs it. */
import { type Tensor, tf } from "@vladmandic/face-api/dist/face-api.esm.js";

/** How a step names what it needs and makes; constants are not named, steps hold them themselves. */
export type Of<Name> = (name: Name) => Tensor;

export interface Step<Name> {
  readonly output: Name;
  /** What is computed or given, in any order; twice where it is needed twice. */
  readonly inputs: readonly Name[];
  readonly make: (of: Of<Name>) => Tensor;
}

interface Course<Name> {
  readonly steps: readonly Step<Name>[];
  /** What the input is called. */
  readonly given: Name;
  readonly wanted: readonly Name[];
}

/**
 * From the input to what is wanted, in that order. The input is disposed of; the answers are the caller's. `progress` is
 * called with 0 to 1 on the way. A step whose needs were not made before throws a RangeError.
 */
export function follow<Name>(
  { steps, given, wanted }: Course<Name>,
  input: Tensor,
  progress: (fraction: number) => void,
): readonly Tensor[] {
  const left = new Map<Name, number>();
  for (const name of [...wanted, ...steps.flatMap(({ inputs }) => inputs)]) left.set(name, (left.get(name) ?? 0) + 1);
  const made = new Map([[given, input]]);
  const of: Of<Name> = (name) => {
    const found = made.get(name);
    if (found === undefined) throw new RangeError("a step that comes too early");
    return found;
  };
  for (const [at, { output, inputs, make }] of steps.entries()) {
    if (at % 20 === 0) progress(at / steps.length);
    made.set(
      output,
      tf.tidy(() => make(of)),
    );
    for (const name of inputs) {
      const still = (left.get(name) ?? 0) - 1;
      left.set(name, still);
      if (still === 0) made.get(name)?.dispose();
    }
  }
  return wanted.map(of);
}
