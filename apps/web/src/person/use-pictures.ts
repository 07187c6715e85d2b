/** The pictures of this visit, and the workers that read them. */
import { createFingerprinter, type Fingerprinter } from "@recourse/fingerprint/browser";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Picture, PictureState } from "../case/picture.ts";

export interface Pictures {
  readonly all: readonly Picture[];
  add(files: readonly File[]): void;
  /** Takes a picture out; stops reading it if that is going on. */
  remove(id: string): void;
  markSent(ids: readonly string[]): void;
  clear(): void;
}

export const usePictures = (): Pictures => {
  const [all, setAll] = useState<readonly Picture[]>([]);
  const fingerprinter = useRef<Fingerprinter>(undefined);
  const aborts = useRef(new Map<string, AbortController>());
  const counted = useRef(0);

  useEffect(
    () => () => {
      fingerprinter.current?.close();
      fingerprinter.current = undefined;
    },
    [],
  );

  const setState = useCallback((id: string, state: PictureState) => {
    setAll((before) => {
      // Two items of one picture would protect nothing more, and withdrawing one of them would do nothing.
      const isDuplicate =
        state.kind === "ready" &&
        before.some(
          (other) =>
            other.id !== id &&
            other.state.kind === "ready" &&
            other.state.fingerprint.sha256 === state.fingerprint.sha256,
        );
      const next: PictureState = isDuplicate ? { kind: "duplicate" } : state;
      return before.map((picture) => (picture.id === id ? { ...picture, state: next } : picture));
    });
  }, []);

  const add = useCallback(
    (files: readonly File[]) => {
      const fresh = files.map((file) => {
        counted.current += 1;
        return { id: crypto.randomUUID(), number: counted.current, file };
      });
      setAll((before) => [
        ...before,
        ...fresh.map(({ id, number, file }) => ({
          id,
          number,
          fileName: file.name,
          state: { kind: "waiting" } as const,
          sent: false,
        })),
      ]);
      fingerprinter.current ??= createFingerprinter();
      for (const { id, file } of fresh) {
        const abort = new AbortController();
        aborts.current.set(id, abort);
        void fingerprinter.current
          .fingerprint(file, {
            signal: abort.signal,
            onProgress: (fraction) => setState(id, { kind: "reading", fraction }),
          })
          .then((outcome) => {
            aborts.current.delete(id);
            setState(
              id,
              outcome.ok
                ? { kind: "ready", fingerprint: outcome.fingerprint }
                : { kind: "problem", code: outcome.code },
            );
          });
      }
    },
    [setState],
  );

  const remove = useCallback((id: string) => {
    aborts.current.get(id)?.abort();
    setAll((before) => before.filter((picture) => picture.id !== id));
  }, []);

  const markSent = useCallback((ids: readonly string[]) => {
    setAll((before) => before.map((picture) => (ids.includes(picture.id) ? { ...picture, sent: true } : picture)));
  }, []);

  const clear = useCallback(() => {
    for (const abort of aborts.current.values()) abort.abort();
    counted.current = 0;
    setAll([]);
  }, []);

  return { all, add, remove, markSent, clear };
};
