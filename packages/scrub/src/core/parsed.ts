/** What each format's parser answers: one reading, from which come both the report and the clean file. */
import type { Source } from "../source.ts";
import type { StripOptions } from "../types.ts";
import type { Findings } from "./findings.ts";
import type { Refused } from "./refuse.ts";
import type { Scanned } from "./scanned.ts";
import type { Output } from "./pieces.ts";

export interface Parsed {
  readonly findings: Findings;
  readonly trailingBytes: number;
  /** The file rebuilt from what is on the allow-list. */
  readonly output: Output;
  /** What was kept beside the coded picture: "colour profile", "orientation". */
  readonly kept: readonly string[];
  /** Why it is not cleaned, of what can only be looked into; then there is no output. */
  readonly refusal?: Refused;
}

export interface Options extends Pick<StripOptions, "signal" | "keepGainMap"> {
  /** How many files this one lies within. */
  readonly depth?: number;
}

/** Reads a file once; adds to `scanned` what it need not go through again. Throws Refused for what is damaged, doubtful or not supported. */
export type Parser = (source: Source, options: Options, scanned?: Scanned) => Promise<Parsed>;
