/** The files of this visit, and the workers that look into them and clean them. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { CleanFile, CleanState, Covered } from "./clean-file.ts";
import { type Cleaner, type CleanOptions, createCleaner } from "./cleaner.ts";
import { neutralName } from "./formats.ts";

export interface CleanFiles {
  readonly all: readonly CleanFile[];
  /** Looks into each at once. */
  add(files: readonly File[]): void;
  /** Takes a file out; stops what is done with it. */
  remove(id: string): void;
  /** Makes a clean copy of each that was looked into and has none yet. Ends when all have come to an end. */
  cleanAll(): Promise<void>;
  /** Stops cleaning: what is not done stays looked into. */
  stop(): void;
  /** From now on this file with parts covered is cleaned in place of the original; null goes back to that. */
  cover(id: string, covered: Covered | null): void;
  clear(): void;
}

/** More files at once than anybody shares; each costs a row on the screen. */
export const FILES_LIMIT = 500;

export const useCleanFiles = (): CleanFiles => {
  const [all, setAll] = useState<readonly CleanFile[]>([]);
  const cleaner = useRef<Cleaner>(undefined);
  const aborts = useRef(new Map<string, AbortController>());
  const counted = useRef(0);

  useEffect(
    () => () => {
      cleaner.current?.close();
      cleaner.current = undefined;
    },
    [],
  );

  const change = useCallback((id: string, state: CleanState) => {
    setAll((before) => before.map((file) => (file.id === id ? { ...file, state } : file)));
  }, []);

  /** Options of one piece of work on a file; whatever was done with it before is stopped. */
  const begin = useCallback(
    (
      id: string,
      show: (fraction: number) => CleanState,
    ): { readonly abort: AbortController; readonly options: CleanOptions } => {
      aborts.current.get(id)?.abort();
      const abort = new AbortController();
      aborts.current.set(id, abort);
      const onProgress = (fraction: number): void => {
        if (!abort.signal.aborted) change(id, show(fraction));
      };
      return { abort, options: { signal: abort.signal, onProgress } };
    },
    [change],
  );

  const look = useCallback(
    async (id: string, file: File): Promise<void> => {
      const { abort, options } = begin(id, (fraction) => ({ kind: "looking", fraction }));
      cleaner.current ??= createCleaner();
      const seen = await cleaner.current.inspect(file, options);
      if (abort.signal.aborted) return;
      change(id, seen.ok ? { kind: "looked", seen } : { kind: "problem", code: seen.code });
    },
    [begin, change],
  );

  const clean = useCallback(
    async ({ id, file, covered, state }: CleanFile): Promise<void> => {
      if (state.kind !== "looked") return;
      const { seen } = state;
      const { abort, options } = begin(id, (fraction) => ({ kind: "cleaning", fraction, seen }));
      change(id, { kind: "cleaning", fraction: 0, seen });
      cleaner.current ??= createCleaner();
      const copy = await cleaner.current.clean(covered?.file ?? file, options);
      if (abort.signal.aborted) return;
      change(
        id,
        copy.ok
          ? { kind: "cleaned", seen, copy, copyName: neutralName(copy.report.format) }
          : { kind: "problem", code: copy.code },
      );
    },
    [begin, change],
  );

  const add = useCallback(
    (files: readonly File[]) => {
      const fresh = files.map((file): CleanFile => {
        counted.current += 1;
        return { id: crypto.randomUUID(), number: counted.current, file, state: { kind: "waiting" } };
      });
      setAll((before) => [...before, ...fresh]);
      for (const { id, file } of fresh) void look(id, file);
    },
    [look],
  );

  const remove = useCallback((id: string) => {
    aborts.current.get(id)?.abort();
    aborts.current.delete(id);
    setAll((before) => before.filter((file) => file.id !== id));
  }, []);

  const cleanAll = useCallback(async (): Promise<void> => {
    await Promise.all(all.map(clean));
  }, [all, clean]);

  const stop = useCallback(() => {
    setAll((before) =>
      before.map((file) => {
        if (file.state.kind !== "cleaning") return file;
        aborts.current.get(file.id)?.abort();
        return { ...file, state: { kind: "looked", seen: file.state.seen } };
      }),
    );
  }, []);

  const cover = useCallback((id: string, covered: Covered | null) => {
    setAll((before) =>
      before.map((each) => {
        if (each.id !== id || !("seen" in each.state)) return each;
        const { covered: _before, ...file } = each;
        const state: CleanState = { kind: "looked", seen: each.state.seen };
        return covered === null ? { ...file, state } : { ...file, covered, state };
      }),
    );
  }, []);

  const clear = useCallback(() => {
    for (const abort of aborts.current.values()) abort.abort();
    aborts.current.clear();
    counted.current = 0;
    setAll([]);
  }, []);

  return { all, add, remove, cleanAll, stop, cover, clear };
};
