/** The feed over NATS JetStream, with one real server. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { encodeEntry } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { noNatsServer, startTemporaryNats, type TemporaryNats } from "@recourse/bank/testing-nats";
import { createSnapshotStore } from "../../src/snapshot/store.ts";
import { hex, pdq } from "../signals.ts";
import { assertSame, eventually, holdsBytes, startGate, startHub, startWriting } from "./followers.ts";

const STREAM = "RECOURSE_FEED";

describe("a bank's feed over one server of NATS", { skip: noNatsServer() }, () => {
  let temporary: TemporaryBank;
  let nats: TemporaryNats;
  const closers: (() => Promise<void>)[] = [];
  const closing = <Closable extends { close(): Promise<void> }>(closable: Closable): Closable => {
    closers.push(() => closable.close());
    return closable;
  };
  before(async () => {
    temporary = await startTemporaryBank();
  });
  after(() => temporary.close());
  beforeEach(async () => {
    nats = await startTemporaryNats();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    await nats.close();
  });
  const hub = (options: Parameters<typeof startHub>[2] = {}) => closing(startHub(temporary.bank, nats.url, options));
  const gate = (options: Parameters<typeof startGate>[1] = {}) => closing(startGate(nats.url, options));

  it("gives a gate all there is, and each change after it", async () => {
    const { bank } = temporary;
    await bank.removeOwnItem((await bank.addOwnItem([pdq(hex(32))])).item);
    const first = await bank.addOwnItem([pdq(hex(32)), { type: "sha256", value: hex(32) }]);
    hub();
    const one = gate();
    await assertSame(bank, one);
    await bank.addOwnItem([pdq(hex(32)), pdq(hex(32))]);
    await bank.removeOwnItem(first.item);
    await assertSame(bank, one, gate());
    assert.deepEqual(one.events, []);
  });

  it("leaves nothing of a withdrawn item's signals on the server's disk", async () => {
    const { bank } = temporary;
    hub();
    const one = gate();
    const value = hex(32);
    const { item } = await bank.addOwnItem([pdq(value)]);
    await assertSame(bank, one);
    const bytes = Buffer.from(value, "hex");
    await eventually("the addition is on the disk", () => holdsBytes(nats.nodes[0]!.folder, bytes));
    await bank.removeOwnItem(item);
    await assertSame(bank, one);
    assert.equal(await holdsBytes(nats.nodes[0]!.folder, bytes), false);
  });

  it("erases what a hub had no time to erase", async () => {
    const { bank } = temporary;
    const value = hex(32);
    const { item } = await bank.addOwnItem([pdq(value)]);
    const first = startHub(bank, nats.url);
    await assertSame(bank, gate());
    await first.close();
    // As a hub leaves it that is killed between the withdrawal and the erasure.
    await bank.removeOwnItem(item);
    const { head } = await bank.readFeed(0, 0);
    const [withdrawal] = (await bank.readFeed(head.sequence - 1, 1)).entries;
    assert.equal(withdrawal?.operation, "withdraw");
    const { itemNumber } = withdrawal;
    await nats.manage((manager) =>
      manager.jetstream().publish(`recourse.feed.withdraw.${itemNumber}`, encodeEntry(withdrawal)),
    );
    assert.ok(await holdsBytes(nats.nodes[0]!.folder, Buffer.from(value, "hex")));
    hub();
    await assertSame(bank, gate());
    const left = await nats.manage((manager) =>
      manager.streams.getMessage(STREAM, { last_by_subj: `recourse.feed.add.${itemNumber}` }),
    );
    assert.equal(left, null);
    assert.equal(await holdsBytes(nats.nodes[0]!.folder, Buffer.from(value, "hex")), false);
  });

  it("has each entry once and in order although two hubs carry it, and one of them ends", async () => {
    const { bank } = temporary;
    const hubs = [startHub(bank, nats.url), startHub(bank, nats.url)];
    const writing = startWriting(bank);
    const one = gate();
    await writing.more(40);
    await hubs[0]!.close();
    await writing.more(40);
    closing(hubs[1]!);
    await writing.stop();
    await assertSame(bank, one, gate());
    assert.deepEqual(one.events, []);
    const sequences = await nats.manage(async (manager) => {
      const { state } = await manager.streams.info(STREAM);
      const found: bigint[] = [];
      for (let at = state.first_seq; at <= state.last_seq; at += 1) {
        const message = await manager.streams.getMessage(STREAM, { seq: at });
        if (message !== null && /\.(add|withdraw)\./.test(message.subject)) {
          found.push(Buffer.from(message.data).readBigUInt64LE(8));
        }
      }
      return found;
    });
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });

  it("goes on after the server was killed, with adds and withdrawals going on", async () => {
    const { bank } = temporary;
    hub();
    const gates = [gate(), gate()];
    const writing = startWriting(bank);
    await writing.more(40);
    await nats.nodes[0]!.kill();
    await writing.more(40);
    await nats.nodes[0]!.start();
    await writing.more(40);
    await writing.stop();
    await assertSame(bank, ...gates);
    for (const { events } of gates) assert.deepEqual(events, []);
  });

  it("is written again into a server that lost all it had, and no gate forgets anything meanwhile", async () => {
    const { bank } = temporary;
    const known = hex(32);
    await bank.addOwnItem([pdq(known)]);
    hub();
    const one = gate();
    await assertSame(bank, one);
    await nats.nodes[0]!.kill();
    await nats.nodes[0]!.wipe();
    await nats.nodes[0]!.start();
    const until = Date.now() + 3_000;
    await eventually("some time passes", () => {
      assert.equal(one.keeper.replica.find([pdq(known)], 1).length, 1);
      return Date.now() > until;
    });
    await bank.addOwnItem([pdq(hex(32))]);
    await assertSame(bank, one, gate());
    assert.deepEqual(one.events, []);
  });

  it("is completed when messages are missing at its end or in its middle", async () => {
    const { bank } = temporary;
    const publisher = hub({ countEveryMs: 500 });
    const one = gate();
    for (let count = 0; count < 20; count += 1) await bank.addOwnItem([pdq(hex(32))]);
    await assertSame(bank, one);
    await nats.manage(async (manager) => {
      const { state } = await manager.streams.info(STREAM);
      await manager.streams.deleteMessage(STREAM, state.last_seq - 7, true);
    });
    await eventually("the loss is noticed", () =>
      publisher.events.some(({ event }) => event === "feed_stream_begun_anew"),
    );
    await assertSame(bank, one, gate());
    assert.deepEqual(one.events, []);
  });

  it("keeps the latest withdrawals only; a gate that was away for longer reads the bank anew from the stream", async () => {
    const { bank } = temporary;
    const folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const snapshots = () => createSnapshotStore(folder, () => {});
    hub({ keptWithdrawals: 10 });
    const { item: early } = await bank.addOwnItem([pdq(hex(32))]);
    const away = startGate(nats.url, { snapshots: snapshots() });
    await assertSame(bank, away);
    await away.close();
    await bank.removeOwnItem(early);
    const writing = startWriting(bank);
    await writing.more(100);
    await writing.stop();
    const inStream = () =>
      nats.manage(async (manager) => {
        const filter = { subjects_filter: "recourse.feed.withdraw.>" };
        return Object.keys((await manager.streams.info(STREAM, filter)).state.subjects ?? {}).length;
      });
    await eventually("withdrawals are taken out", async () => (await inStream()) <= 20);
    const back = gate({ snapshots: snapshots() });
    const fresh = gate();
    await assertSame(bank, back, fresh);
    assert.deepEqual(back.events, [
      { event: "replica_rebuilding", reason: "too_far_behind" },
      { event: "replica_rebuilt", reason: "too_far_behind" },
    ]);
    assert.deepEqual(fresh.events, []);
  });

  it("of another bank replaces what was there, in the stream and in every gate", async () => {
    const first = startHub(temporary.bank, nats.url);
    const one = gate();
    await temporary.bank.addOwnItem([pdq(hex(32))]);
    await assertSame(temporary.bank, one);
    await first.close();
    const other = closing(await startTemporaryBank());
    await other.bank.addOwnItem([pdq(hex(32))]);
    closing(startHub(other.bank, nats.url));
    await assertSame(other.bank, one, gate());
    assert.deepEqual(one.events, [
      { event: "replica_rebuilding", reason: "bank_replaced" },
      { event: "replica_rebuilt", reason: "bank_replaced" },
    ]);
  });
});
