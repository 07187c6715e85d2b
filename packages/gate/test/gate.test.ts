import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { migrate, type Partner } from "@recourse/bank";
import { createGate, type Gate, type GateOptions, type Upload } from "../src/index.ts";
import { hex, local, near, patches, pdq } from "./signals.ts";

let temporary: TemporaryBank;
let partner: Partner;
before(async () => {
  temporary = await startTemporaryBank();
  partner = await temporary.bank.addPartner({ name: "One", role: "gate", key: hex(16) });
});
after(() => temporary.close());

const withGate = async (options: Omit<GateOptions, "bank">, work: (gate: Gate) => Promise<void>): Promise<void> => {
  const gate = createGate({ bank: temporary.bank, ...options });
  try {
    await gate.ready();
    await work(gate);
  } finally {
    await gate.close();
  }
};

describe("a gate", () => {
  it("says when too many checks wait for their local hashes, counts them, and answers all the same", async () => {
    const known = patches(20);
    const value = hex(32);
    await temporary.bank.addOwnItem([pdq(value), ...known.map(local)]);
    await withGate({ localQuery: "after", lateLimit: 2 }, async (gate) => {
      const ask = () => gate.check(partner, [pdq(value), ...known.map(local)]);
      // Asked in one turn of the thread: none of them is worked off in between.
      const answers = await Promise.all([ask(), ask(), ask(), ask()]);
      assert.deepEqual(
        answers.map(({ verdict, later, notAsked }) => [verdict, later !== undefined, notAsked]),
        [
          ["match", true, undefined],
          ["match", true, undefined],
          ["match", false, ["pdq-local"]],
          ["match", false, ["pdq-local"]],
        ],
      );
      assert.equal(gate.status().localSkipped, 2);
      assert.equal(new Set(answers.flatMap(({ later }) => later?.checkId ?? [])).size, 2);
    });
  });

  it("asks with whatever signals an upload is read into", async () => {
    const known = patches(20);
    await temporary.bank.addOwnItem(known.map(local));
    let upload: Upload = { ok: true, signals: known.slice(0, 4).map((value) => local(near(value, 12))) };
    const uploads = { read: async () => upload, close: async () => {} };
    await withGate({ uploads }, async (gate) => {
      const bytes = new Uint8Array(1);
      const first = await gate.checkBytes(partner, bytes);
      assert.deepEqual(
        [first.verdict, first.matches[0]?.signalType, first.matches[0]?.votes],
        ["match", "pdq-local", 4],
      );
      upload = { ok: true, signals: [pdq(hex(32), 10)], reason: "picture_too_plain" };
      const plain = await gate.checkBytes(partner, bytes);
      assert.deepEqual([plain.verdict, plain.reason], ["no_match", "picture_too_plain"]);
      upload = { ok: false, signals: [{ type: "md5", value: hex(16) }], reason: "not_an_image" };
      const unread = await gate.checkBytes(partner, bytes);
      assert.deepEqual([unread.verdict, unread.reason], ["unscannable", "not_an_image"]);
    });
  });

  it("lets the judge it was given decide", async () => {
    const known = patches(20);
    await temporary.bank.addOwnItem(known.map(local));
    await withGate({ judgeLocal: () => ({ match: false, score: 0 }) }, async (gate) => {
      assert.equal((await gate.check(partner, known.map(local))).verdict, "no_match");
    });
  });
});

describe("a bank of the first version", () => {
  let old: TemporaryBank;
  before(async () => {
    old = await startTemporaryBank({ through: 1 });
  });
  after(() => old.close());

  it("matches as before once it is brought up to date", async () => {
    const value = hex(32);
    await old.database.query(
      `with item as (
         insert into items (id, bank_id, media, signals_digest, signal_count, added_at)
         values (gen_random_uuid(), 2, 'image', '', 1, now()) returning id
       ), head as (
         update feed_head set sequence = 1 returning sequence
       ), written as (
         insert into feed select head.sequence, 'add', item.id, now() from head, item
       )
       insert into signals (item_id, type, value, quality, kind)
       select id, 'pdq', decode($1, 'hex'), 90, 'rot180' from item`,
      [value],
    );
    await migrate(old.database);
    const one = await old.bank.addPartner({ name: "One", role: "gate", key: hex(16) });
    const gate = createGate({ bank: old.bank });
    await gate.ready();
    const answer = await gate.check(one, [pdq(near(value, 31))]);
    assert.deepEqual(
      answer.matches.map(({ bank, kind, distance }) => [bank, kind, distance]),
      [["own", "rot180", 31]],
    );
    await gate.close();
  });
});
