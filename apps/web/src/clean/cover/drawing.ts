/** All that was marked in a picture, and the way back while it is edited. None of it is in the copy. */
import type { Redaction } from "@recourse/redact";
import { useCallback, useState } from "react";
import { regionOf, type Shape } from "./shape.ts";

export const FILLS = {
  black: { red: 0, green: 0, blue: 0 },
  grey: { red: 128, green: 128, blue: 128 },
  white: { red: 255, green: 255, blue: 255 },
} as const;
export type FillName = keyof typeof FILLS;

/** Hundredths of the picture that are cut off at each edge. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Drawing {
  readonly shapes: readonly Shape[];
  /** The marked parts stay, and everything else is covered. */
  readonly isRest: boolean;
  readonly fill: FillName;
  readonly edges: Edges;
}

const EMPTY: Drawing = {
  shapes: [],
  isRest: false,
  fill: "black",
  edges: { left: 0, top: 0, right: 0, bottom: 0 },
};

/** Steps that can be taken back. */
const MAX_STEPS = 200;

export interface Editing {
  readonly drawing: Drawing;
  /** A step that can be taken back. */
  set(next: Drawing): void;
  /** Goes on with the last step: a drag is one. */
  goOn(next: Drawing): void;
  undo(): void;
  readonly canUndo: boolean;
}

export const useDrawing = (): Editing => {
  const [steps, setSteps] = useState<readonly Drawing[]>([EMPTY]);
  const drawing = steps.at(-1) ?? EMPTY;
  const set = useCallback((next: Drawing) => setSteps((before) => [...before.slice(-MAX_STEPS), next]), []);
  const goOn = useCallback((next: Drawing) => setSteps((before) => [...before.slice(0, -1), next]), []);
  const undo = useCallback(() => setSteps((before) => (before.length > 1 ? before.slice(0, -1) : before)), []);
  return { drawing, set, goOn, undo, canUndo: steps.length > 1 };
};

/** Whether anything would be covered or cut off. */
export const doesSomething = ({ shapes, edges }: Drawing): boolean =>
  shapes.length > 0 || Object.values(edges).some((edge) => edge > 0);

export const redactionOf = ({ shapes, isRest, fill, edges }: Drawing, width: number, height: number): Redaction => {
  const regions = shapes.map(regionOf);
  const left = (edges.left * width) / 100;
  const top = (edges.top * height) / 100;
  return {
    // With nothing marked, everything else would be the whole picture.
    ...(isRest && regions.length > 0 ? { cover: [], keep: regions } : { cover: regions }),
    fill: FILLS[fill],
    crop: {
      x: left,
      y: top,
      width: width - left - (edges.right * width) / 100,
      height: height - top - (edges.bottom * height) / 100,
    },
  };
};
