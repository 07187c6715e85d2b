import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { NewItem, Signal } from "@recourse/protocol";
import { type FeedEntry, matchId, migrate, type NewMatch } from "../src/index.ts";
import { startTemporaryBank, type TemporaryBank } from "../src/testing.ts";

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const local = (value = hex(32)): Signal => ({ type: "pdq-local", value, version: 1 });
const frame = (timestampMs: number, value = hex(32), kind: "original" | "flipY" = "original"): Signal => ({
  type: "vpdq",
  value,
  quality: 70,
  timestampMs,
  kind,
});
const code = (expected: string) => (error: unknown) =>
  error instanceof Error && "code" in error && error.code === expected;
const order = (signals: readonly Signal[]) => signals.map((signal) => JSON.stringify(signal)).toSorted();

let temporary: TemporaryBank;
before(async () => {
  temporary = await startTemporaryBank();
});
after(() => temporary.close());

const openCase = async () => {
  const access = { caseNumber: `RC-${hex(2)}-${hex(2)}-${hex(2)}`.toUpperCase(), caseToken: hex(32) };
  await temporary.bank.openCase({ ...access, accessVerifier: sha256(access.caseToken), recoveryVerifiers: [] });
  return access;
};
const video = (...signals: readonly Signal[]): NewItem => ({
  itemId: randomUUID(),
  media: "video",
  signals: [...signals],
});
const readAll = async (limit: number) => {
  const pages: number[] = [];
  const entries = [];
  for (;;) {
    const page: readonly FeedEntry[] = (await temporary.bank.readFeed(entries.at(-1)?.sequence ?? 0, limit)).entries;
    if (page.length === 0) return { entries, pages };
    pages.push(page.length);
    entries.push(...page);
  }
};

describe("signals of every type", () => {
  it("come out of the feed as they went in, a frame with each of its times", async () => {
    const { bank } = temporary;
    const again = hex(32);
    const signals: Signal[] = [
      { type: "pdq", value: hex(32), quality: 90, kind: "centre191x100-flipMinus1" },
      { type: "pdq", value: hex(32) },
      { type: "md5", value: hex(16) },
      local(),
      frame(0),
      frame(1_000, again),
      frame(61_000, again),
      { type: "vpdq", value: hex(32), quality: 50, timestampMs: 2_147_483_647, kind: "flipY" },
    ];
    const head = (await bank.feedHead()).sequence;
    await bank.addCaseItems(await openCase(), [video(...signals)]);
    const [entry] = (await bank.readFeed(head, 10)).entries;
    assert.deepEqual(order(entry?.signals ?? []), order(signals));
    const own = await bank.addOwnItem(signals);
    const kept = (await bank.findOwnItems(signals[0]?.value ?? "")).find(({ item }) => item === own.item);
    assert.deepEqual(order(kept?.signals ?? []), order(signals));
    const media = await temporary.database.query<{ media: string }>("select media from items where id = $1", [
      own.item,
    ]);
    assert.equal(media.rows[0]?.media, "video");
  });

  it("tell an item sent again from another one under its id, by time and kind too", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const value = hex(32);
    const one = video(frame(1_000, value), local());
    await bank.addCaseItems(access, [one]);
    assert.equal((await bank.addCaseItems(access, [one])).items.length, 1);
    const [, second] = one.signals;
    const others = [frame(2_000, value), frame(1_000, value, "flipY")];
    for (const first of others) {
      const other = { ...one, signals: second === undefined ? [first] : [first, second] };
      await assert.rejects(bank.addCaseItems(access, [other]), code("item_conflict"));
    }
  });

  it("are refused when they are none, before anything is written", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const tries: readonly [unknown, string][] = [
      [local(hex(31)), "signal_invalid"],
      [{ ...local(), version: 2 }, "signal_version_unknown"],
      [frame(-1), "signal_invalid"],
      [frame(0.5), "signal_invalid"],
      [frame(2 ** 31), "signal_invalid"],
      [frame(0, hex(33)), "signal_invalid"],
    ];
    for (const [signal, expected] of tries) {
      // What a caller in plain JavaScript could hand over.
      await assert.rejects(bank.addCaseItems(access, [video(signal as Signal)]), code(expected));
    }
    assert.equal((await bank.caseStatus(access)).items.length, 0);
  });

  it("make a page of the feed and of the own bank shorter, and none of them lost", async () => {
    const { bank } = temporary;
    const frames = (): Signal[] => Array.from({ length: 8_000 }, (_unused, index) => frame(index));
    const access = await openCase();
    for (let count = 0; count < 8; count += 1) await bank.addCaseItems(access, [video(...frames())]);
    for (let count = 0; count < 4; count += 1) await bank.addOwnItem(frames());
    const whole = await readAll(500);
    assert.ok(whole.pages.length > 1, "96,000 signals came in one page");
    const small = await readAll(1);
    assert.deepEqual(
      whole.entries.map(({ sequence, signals }) => [sequence, signals.length]),
      small.entries.map(({ sequence, signals }) => [sequence, signals.length]),
    );
    assert.equal(whole.entries.length, (await bank.feedHead()).sequence);
    const listed: string[] = [];
    let page = await bank.listOwnItems();
    for (;;) {
      listed.push(...page.items.map(({ item }) => item));
      assert.ok(page.items.length <= 4);
      if (page.next === undefined) break;
      page = await bank.listOwnItems({ after: page.next });
    }
    assert.equal(new Set(listed).size, 5);
    assert.equal(listed.length, 5);
  });
});

describe("late matches", () => {
  it("are listed for their partner alone, in order, with the id of their check, until the item is withdrawn", async () => {
    const { bank, database } = temporary;
    const one = await bank.addPartner({ name: "One", role: "gate", key: hex(16) });
    const two = await bank.addPartner({ name: "Two", role: "gate", key: hex(16) });
    const access = await openCase();
    const items = [video(local()), video(local())];
    await bank.addCaseItems(access, items);
    const late = (partnerId: number, item: NewItem | undefined, query: string): NewMatch => ({
      id: matchId(partnerId, item?.itemId ?? "", query),
      partnerId,
      itemId: item?.itemId ?? "",
      signalType: "pdq-local",
      distanceBits: 7,
      late: { checkId: randomUUID(), votes: 5, score: 0.8 },
    });
    const first = [late(one.id, items[0], "a"), late(one.id, items[1], "a")];
    await bank.recordMatches(first);
    await bank.recordMatches([late(two.id, items[0], "a")]);
    const second = late(one.id, items[0], "b");
    const { late: _late, ...inPath } = second;
    await bank.recordMatches([second, inPath]);
    const listed = await bank.listLateMatches(one.id, 0);
    assert.deepEqual(
      listed.matches.map(({ at: _at, ...rest }) => rest),
      [...first, second].map((each) => ({
        checkId: each.late?.checkId,
        match: {
          id: each.id,
          item: each.itemId,
          signalType: "pdq-local",
          distance: 7,
          bank: "recourse",
          score: 0.8,
          votes: 5,
        },
      })),
    );
    const rest = await bank.listLateMatches(one.id, Number(listed.next));
    assert.deepEqual(rest, { matches: [], next: listed.next });
    assert.equal((await bank.listLateMatches(two.id, 0)).matches.length, 1);
    // The person sees it like any other match.
    assert.equal((await bank.caseStatus(access)).items[0]?.found.platforms, 2);
    await bank.withdraw(access, [items[0]?.itemId ?? ""]);
    assert.equal((await bank.listLateMatches(one.id, 0)).matches.length, 1);
    // Eight days later.
    await database.query("update late_matches set at = at - interval '8 days'");
    assert.equal((await bank.listLateMatches(one.id, 0)).matches.length, 0);
    await bank.recordMatches([late(two.id, items[1], "c")]);
    assert.equal((await database.query("select 1 from late_matches")).rowCount, 1);
  });
});

describe("a bank of the first version", () => {
  let old: TemporaryBank;
  before(async () => {
    old = await startTemporaryBank({ through: 1 });
  });
  after(() => old.close());

  it("is brought up to date with everything in it", async () => {
    const { bank, database } = old;
    const itemId = randomUUID();
    const pdq: Signal = { type: "pdq", value: hex(32), quality: 88, kind: "rot90" };
    const md5: Signal = { type: "md5", value: hex(16) };
    const digest = createHash("sha256")
      .update([`md5:${md5.value}`, `pdq:${pdq.value}`].join("\n"))
      .digest();
    const access = { caseNumber: "RC-0000-0000-0000", caseToken: hex(32) };
    await bank.openCase({ ...access, accessVerifier: sha256(access.caseToken), recoveryVerifiers: [] });
    await database.query(
      `insert into items (id, bank_id, case_id, media, signals_digest, signal_count, added_at)
       select $1, 1, id, 'image', $2, 2, now() from cases`,
      [itemId, digest],
    );
    await database.query(
      `insert into signals (item_id, type, value, quality, kind)
       values ($1, 'pdq', decode($2, 'hex'), 88, 'rot90'), ($1, 'md5', decode($3, 'hex'), null, null)`,
      [itemId, pdq.value, md5.value],
    );
    await database.query(
      `with head as (update feed_head set sequence = 1 returning sequence)
       insert into feed select sequence, 'add', $1, now() from head`,
      [itemId],
    );
    assert.equal((await migrate(database))[0], "0002-recognition.sql");
    assert.deepEqual(await migrate(database), []);
    const [entry] = (await bank.readFeed(0, 10)).entries;
    assert.deepEqual(order(entry?.signals ?? []), order([pdq, md5]));
    // Sent again by a device that never saw the answer: the same item, as before.
    const status = await bank.addCaseItems(access, [{ itemId, media: "image", signals: [pdq, md5] }]);
    assert.deepEqual([status.items.length, (await bank.feedHead()).sequence], [1, 1]);
    await bank.addCaseItems(access, [{ itemId: randomUUID(), media: "video", signals: [frame(5), local()] }]);
    assert.equal((await bank.readFeed(1, 10)).entries[0]?.signals.length, 2);
  });
});
