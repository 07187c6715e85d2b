/** What was shared from another app, on its way into the page that it opened. */
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { ShareCode } from "./multipart.ts";
import { takeShared } from "./take-shared.ts";

export type ArrivalState =
  | { readonly kind: "none" }
  | { readonly kind: "taking"; readonly fraction: number }
  | { readonly kind: "problem"; readonly code: ShareCode | "cancelled" };

export interface Arrival {
  readonly state: ArrivalState;
  /** Whether this page was opened by sharing to it. */
  readonly isExpected: boolean;
  stop(): void;
}

/** Where the worker leads to; the mark never reaches a server. */
const MARK = "#shared";

export const useArrival = (filesLimit: number, onFiles: (files: readonly File[]) => void): Arrival => {
  const [isExpected] = useState(() => window.location.hash === MARK);
  const [state, setState] = useState<ArrivalState>(isExpected ? { kind: "taking", fraction: 0 } : { kind: "none" });
  const abort = useRef<AbortController>(undefined);
  const give = useEffectEvent(onFiles);
  useEffect(() => {
    // The mark is taken away, so that opening this page again does not look for files that are taken.
    if (!isExpected || window.location.hash !== MARK) return;
    window.history.replaceState(null, "", window.location.pathname);
    abort.current = new AbortController();
    const { signal } = abort.current;
    const onProgress = (fraction: number): void => {
      if (!signal.aborted) setState({ kind: "taking", fraction });
    };
    takeShared({ filesLimit, onProgress, signal }).then(
      ({ files, code }) => {
        setState(code === undefined ? { kind: "none" } : { kind: "problem", code });
        if (files.length > 0) give(files);
      },
      () => setState({ kind: "problem", code: "cancelled" }),
    );
  }, [isExpected, filesLimit]);
  const stop = useCallback(() => abort.current?.abort(), []);
  return { state, isExpected, stop };
};
