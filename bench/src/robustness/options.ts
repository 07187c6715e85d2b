/** What a run is asked for, besides the names of figures. */
import { parseArgs } from "node:util";

export interface RobustnessOptions {
  /** Few photographs and transforms, for a machine that builds: under two minutes. Writes no files. */
  readonly quick: boolean;
  /** A folder of pictures, no two of which show the same: false positives are counted over all its pairs as well. */
  readonly photographs?: string;
  /** A folder in which a run that is ended leaves what it made, for the next to go on from. */
  readonly keep?: string;
}

export function readOptions(args: readonly string[]): RobustnessOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { quick: { type: "boolean" }, photographs: { type: "string" }, keep: { type: "string" } },
  });
  return {
    quick: values.quick === true,
    ...(typeof values.photographs === "string" ? { photographs: values.photographs } : {}),
    ...(typeof values.keep === "string" ? { keep: values.keep } : {}),
  };
}
