import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { loadRingIndex, MatchError } from "@recourse/match";
import { createReplica, type Replica } from "../src/replica.ts";
import { createReplicaKeeper, type ReplicaKeeper } from "../src/replica-keeper.ts";
import { SnapshotError } from "../src/snapshot/blocks.ts";
import { openSnapshot, writeSnapshot } from "../src/snapshot/snapshot-file.ts";
import { createSnapshotStore, type SnapshotEvent } from "../src/snapshot/store.ts";
import { frame, hex, local, near, patches, pdq } from "./signals.ts";

let temporary: TemporaryBank;
let directory: string;
let path: string;
before(async () => {
  temporary = await startTemporaryBank();
});
after(() => temporary.close());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "recourse-test-"));
  path = join(directory, "gate", "replica.snapshot");
});
/** Closed after each test in any case: of a test that fails, none may keep the process from ending. */
const keepers: ReplicaKeeper[] = [];
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.close()));
  await rm(directory, { recursive: true, force: true });
});

interface Started {
  readonly keeper: ReplicaKeeper;
  readonly events: { readonly event: string; readonly reason?: string }[];
  /** Entries that came over the feed, not out of the snapshot. */
  readonly read: () => number;
}

const start = async (bank = temporary.bank, options: { readonly everyMs?: number } = {}): Promise<Started> => {
  const events: { readonly event: string; readonly reason?: string }[] = [];
  let read = 0;
  const keeper = createReplicaKeeper({
    follow: (following) =>
      bank.followFeed({
        ...following,
        onEntries(entries) {
          read += entries.length;
          return following.onEntries(entries);
        },
      }),
    readFeed: (from, limit) => bank.readFeed(from, limit),
    makeReplica: (saved) => createReplica({}, saved),
    snapshots: createSnapshotStore(join(directory, "gate"), (event: SnapshotEvent) => {
      // How long it took is not compared.
      events.push("reason" in event ? event : { event: event.event });
    }),
    snapshotEveryMs: options.everyMs,
    onConnection: () => {},
    onEvent: (event) => events.push(event),
  });
  keepers.push(keeper);
  await keeper.ready();
  return { keeper, events, read: () => read };
};

const stateOf = ({ replica }: ReplicaKeeper) => {
  const { sequence, checksum, itemCount, counts, unsettled } = replica;
  return { sequence, checksum, itemCount, counts, unsettled };
};

describe("a gate that starts from a snapshot", () => {
  it("has what it had, of every type of signal, and reads only what came since", async () => {
    const { bank } = temporary;
    const known = { value: hex(32), patches: patches(8), frame: hex(32), md5: hex(16) };
    await bank.addOwnItem([pdq(known.value), { type: "md5", value: known.md5 }, ...known.patches.map(local)]);
    await bank.addOwnItem([frame(0, known.frame), frame(1, hex(32)), frame(2, known.frame)]);
    const { item: gone } = await bank.addOwnItem([pdq(hex(32))]);
    const first = await start();
    await bank.removeOwnItem(gone);
    await first.keeper.ready();
    const answersOf = (replica: Replica) => [
      replica.find([pdq(near(known.value, 20)), { type: "md5", value: known.md5 }, frame(5, near(known.frame, 9))], 9),
      replica.findByPatches(known.patches.map(local), 9),
    ];
    const answers = answersOf(first.keeper.replica);
    assert.deepEqual(
      answers.map((found) => found.length),
      [2, 1],
    );
    await first.keeper.close();
    assert.deepEqual(first.events, [{ event: "snapshot_written" }]);
    assert.equal((await stat(path)).mode & 0o077, 0);
    assert.equal((await stat(join(directory, "gate"))).mode & 0o077, 0);

    const second = await start();
    assert.deepEqual([second.read(), second.events], [0, [{ event: "snapshot_restored" }]]);
    assert.deepEqual(answersOf(second.keeper.replica), answers);
    // Hashes in an index lie there in another order of their bits; an exact one can be looked for.
    const later = hex(16);
    const { item } = await bank.addOwnItem([pdq(hex(32)), { type: "md5", value: later }]);
    await second.keeper.ready();
    assert.equal(second.read(), 1);
    assert.deepEqual(stateOf(second.keeper).checksum, (await bank.auditFeed()).recomputed);
    await second.keeper.close();

    // What was restored is in the next snapshot with what came since, and what is withdrawn is in none.
    const third = await start();
    assert.deepEqual([third.read(), stateOf(third.keeper)], [0, stateOf(second.keeper)]);
    assert.ok((await readFile(path)).includes(Buffer.from(later, "hex")));
    await bank.removeOwnItem(item);
    await third.keeper.ready();
    await third.keeper.close();
    assert.ok(!(await readFile(path)).includes(Buffer.from(later, "hex")));
    assert.deepEqual(await readdir(join(directory, "gate")), ["replica.snapshot"]);
  });

  it("writes while the feed goes on, and what it writes is of one sequence number", async () => {
    const { bank } = temporary;
    const { keeper, events } = await start(bank, { everyMs: 5 });
    const added: string[] = [];
    const written = (): number => events.filter(({ event }) => event === "snapshot_written").length;
    // A snapshot takes a twentieth of the time at most, so it depends on the machine how many rounds four of them take.
    for (let round = 0; round < 60 || (written() < 4 && round < 5_000); round += 1) {
      added.push((await bank.addOwnItem([pdq(hex(32)), pdq(hex(32))])).item);
      if (round % 3 === 2) await bank.removeOwnItem(added.splice(Math.floor(added.length / 2), 1)[0]!);
      if (round % 10 === 0) {
        // Whatever moment it is of, a copy of it starts a replica that is right in the end.
        const store = createSnapshotStore(join(directory, "copy"), () => {});
        await mkdir(join(directory, "copy"), { recursive: true });
        const copied = await copyFile(path, join(directory, "copy", "replica.snapshot")).then(
          () => true,
          () => false,
        );
        if (!copied) continue;
        const restored = await store.restore((saved) => createReplica({}, saved), await bank.feedHead());
        assert.ok(restored !== undefined);
      }
    }
    await keeper.ready();
    assert.equal(keeper.replica.checksum, (await bank.auditFeed()).recomputed);
    assert.ok(written() >= 4);
    assert.ok(events.every(({ event }) => event === "snapshot_written"));
    await keeper.close();
  });

  it("refuses one that was cut off or changed anywhere, says why, and reads the bank", async () => {
    await temporary.bank.addOwnItem([pdq(hex(32)), { type: "md5", value: hex(16) }]);
    const first = await start();
    await first.keeper.close();
    const whole = await readFile(path);
    const state = stateOf(first.keeper);
    for (const [reason, spoil] of [
      ["truncated", () => truncate(path, whole.length - 1)],
      ["truncated", () => truncate(path, 40)],
      ["truncated", () => truncate(path, 0)],
      ["damaged", () => writeFile(path, Buffer.concat([whole, Buffer.alloc(1)]))],
      ["damaged", () => writeByte(whole, whole.length - 30)],
      ["damaged", () => writeByte(whole, 30)],
      ["not_a_snapshot", () => writeByte(whole, 0)],
      ["other_version", () => writeByte(whole, 8)],
    ] as const) {
      await writeFile(path, whole);
      await spoil();
      const again = await start();
      assert.deepEqual(again.events, [{ event: "snapshot_refused", reason }]);
      assert.ok(again.read() > 0);
      assert.deepEqual(stateOf(again.keeper), state);
      await again.keeper.close();
      // And the next start finds a good one.
      const next = await start();
      assert.deepEqual(next.events, [{ event: "snapshot_restored" }]);
      await next.keeper.close();
    }
  });

  const writeByte = (whole: Buffer, at: number): Promise<void> => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    return writeFile(path, changed);
  };

  it("finds every bit that turns, and every place where it is cut off", async () => {
    const { keeper } = await start();
    await keeper.close();
    const whole = await readFile(path);
    const check = async (bytes: Buffer): Promise<void> => {
      await writeFile(path, bytes);
      const handle = await open(path, "r");
      try {
        await assert.rejects(async () => {
          const { records, indexes } = await openSnapshot(handle);
          for await (const some of records()) assert.ok(some.length > 0);
          await indexes((read, sizeBytes) => loadRingIndex(read, sizeBytes));
        }, isRefusal);
      } finally {
        await handle.close();
      }
    };
    const isRefusal = (error: unknown): boolean => error instanceof SnapshotError || error instanceof MatchError;
    const step = Math.max(1, Math.floor(whole.length / 400));
    for (let at = 0; at < whole.length; at += step) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
      await check(changed);
      await check(whole.subarray(0, at));
    }
  });

  it("refuses one that is whole but holds other items than its head says", async () => {
    const { keeper } = await start();
    await keeper.close();
    const { head, all, pieces } = await readParts();
    const rewrite = async (changed: typeof head, some: readonly Buffer[], indexes = pieces): Promise<void> => {
      const into = await open(path, "w+");
      await writeSnapshot(into, changed.bankId, { ...changed, records: some, indexes });
      await into.close();
    };
    const expectReason = async (reason: string): Promise<void> => {
      const again = await start();
      assert.deepEqual(again.events, [{ event: "snapshot_refused", reason }]);
      assert.deepEqual(stateOf(again.keeper), stateOf(keeper));
      await again.keeper.close();
    };
    await rewrite({ ...head, itemCount: all.length - 1 }, all.slice(1));
    await expectReason("inconsistent");
    await rewrite(head, [...all.slice(1), all[1]!]);
    await expectReason("inconsistent");
    await rewrite(head, [...all.slice(1), Buffer.from("no record at all")]);
    await expectReason("inconsistent");
    const [whole = [], patch = [], sample = []] = pieces;
    await rewrite(head, all, [patch, whole, sample]);
    await expectReason("inconsistent");
    await rewrite(head, all, [whole.map((piece) => piece.subarray(0, piece.length - 1)), patch, sample]);
    await expectReason("truncated");
    await rewrite(head, all, [[...whole, Buffer.alloc(1)], patch, sample]);
    await expectReason("truncated");
    await rewrite(head, all, [whole.map((piece) => Buffer.from(piece).fill(7, 100, 101)), patch, sample]);
    await expectReason("damaged");
    await rewrite(head, all, [[Buffer.from("not an index at all")], patch, sample]);
    await expectReason("damaged");
    // Its own form is right each time, so what follows is about whose it is.
    await rewrite({ ...head, bankId: "00000000-0000-4000-8000-000000000000" }, all);
    await expectReason("other_bank");
    await rewrite({ ...head, sequence: head.sequence + 1 }, all);
    await expectReason("from_the_future");
    await rewrite(head, all);
    const good = await start();
    assert.deepEqual(good.events, [{ event: "snapshot_restored" }]);
    await good.keeper.close();
  });

  /** What a snapshot is made of, copied. */
  const readParts = async () => {
    const handle = await open(path, "r");
    const { head, records, indexes } = await openSnapshot(handle);
    const all: Buffer[] = [];
    for await (const block of records()) {
      for (let at = 0; at < block.length; at += 8 * Math.ceil(block.readUInt32LE(at) / 8)) {
        all.push(block.subarray(at, at + block.readUInt32LE(at)));
      }
    }
    const pieces = await indexes(async (read, sizeBytes): Promise<readonly Buffer[]> => {
      const bytes = Buffer.alloc(sizeBytes);
      for (let done = 0; done < sizeBytes;) done += await read(bytes.subarray(done));
      return [bytes];
    });
    await handle.close();
    return { head, all, pieces };
  };

  it("is the old one or the new one, whole, wherever a gate is killed while it writes", async () => {
    const folder = join(directory, "killed");
    const writer = fileURLToPath(new URL("snapshot-writer.ts", import.meta.url));
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, [writer, folder], { stdio: ["ignore", "pipe", "inherit"] });
      const exited = once(child, "exit");
      let written = 0;
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        written = Number(line);
        lines += 1;
        // In the middle of the next one, each time elsewhere.
        if (lines === 3 + round) setTimeout(() => child.kill("SIGKILL"), round);
      }
      await exited;
      assert.ok(lines >= 3 + round);
      const events: string[] = [];
      const store = createSnapshotStore(folder, ({ event }) => events.push(event));
      const restored = await store.restore((saved) => createReplica({}, saved), undefined);
      assert.deepEqual(events, ["snapshot_restored"]);
      const { replica } = restored!;
      // It was renamed and the word of it did not get out, at most.
      assert.ok(replica.sequence === written || replica.sequence === written + 1);
      assert.deepEqual([replica.itemCount, replica.signalCount], [replica.sequence, 42 * replica.sequence]);
    }
  });

  it("takes memory for nothing a snapshot only claims to hold", async () => {
    await temporary.bank.addOwnItem([pdq(hex(32))]);
    const { keeper } = await start();
    await keeper.close();
    const whole = await readFile(path);
    const { pieces } = await readParts();
    const state = stateOf(keeper);
    // The block that announces the first index, with another length and a right checksum of its own.
    const at = whole.indexOf(pieces[0]![0]!) - 17;
    const changed = Buffer.from(whole);
    changed.writeBigUInt64LE(2n ** 40n, at + 9);
    changed.writeUInt32LE(crc32(changed.subarray(at + 8, at + 17)), at + 4);
    await writeFile(path, changed);
    const again = await start();
    assert.deepEqual(again.events, [{ event: "snapshot_refused", reason: "truncated" }]);
    assert.deepEqual(stateOf(again.keeper), state);
    await again.keeper.close();
  });

  it("finds out afterwards that a bank of the same name went another way from there", async () => {
    const { bank, database } = temporary;
    const { item } = await bank.addOwnItem([pdq(hex(32))]);
    const first = await start();
    await first.keeper.close();
    const value = hex(32);
    await database.transaction(async (client) => {
      await client.query("update signals set value = decode($1, 'hex') where item_id = $2", [value, item]);
      await client.query(
        "update items set checksum = item_checksums.checksum from item_checksums where items.id = item_checksums.id",
      );
      await client.query("update feed_head set checksum = (select bit_xor(checksum) from items)");
    });
    const second = await start();
    assert.equal(second.keeper.replica.find([pdq(value)], 1).length, 1);
    assert.deepEqual(second.events, [
      { event: "snapshot_restored" },
      { event: "replica_rebuilding", reason: "checksum_differs" },
      { event: "replica_rebuilt", reason: "checksum_differs" },
    ]);
    await second.keeper.close();
    const third = await start();
    assert.deepEqual(third.events, [{ event: "snapshot_restored" }]);
    await third.keeper.close();
  });

  it("goes on without snapshots where the folder can't be used, and clears away what was left behind", async () => {
    await writeFile(join(directory, "gate"), "a file");
    const { keeper, events } = await start();
    assert.deepEqual(events, [{ event: "snapshot_refused", reason: "file_system" }]);
    assert.ok(keeper.replica.sequence > 0);
    await keeper.close();
    assert.deepEqual(events.slice(1), [{ event: "snapshot_failed", reason: "file_system" }]);

    await rm(join(directory, "gate"));
    const first = await start();
    await first.keeper.close();
    const left = join(directory, "gate", "replica-0123456789abcdef.tmp");
    await writeFile(left, "");
    await writeFile(join(directory, "gate", "other.tmp"), "");
    const second = await start();
    await second.keeper.close();
    assert.ok((await readdir(join(directory, "gate"))).includes("replica-0123456789abcdef.tmp"));
    await utimes(left, 0, 0);
    const third = await start();
    await third.keeper.close();
    assert.deepEqual((await readdir(join(directory, "gate"))).toSorted(), ["other.tmp", "replica.snapshot"]);
  });
});
