import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createBank, type FeedEntry, type FollowFeed, openDatabase } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { createReplica } from "../src/replica.ts";
import {
  createReplicaKeeper,
  type KeeperEvent,
  type KeeperOptions,
  type ReplicaKeeper,
} from "../src/replica-keeper.ts";
import { hex, pdq } from "./signals.ts";

let temporary: TemporaryBank;
before(async () => {
  temporary = await startTemporaryBank();
});
after(() => temporary.close());

interface Followed {
  readonly keeper: ReplicaKeeper;
  readonly events: KeeperEvent[];
}

const withKeeper = async (options: Partial<KeeperOptions>, work: (followed: Followed) => Promise<void>) => {
  const { bank } = temporary;
  const events: KeeperEvent[] = [];
  const keeper = createReplicaKeeper({
    follow: (following) => bank.followFeed({ ...following }),
    readFeed: (from, limit) => bank.readFeed(from, limit),
    makeReplica: () => createReplica(),
    onConnection: () => {},
    onEvent: (event) => events.push(event),
    pauseMs: 50,
    ...options,
  });
  try {
    await work({ keeper, events });
  } finally {
    await keeper.close();
  }
};

const eventually = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  const until = Date.now() + 15_000;
  while (!(await holds())) {
    assert.ok(Date.now() < until, `in vain: ${what}`);
    await sleep(10);
  }
};

/** Sequence and checksum of the replica are those of the bank, and the bank's are right by its rows. */
const assertSame = async (keeper: ReplicaKeeper): Promise<void> => {
  await eventually("the replica has the head", async () => {
    const head = await temporary.bank.feedHead();
    return keeper.verifiedSequence === head.sequence && keeper.replica.sequence === head.sequence;
  });
  const audit = await temporary.bank.auditFeed();
  const { sequence, checksum } = keeper.replica;
  assert.deepEqual({ sequence, checksum }, { sequence: audit.sequence, checksum: audit.recomputed });
};

const holds = (keeper: ReplicaKeeper, value: string): boolean => keeper.replica.find([pdq(value)], 1).length === 1;

describe("a replica that is kept", () => {
  it("is the same as the bank by its checksum, after every addition and withdrawal", async () => {
    const { bank } = temporary;
    // Withdrawn before anybody read it: its addition comes without signals.
    await bank.removeOwnItem((await bank.addOwnItem([pdq(hex(32))])).item);
    await withKeeper({}, async ({ keeper, events }) => {
      await keeper.ready();
      await assertSame(keeper);
      const { item } = await bank.addOwnItem([pdq(hex(32)), { type: "md5", value: hex(16) }]);
      await assertSame(keeper);
      await bank.removeOwnItem(item);
      await assertSame(keeper);
      assert.deepEqual(events, []);
    });
  });

  it("is the same by its checksum after changes whose notifications were all lost", async () => {
    const { bank, connectionString } = temporary;
    // A writer that notifies nobody: in its sessions another function stands before the system's own.
    await temporary.database.query("create schema unheard");
    await temporary.database.query(
      "create function unheard.pg_notify(text, text) returns void language sql as 'select'",
    );
    const address = new URL(connectionString);
    address.searchParams.set("options", "-c search_path=unheard,public,pg_catalog");
    const database = openDatabase({ connectionString: address.href });
    const listener = await temporary.database.connect();
    let heard = 0;
    listener.on("notification", () => {
      heard += 1;
    });
    try {
      await listener.query("listen recourse_feed");
      const unheard = createBank(database);
      await withKeeper({}, async ({ keeper, events }) => {
        await keeper.ready();
        await assertSame(keeper);
        const [value, gone] = [hex(32), hex(32)];
        await unheard.addOwnItem([pdq(value)]);
        const { item } = await unheard.addOwnItem([pdq(gone)]);
        await assertSame(keeper);
        await unheard.removeOwnItem(item);
        await assertSame(keeper);
        assert.deepEqual([holds(keeper, value), holds(keeper, gone), events, heard], [true, false, [], 0]);
        // And the listener would have heard one.
        await bank.addOwnItem([pdq(hex(32))]);
        await assertSame(keeper);
        await eventually("a notification that is not lost", () => heard > 0);
      });
    } finally {
      await listener.end();
      await database.close();
    }
  });

  it("is built anew from the bank when what it was given is not what the bank holds", async () => {
    const { bank } = temporary;
    const value = hex(32);
    const wrong = hex(32);
    const tamper = (entry: FeedEntry): FeedEntry =>
      entry.signals.some((signal) => signal.value === value) ? { ...entry, signals: [pdq(wrong)] } : entry;
    const follow: FollowFeed = (options) =>
      bank.followFeed({ ...options, onEntries: (entries) => options.onEntries(entries.map(tamper)) });
    await withKeeper({ follow }, async ({ keeper, events }) => {
      await keeper.ready();
      await bank.addOwnItem([pdq(value)]);
      await eventually("it is built anew", () => events.some(({ event }) => event === "replica_rebuilt"));
      await assertSame(keeper);
      assert.deepEqual([holds(keeper, value), holds(keeper, wrong)], [true, false]);
      assert.deepEqual(events, [
        { event: "replica_rebuilding", reason: "checksum_differs" },
        { event: "replica_rebuilt", reason: "checksum_differs" },
      ]);
    });
  });

  it("goes on answering with the old one while the new one is read", async () => {
    const { bank } = temporary;
    const value = hex(32);
    await bank.addOwnItem([pdq(value)]);
    const gate = Promise.withResolvers<void>();
    let tampering = false;
    const follow: FollowFeed = (options) =>
      bank.followFeed({
        ...options,
        onHead: (head) => options.onHead?.(tampering ? { ...head, checksum: "f".repeat(32) } : head),
      });
    const readFeed: KeeperOptions["readFeed"] = async (from, limit) => {
      await gate.promise;
      tampering = false;
      return bank.readFeed(from, limit);
    };
    await withKeeper({ follow, readFeed }, async ({ keeper, events }) => {
      await keeper.ready();
      tampering = true;
      const later = hex(32);
      await bank.addOwnItem([pdq(later)]);
      await eventually("it begins", () => events.length === 1);
      await eventually("both answer", () => holds(keeper, value) && holds(keeper, later));
      gate.resolve();
      await eventually("it ends", () => events.length === 2);
      await assertSame(keeper);
    });
  });

  it("follows a bank that was set back, and one that went another way from there", async () => {
    const { bank, database } = temporary;
    const { sequence: start } = await bank.feedHead();
    const setBack = (): Promise<unknown> =>
      database.transaction(async (client) => {
        // As a backup of that moment holds it.
        await client.query(
          `create temporary table later on commit drop as select item_id as id from feed where sequence > ${start}`,
        );
        await client.query(
          `update feed_head set sequence = ${start}, checksum = checksum #
             (select bit_xor(checksum) from items join later using (id))`,
        );
        await client.query(`delete from feed where sequence > ${start}`);
        await client.query("delete from signals where item_id in (select id from later)");
        await client.query("delete from items where id in (select id from later)");
      });
    const values = [hex(32), hex(32), hex(32)];
    await withKeeper({}, async ({ keeper, events }) => {
      await keeper.ready();
      await bank.addOwnItem([pdq(values[0]!)]);
      await bank.addOwnItem([pdq(values[1]!)]);
      await assertSame(keeper);
      await setBack();
      await eventually("it is built anew", () => events.length === 2);
      await assertSame(keeper);
      assert.deepEqual(
        values.map((value) => holds(keeper, value)),
        [false, false, false],
      );
      assert.deepEqual(events[0], { event: "replica_rebuilding", reason: "bank_replaced" });

      await bank.addOwnItem([pdq(values[0]!)]);
      await assertSame(keeper);
      // In one transaction, as if it had happened while the gate was cut off: as far on as it was, and another item.
      await database.transaction(async (client) => {
        await client.query(
          "update signals set value = decode($1, 'hex') where item_id = (select item_id from feed order by sequence desc limit 1)",
          [values[2]],
        );
        await client.query(
          `update items set checksum = item_checksums.checksum from item_checksums
           where items.id = item_checksums.id and items.checksum is distinct from item_checksums.checksum`,
        );
        await client.query("update feed_head set checksum = (select bit_xor(checksum) from items)");
      });
      await eventually("it is built anew", () => events.length === 4);
      await assertSame(keeper);
      assert.deepEqual(
        values.map((value) => holds(keeper, value)),
        [false, false, true],
      );
      assert.deepEqual(events[2], { event: "replica_rebuilding", reason: "checksum_differs" });
    });
  });

  it("tells a feed that lost an addition from one whose item was withdrawn", async () => {
    const { bank } = temporary;
    const value = hex(32);
    // A way that has no additions of one item any more, as a stream that was tidied, and one that was cut.
    const without =
      (lost: (entry: FeedEntry) => boolean): FollowFeed =>
      (options) =>
        bank.followFeed({
          ...options,
          async onEntries(entries) {
            for (const entry of entries) {
              if (lost(entry)) options.onPassed?.(entry.sequence, 0);
              else await options.onEntries([entry]);
            }
          },
          onHead: () => {},
        });
    const { item: gone } = await bank.addOwnItem([pdq(hex(32))]);
    await bank.removeOwnItem(gone);
    await withKeeper(
      { follow: without(({ itemId, operation }) => itemId === gone && operation === "add"), settleMs: 100 },
      async ({ keeper, events }) => {
        await keeper.ready();
        await sleep(300);
        assert.deepEqual(events, []);
        const { sequence, checksum } = await bank.feedHead();
        assert.deepEqual([keeper.replica.sequence, keeper.replica.checksum], [sequence, checksum]);
      },
    );
    let lossy = true;
    const losing: FollowFeed = (options) =>
      without(({ signals }) => lossy && signals.some((signal) => signal.value === value))(options);
    await withKeeper({ follow: losing, settleMs: 100 }, async ({ keeper, events }) => {
      await keeper.ready();
      await bank.addOwnItem([pdq(value)]);
      await eventually("it is built anew", () => events.length === 2);
      lossy = false;
      assert.deepEqual(events[0], { event: "replica_rebuilding", reason: "feed_incomplete" });
      assert.ok(holds(keeper, value));
    });
  });

  it("says so when the bank's own checksum is wrong, and does not build anew again and again", async () => {
    const { bank, database } = temporary;
    await database.query("update feed_head set checksum = ~checksum");
    try {
      await withKeeper({ pauseMs: 60_000 }, async ({ keeper, events }) => {
        await keeper.ready();
        await eventually("it is built anew", () => events.length === 3);
        await bank.addOwnItem([pdq(hex(32))]);
        await sleep(300);
        assert.deepEqual(
          events.map(({ event }) => event),
          ["replica_rebuilding", "bank_checksum_wrong", "replica_rebuilt"],
        );
        assert.equal(keeper.verifiedSequence, undefined);
      });
    } finally {
      await database.query("update feed_head set checksum = ~checksum");
    }
  });
});
