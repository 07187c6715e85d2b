/**
 * Starting a gate from its snapshot, beside reading the same file into new memory: `gate.start.SIZE.*`. The feed is made
 * up here, so that only the gate is measured. Each item is a picture: a PDQ hash, an MD5 and a SHA-256.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFeedChecksum, type FeedEntry, type FeedHead, type FollowFeed, itemChecksum } from "@recourse/bank";
import { createGate, type Gate, type GateEvent } from "@recourse/gate";
import type { Benchmarks, Figure } from "./figure.ts";
import { median } from "./measure.ts";

const PAGE = 500;
const RUNS = 3;
const READ_BYTES = 3 * 2 ** 20;

const digest = (algorithm: "md5" | "sha256", text: string): string => createHash(algorithm).update(text).digest("hex");

/** The same entry for a sequence number each time. */
const entryOf = (sequence: number): FeedEntry => ({
  sequence,
  operation: "add",
  itemId: `00000000-0000-4000-8000-${sequence.toString(16).padStart(12, "0")}`,
  itemNumber: sequence,
  bank: "recourse",
  signals: [
    { type: "pdq", value: digest("sha256", `pdq ${sequence}`), quality: 100, kind: "original" },
    { type: "md5", value: digest("md5", `${sequence}`) },
    { type: "sha256", value: digest("sha256", `${sequence}`) },
  ],
});

/** A feed of so many items. Its checksum comes to be known when it was read once. */
const createFeed = (count: number): FollowFeed => {
  const bankId = randomUUID();
  const checksum = createFeedChecksum();
  let summed = 0;
  return ({ after, onEntries, onEnd, onHead, onConnection }) => {
    const reading = (async () => {
      onConnection?.(true);
      for (let sequence = after; sequence < count; sequence += PAGE) {
        const entries = Array.from({ length: PAGE }, (_unused, at) => entryOf(sequence + 1 + at));
        for (const { itemId, signals, sequence: number } of entries) {
          if (number > summed) checksum.toggle(itemChecksum(itemId, signals));
          summed = Math.max(summed, number);
        }
        await onEntries(entries);
      }
      onEnd?.();
      const head: FeedHead = { bankId, sequence: count, checksum: checksum.hex };
      onHead?.(head);
    })();
    return { catchUp: () => reading, close: () => reading };
  };
};

const openGate = (follow: FollowFeed, snapshotDir: string): { readonly gate: Gate; readonly events: GateEvent[] } => {
  const events: GateEvent[] = [];
  const gate = createGate({
    bank: {
      listPartners: () => Promise.resolve([]),
      recordMatches: () => Promise.resolve(),
      listLateMatches: () => Promise.reject(new Error("not asked")),
      recordOpinion: () => Promise.resolve(),
    },
    followFeed: follow,
    snapshotDir,
    onEvent: (event) => events.push(event),
  });
  return { gate, events };
};

const measureStart = async (name: string, count: number): Promise<readonly Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), "recourse-bench-"));
  try {
    const follow = createFeed(count);
    const first = openGate(follow, folder);
    const followedAt = performance.now();
    await first.gate.ready();
    const followMs = performance.now() - followedAt;
    await first.gate.close();
    const path = join(folder, "replica.snapshot");
    const { size } = await stat(path);
    const writeMs = first.events.flatMap((event) => (event.event === "snapshot_written" ? [event.ms] : []));
    const startMs: number[] = [];
    const readMs: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const startedAt = performance.now();
      const { gate, events } = openGate(follow, folder);
      await gate.ready();
      startMs.push(performance.now() - startedAt);
      const { items, verifiedSequence } = gate.status();
      if (items !== count || verifiedSequence !== count || !events.some(({ event }) => event === "snapshot_restored"))
        throw new Error("the gate did not start from its snapshot");
      await gate.close();
      const file = await open(path);
      const readAt = performance.now();
      const into = new Uint8Array(size);
      for (let at = 0; at < size;) at += (await file.read(into, at, Math.min(READ_BYTES, size - at))).bytesRead;
      readMs.push(performance.now() - readAt);
      await file.close();
    }
    const unit = "s";
    return [
      {
        figure: `gate.start.${name}.s`,
        value: median(startMs) / 1000,
        unit,
        n: RUNS,
        peer: "reading the file",
        peerValue: median(readMs) / 1000,
      },
      { figure: `gate.start.${name}.follow_s`, value: followMs / 1000, unit, n: 1 },
      { figure: `gate.start.${name}.write_s`, value: (writeMs[0] ?? 0) / 1000, unit, n: 1 },
      { figure: `gate.start.${name}.bytes_per_item`, value: size / count, unit: "B", n: 1 },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export const figures: Benchmarks = {
  "gate.start.100k": () => measureStart("100k", 100_000),
  "gate.start.1M": () => measureStart("1M", 1_000_000),
  "gate.start.10M": () => measureStart("10M", 10_000_000),
};
