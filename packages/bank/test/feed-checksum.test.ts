import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Signal } from "@recourse/protocol";
import { createFeedChecksum, itemChecksum, migrate } from "../src/index.ts";
import { startTemporaryBank, type TemporaryBank } from "../src/testing.ts";

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
const pdq = (value = hex(32)): Signal => ({ type: "pdq", value, quality: 90, kind: "original" });

/** The checksum as a reader works it out who takes in the whole feed. */
const readerChecksum = async ({ bank }: TemporaryBank): Promise<{ sequence: number; checksum: string }> => {
  const sum = createFeedChecksum();
  const parts = new Map<string, string>();
  let sequence = 0;
  for (;;) {
    const { entries, head } = await bank.readFeed(sequence, 3);
    for (const entry of entries) {
      const part = entry.operation === "add" ? itemChecksum(entry.itemId, entry.signals) : parts.get(entry.itemId);
      assert.ok(part !== undefined);
      if (entry.operation === "add" && entry.signals.length === 0) parts.set(entry.itemId, "\0".repeat(16));
      else {
        parts.set(entry.itemId, part);
        sum.toggle(part);
      }
      ({ sequence } = entry);
    }
    if (sequence === head.sequence) return { sequence, checksum: sum.hex };
  }
};

describe("the feed's checksum", () => {
  let temporary: TemporaryBank;
  before(async () => {
    temporary = await startTemporaryBank();
  });
  after(() => temporary.close());

  const openCase = async () => {
    const access = { caseNumber: `RC-${hex(2)}-${hex(2)}-${hex(2)}`.toUpperCase(), caseToken: hex(32) };
    const accessVerifier = createHash("sha256").update(access.caseToken).digest("hex");
    await temporary.bank.openCase({ ...access, accessVerifier, recoveryVerifiers: [] });
    return access;
  };
  const assertAllAgree = async (): Promise<string> => {
    const { sequence, checksum, recomputed } = await temporary.bank.auditFeed();
    assert.equal(recomputed, checksum);
    assert.deepEqual(await readerChecksum(temporary), { sequence, checksum });
    return checksum;
  };

  it("is kept by the bank as its rows and a reader of the feed give it, whatever is added and withdrawn", async () => {
    const { bank } = temporary;
    assert.equal(await assertAllAgree(), "0".repeat(32));
    const again = hex(32);
    const access = await openCase();
    const item = randomUUID();
    await bank.addCaseItems(access, [
      {
        itemId: item,
        media: "video",
        signals: [
          pdq(),
          { type: "pdq", value: hex(32) },
          { type: "md5", value: hex(16) },
          { type: "pdq-local", value: hex(32), version: 1 },
          { type: "vpdq", value: again, quality: 80, timestampMs: 0 },
          { type: "vpdq", value: again, quality: 80, timestampMs: 61_000, kind: "flipY" },
          // Sent twice with another quality: one of them is kept.
          { type: "vpdq", value: again, quality: 70, timestampMs: 0 },
        ],
      },
      { itemId: randomUUID(), media: "image", signals: [pdq()] },
    ]);
    const first = await assertAllAgree();
    const own = await bank.addOwnItems([[pdq()], [pdq(), { type: "sha256", value: hex(32) }], [pdq()]]);
    assert.notEqual(await assertAllAgree(), first);
    await bank.withdraw(access, [item]);
    const second = await assertAllAgree();
    for (const { item: ownItem } of own) await bank.removeOwnItem(ownItem);
    assert.notEqual(await assertAllAgree(), second);
    await bank.withdraw(access);
    assert.equal(await assertAllAgree(), "0".repeat(32));
  });

  it("leaves nothing of a withdrawn item that its signals could be compared with", async () => {
    const { bank, database } = temporary;
    const { item } = await bank.addOwnItem([pdq()]);
    await bank.removeOwnItem(item);
    const rows = await database.query<{ checksum: string | null }>("select checksum from items where id = $1", [item]);
    assert.deepEqual(rows.rows, [{ checksum: null }]);
  });

  it("keeps up with many writers at once, some of whom fail", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const taken = { itemId: randomUUID(), media: "image" as const, signals: [pdq()] };
    await bank.addCaseItems(access, [taken]);
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let round = 0; round < 6; round += 1) {
          const { item } = await bank.addOwnItem([pdq(), pdq()]);
          await assert.rejects(bank.addCaseItems(access, [{ ...taken, signals: [pdq()] }]));
          await bank.addCaseItems(access, [{ ...taken, itemId: randomUUID() }]);
          if (round % 2 === 0) await bank.removeOwnItem(item);
        }
      }),
    );
    await assertAllAgree();
  });

  it("shows a row that was changed past the bank", async () => {
    const { bank, database } = temporary;
    const { item } = await bank.addOwnItem([pdq()]);
    await database.query("update signals set quality = 80 where item_id = $1", [item]);
    const audit = await bank.auditFeed();
    assert.notEqual(audit.recomputed, audit.checksum);
    assert.notEqual((await readerChecksum(temporary)).checksum, audit.checksum);
    await database.query("update signals set quality = 90 where item_id = $1", [item]);
    await assertAllAgree();
  });

  it("differs for another quality, kind, time and owner of the same hash", () => {
    const value = hex(32);
    const frame = { type: "vpdq", value, quality: 80, timestampMs: 0 } as const;
    const parts = [
      itemChecksum("one", [frame]),
      itemChecksum("two", [frame]),
      itemChecksum("one", [{ ...frame, quality: 81 }]),
      itemChecksum("one", [{ ...frame, timestampMs: 1 }]),
      itemChecksum("one", [{ ...frame, kind: "flipY" }]),
      itemChecksum("one", [{ type: "pdq", value, quality: 80 }]),
      itemChecksum("one", [frame, { type: "pdq", value }]),
    ];
    assert.equal(new Set(parts).size, parts.length);
    assert.equal(
      itemChecksum("one", [frame, { type: "pdq", value }]),
      itemChecksum("one", [{ type: "pdq", value }, frame]),
    );
  });
});

describe("a bank of an older version", () => {
  it("gets the checksum of what it holds, and an identity of its own", async () => {
    const old = await startTemporaryBank({ through: 2 });
    try {
      await old.database.query(
        `with item as (
           insert into items (id, bank_id, media, signals_digest, signal_count, added_at, withdrawn_at)
           values (gen_random_uuid(), 2, 'image', 'x', 2, now(), null), (gen_random_uuid(), 2, 'image', '', 2, now(), now())
           returning id, withdrawn_at
         ), head as (
           update feed_head set sequence = 3 returning sequence
         ), written as (
           insert into feed
           select row_number() over (order by withdrawn_at nulls last), 'add', id, now() from item
           union all select 3, 'withdraw', id, now() from item where withdrawn_at is not null
         )
         insert into signals (item_id, type, value, quality, kind, timestamp_ms)
         select id, 'pdq', decode($1, 'hex'), 90, 'rot180', 0 from item where withdrawn_at is null
         union all select id, 'vpdq', decode($1, 'hex'), 70, null, 5000 from item where withdrawn_at is null`,
        [hex(32)],
      );
      await migrate(old.database);
      const { sequence, checksum, recomputed, bankId } = await old.bank.auditFeed();
      assert.equal(recomputed, checksum);
      assert.deepEqual(await readerChecksum(old), { sequence: 3, checksum });
      assert.equal(sequence, 3);
      assert.match(bankId, /^[0-9a-f-]{36}$/);
      assert.notEqual(checksum, "0".repeat(32));
    } finally {
      await old.close();
    }
  });
});
