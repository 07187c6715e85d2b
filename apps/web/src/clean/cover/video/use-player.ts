/** The frame of a video that is shown: sought, stepped, played. */
import type { DoorErrorCode, OpenedVideo, Outcome, ShownFrame } from "@recourse/redact/browser";
import { useCallback, useEffect, useRef, useState } from "react";

export interface Player {
  readonly frame: ShownFrame;
  readonly isPlaying: boolean;
  /** Why no further frame could be shown. */
  readonly problem: DoorErrorCode | undefined;
  seek(timeSec: number): void;
  /** To the frame after or before. */
  step(by: 1 | -1): void;
  play(): void;
  pause(): void;
}

/** Surely within the frame before, surely after this one. */
const NEAR_SEC = 0.001;

/** `first` is the frame to begin with; frames are closed when they are no longer shown. */
export const usePlayer = (video: OpenedVideo, first: ShownFrame): Player => {
  const [frame, setFrame] = useState(first);
  const [isPlaying, setPlaying] = useState(false);
  const [problem, setProblem] = useState<DoorErrorCode>();
  const playing = useRef<AbortController>(undefined);

  useEffect(() => () => frame.bitmap.close(), [frame]);
  useEffect(() => () => playing.current?.abort(), []);

  /** Shows what was fetched; false where there is nothing to show. */
  const show = useCallback((outcome: Outcome<ShownFrame | null>): boolean => {
    if (outcome.ok && outcome.value !== null) {
      setFrame(outcome.value);
      setProblem(undefined);
      return true;
    }
    if (!outcome.ok && outcome.code !== "cancelled") setProblem(outcome.code);
    return false;
  }, []);

  const pause = useCallback(() => {
    playing.current?.abort();
    playing.current = undefined;
    setPlaying(false);
  }, []);

  const seek = useCallback(
    (timeSec: number) => {
      pause();
      void video.frameAt(timeSec).then(show);
    },
    [pause, show, video],
  );

  const run = useCallback(
    async (signal: AbortSignal, from: ShownFrame): Promise<void> => {
      // At its end it begins anew.
      if (from.timeSec + from.durationSec >= video.endSec - NEAR_SEC && !show(await video.frameAt(video.startSec)))
        return;
      let start: number | undefined;
      while (!signal.aborted) {
        const outcome = await video.nextFrame();
        if (signal.aborted) {
          if (outcome.ok) outcome.value?.bitmap.close();
          return;
        }
        if (outcome.ok && outcome.value !== null) {
          const dueMs = 1000 * outcome.value.timeSec;
          start ??= performance.now() - dueMs + 1000 * outcome.value.durationSec;
          const waitMs = start + dueMs - performance.now();
          if (waitMs > 1) await new Promise((over) => setTimeout(over, waitMs));
          // A slow device falls behind and does not hurry after.
          if (waitMs < 0) start -= waitMs;
        }
        if (!show(outcome)) return;
      }
    },
    [show, video],
  );

  const play = useCallback(() => {
    playing.current?.abort();
    const abort = new AbortController();
    playing.current = abort;
    setPlaying(true);
    void run(abort.signal, frame).then(() => {
      if (playing.current === abort) pause();
    });
  }, [frame, pause, run]);

  const step = useCallback(
    (by: 1 | -1) => {
      const to = by === 1 ? frame.timeSec + frame.durationSec + NEAR_SEC : frame.timeSec - NEAR_SEC;
      if (to < video.endSec) seek(to);
    },
    [frame, seek, video],
  );

  return { frame, isPlaying, problem, seek, step, play, pause };
};
