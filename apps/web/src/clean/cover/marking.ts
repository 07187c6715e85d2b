/** Marking parts, the same in pictures and in the frames of videos: tools, what is chosen, what was suggested. */
import type { Point } from "@recourse/redact";
import { useRef, useState } from "react";
import { useText } from "../../messages/translate.tsx";
import type { Editing } from "./drawing.ts";
import { boundsOf, type Shape, type ShapeKind, shapeInMiddle } from "./shape.ts";

export type Tool = "select" | ShapeKind;
export const TOOLS = ["rectangle", "ellipse", "polygon", "stroke", "select"] as const satisfies readonly Tool[];

/** Thickness of a brush, as a part of the longer side. */
const BRUSHES = { thin: 0.012, medium: 0.03, thick: 0.07 } as const;
export type Brush = keyof typeof BRUSHES;

export interface Marking {
  readonly width: number;
  readonly height: number;
  readonly editing: Editing;
  readonly tool: Tool;
  /** An outline that is not closed yet goes with it. */
  chooseTool(tool: Tool): void;
  readonly brush: Brush;
  chooseBrush(brush: Brush): void;
  readonly brushPx: number;
  readonly selected: number | undefined;
  select(id: number | undefined): void;
  /** Corners of an outline that is not closed yet. */
  readonly corners: readonly Point[];
  setCorners(corners: readonly Point[]): void;
  closeOutline(): void;
  /** One of the tool's kind in the middle, chosen: what a button adds. */
  addInMiddle(): void;
  change(shape: Shape): void;
  takeId(): number;
  nameOf(shape: Pick<Shape, "kind" | "id">): string;
  /** Its name and where it is, as a sentence. */
  whereOf(shape: Shape): string;
}

export const useMarking = (editing: Editing, width: number, height: number): Marking => {
  const t = useText();
  const [tool, setTool] = useState<Tool>("rectangle");
  const [brush, chooseBrush] = useState<Brush>("medium");
  const [selected, select] = useState<number>();
  const [corners, setCorners] = useState<readonly Point[]>([]);
  const lastId = useRef(0);
  const { drawing, set } = editing;

  const takeId = (): number => {
    lastId.current += 1;
    return lastId.current;
  };
  const add = (shape: Shape): void => {
    set({ ...drawing, shapes: [...drawing.shapes, shape] });
    select(shape.id);
  };
  const nameOf: Marking["nameOf"] = ({ kind, id }) => t(`cover.shape.${kind}`, { number: id });
  return {
    width,
    height,
    editing,
    tool,
    chooseTool(next) {
      setTool(next);
      setCorners([]);
    },
    brush,
    chooseBrush,
    brushPx: BRUSHES[brush] * Math.max(width, height),
    selected,
    select,
    corners,
    setCorners,
    closeOutline() {
      add({ id: takeId(), kind: "polygon", points: corners, radiusPx: 0 });
      setCorners([]);
    },
    addInMiddle() {
      if (tool !== "select") add(shapeInMiddle(tool, takeId(), width, height));
    },
    change(shape) {
      set({ ...drawing, shapes: drawing.shapes.map((each) => (each.id === shape.id ? shape : each)) });
    },
    takeId,
    nameOf,
    whereOf(shape) {
      const { x, y, width: w, height: h } = boundsOf(shape);
      const values = { left: x / width, top: y / height, width: w / width, height: h / height };
      return t("cover.where", { name: nameOf(shape), ...values });
    },
  };
};
