/** What the test page draws when it is asked for a picture with writing. */
import type { Point } from "../../src/types.ts";

export interface WritingPlan {
  /** On a plate or page of one colour, as a chat on a screen, or right over the picture. */
  readonly kind: "plate" | "page" | "screen" | "over";
  readonly script: string;
  readonly ink: string;
  readonly ground: string;
  /** WOFF2, as base64. */
  readonly font: string;
  /** JPEG, as base64. */
  readonly photograph: string;
  readonly lines: readonly string[];
  readonly sizePx: number;
  /** In radians. */
  readonly turn: number;
  /** Where the first line is, as a share of the picture's height. */
  readonly down: number;
}

export interface DrawnWriting {
  /** As base64. */
  readonly jpeg: string;
  /** Of each line, one after the other. */
  readonly corners: readonly (readonly Point[])[];
}
