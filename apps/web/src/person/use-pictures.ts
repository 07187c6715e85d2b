/** The pictures and videos of this visit, and the workers that read them. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { Picture, PictureState } from "../case/picture.ts";
import { createFileReader, type FileReader } from "../case/read-file.ts";

export interface Pictures {
  readonly all: readonly Picture[];
  /** The person's choice of stronger recognition; undefined until they made it. */
  readonly stronger: boolean | undefined;
  /** What is not sent yet is read again if the choice changes. */
  chooseStronger(stronger: boolean): void;
  add(files: readonly File[]): void;
  /** Takes a picture out; stops reading it if that is going on. */
  remove(id: string): void;
  markSent(ids: readonly string[]): void;
  clear(): void;
}

interface Held {
  readonly file: File;
  readonly abort: AbortController;
}

const sha256Of = ({ state }: Picture): string | undefined =>
  state.kind === "ready" ? state.reading.fingerprint.sha256 : undefined;

export const usePictures = (): Pictures => {
  const [all, setAll] = useState<readonly Picture[]>([]);
  const [stronger, setStronger] = useState<boolean>();
  const reader = useRef<FileReader>(undefined);
  /** Files that are not sent yet. */
  const held = useRef(new Map<string, Held>());
  const counted = useRef(0);

  useEffect(
    () => () => {
      reader.current?.close();
      reader.current = undefined;
    },
    [],
  );

  const change = useCallback((id: string, changes: Partial<Picture>) => {
    setAll((before) => before.map((picture) => (picture.id === id ? { ...picture, ...changes } : picture)));
  }, []);

  const finish = useCallback((id: string, state: PictureState) => {
    setAll((before) => {
      // Two items of one picture would protect nothing more, and withdrawing one of them would do nothing.
      const sha256 = state.kind === "ready" ? state.reading.fingerprint.sha256 : undefined;
      const isDuplicate = sha256 !== undefined && before.some((other) => other.id !== id && sha256Of(other) === sha256);
      const next: PictureState = isDuplicate ? { kind: "duplicate" } : state;
      return before.map((picture) => (picture.id === id ? { ...picture, state: next } : picture));
    });
  }, []);

  const read = useCallback(
    async (id: string, file: File, isStronger: boolean): Promise<void> => {
      const abort = new AbortController();
      held.current.set(id, { file, abort });
      reader.current ??= createFileReader();
      let last = -1;
      const state = await reader.current.read(file, {
        stronger: isStronger,
        signal: abort.signal,
        onMedia: (media) => change(id, { media }),
        onProgress: (fraction, seconds) => {
          // A video tells of every frame; the screen shows whole steps.
          const step = Math.floor(100 * fraction) + Math.floor(seconds?.done ?? 0);
          if (abort.signal.aborted || step === last) return;
          last = step;
          change(id, { state: { kind: "reading", fraction, ...(seconds !== undefined && { seconds }) } });
        },
      });
      // Whoever stopped it has taken it out, or reads it anew.
      if (!abort.signal.aborted) finish(id, state);
    },
    [change, finish],
  );

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
          media: file.type.startsWith("video/") ? ("video" as const) : ("image" as const),
          fileName: file.name,
          state: { kind: "waiting" } as const,
          sent: false,
        })),
      ]);
      for (const { id, file } of fresh) void read(id, file, stronger === true);
    },
    [read, stronger],
  );

  const chooseStronger = useCallback(
    (next: boolean) => {
      setStronger(next);
      if (next === stronger) return;
      for (const [id, { file, abort }] of held.current) {
        abort.abort();
        change(id, { state: { kind: "waiting" } });
        void read(id, file, next);
      }
    },
    [change, read, stronger],
  );

  const remove = useCallback((id: string) => {
    held.current.get(id)?.abort.abort();
    held.current.delete(id);
    setAll((before) => before.filter((picture) => picture.id !== id));
  }, []);

  const markSent = useCallback((ids: readonly string[]) => {
    for (const id of ids) held.current.delete(id);
    setAll((before) => before.map((picture) => (ids.includes(picture.id) ? { ...picture, sent: true } : picture)));
  }, []);

  const clear = useCallback(() => {
    for (const { abort } of held.current.values()) abort.abort();
    held.current.clear();
    counted.current = 0;
    setAll([]);
    setStronger(undefined);
  }, []);

  return { all, stronger, chooseStronger, add, remove, markSent, clear };
};
