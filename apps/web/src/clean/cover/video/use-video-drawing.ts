/** What was marked in a video, the way back, and the view of one moment of it that the stage draws in. */
import { useCallback, useMemo, useState } from "react";
import type { Drawing, Editing, FillName } from "../drawing.ts";
import { type MarkTrack, shapeAt, withShapes } from "./mark-track.ts";

/** Steps that can be taken back. */
const MAX_STEPS = 200;
const NO_EDGES = { left: 0, top: 0, right: 0, bottom: 0 } as const;

export interface VideoDrawing {
  readonly tracks: readonly MarkTrack[];
  /** One mark changed, as a step that can be taken back. */
  change(id: number, how: (track: MarkTrack) => MarkTrack): void;
  remove(id: number): void;
  readonly fill: FillName;
  chooseFill(fill: FillName): void;
  /** The marks as they are at the moment shown; what is changed there becomes their place at that moment. */
  readonly editing: Editing;
}

export const useVideoDrawing = (timeSec: number): VideoDrawing => {
  const [steps, setSteps] = useState<readonly (readonly MarkTrack[])[]>([[]]);
  const [fill, chooseFill] = useState<FillName>("black");
  const tracks = useMemo(() => steps.at(-1) ?? [], [steps]);

  const step = useCallback((how: (tracks: readonly MarkTrack[]) => readonly MarkTrack[]) => {
    setSteps((before) => [...before.slice(-MAX_STEPS), how(before.at(-1) ?? [])]);
  }, []);
  const change = useCallback(
    (id: number, how: (track: MarkTrack) => MarkTrack) =>
      step((all) => all.map((track) => (track.id === id ? how(track) : track))),
    [step],
  );
  const remove = useCallback((id: number) => step((all) => all.filter((track) => track.id !== id)), [step]);

  const editing = useMemo((): Editing => {
    const shapes = tracks.flatMap((track) => shapeAt(track, timeSec) ?? []);
    const drawing: Drawing = { shapes, isRest: false, fill, edges: NO_EDGES };
    return {
      drawing,
      set: (next) => step((all) => withShapes(all, timeSec, next.shapes)),
      goOn: (next) =>
        setSteps((before) => [...before.slice(0, -1), withShapes(before.at(-1) ?? [], timeSec, next.shapes)]),
      undo: () => setSteps((before) => (before.length > 1 ? before.slice(0, -1) : before)),
      canUndo: steps.length > 1,
    };
  }, [tracks, timeSec, fill, step, steps.length]);

  return { tracks, change, remove, fill, chooseFill, editing };
};
