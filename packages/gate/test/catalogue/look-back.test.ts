/** The look-back on a real database: what is found, that nothing falls between, and what it says of itself. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Database } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import type { CatalogueFinding, CatalogueSignal, LookBackStatement, Signal } from "@recourse/protocol";
import { type Catalogue, createCatalogue } from "../../src/catalogue/catalogue.ts";
import { createLookBack, type LookBackEvent } from "../../src/catalogue/look-back.ts";
import { frame, hex, near, pdq } from "../signals.ts";

const plain = (value: string): CatalogueSignal => ({ type: "pdq", value });

/** Small enough that most parts are read anew each time. */
const MEMORY_BYTES = 64 * 1024;

let temporary: TemporaryBank;
let catalogue: Catalogue;
let partners = 0;

before(async () => {
  temporary = await startTemporaryBank();
  catalogue = createCatalogue({ database: temporary.database });
});
after(() => temporary.close());

const newPartner = async (): Promise<number> => {
  partners += 1;
  const { id } = await temporary.bank.addPartner({ name: `platform ${partners}`, role: "gate", key: hex(32) });
  return id;
};

const addItem = async (...signals: readonly Signal[]): Promise<string> =>
  (await temporary.bank.addOwnItem(signals)).item;

/** Steps until there is nothing left to do. */
const settle = async (database: Database = temporary.database, events: LookBackEvent[] = []): Promise<number> => {
  const lookBack = createLookBack({ database, memoryBytes: MEMORY_BYTES, onEvent: (event) => events.push(event) });
  let steps = 0;
  while (await lookBack.step()) {
    steps += 1;
    assert.ok(steps < 1_000, "the look-back does not come to an end");
  }
  return steps;
};

const allFindings = async (partnerId: number): Promise<readonly CatalogueFinding[]> => {
  const found: CatalogueFinding[] = [];
  for (let at = 0; ;) {
    const page = await catalogue.findings(partnerId, at);
    if (page.findings.length === 0) return found;
    found.push(...page.findings);
    assert.ok(Number(page.next) > at);
    at = Number(page.next);
  }
};

const pairs = (findings: readonly CatalogueFinding[]): readonly string[] =>
  findings.map(({ content, item, distance }) => `${content} ${item} ${distance}`).toSorted();

const assertComplete = (statement: LookBackStatement): void => {
  assert.equal(statement.complete, true);
  assert.equal(statement.searchedSequence, statement.headSequence);
  assert.deepEqual([statement.partsBehind, statement.partsFailed, statement.unaccountedHashes], [0, 0, 0]);
  assert.equal(
    statement.parts.reduce((sum, { hashes }) => sum + hashes, 0),
    statement.hashes,
  );
};

describe("the look-back", () => {
  it("finds what the platform holds when an item joins: by each type, and at 31 bits, not at 32", async () => {
    const partner = await newPartner();
    const value = hex(32);
    const md5 = { type: "md5", value: hex(16) } as const;
    const sha256 = { type: "sha256", value: hex(32) } as const;
    const entries = [
      { content: "same", signals: [plain(value)] },
      { content: "at 30", signals: [plain(near(value, 30))] },
      { content: "at 31", signals: [plain(near(value, 31)), plain(hex(32))] },
      { content: "at 32", signals: [plain(near(value, 32))] },
      { content: "bytes", signals: [md5] },
      { content: "more bytes", signals: [plain(hex(32)), sha256] },
      { content: "other bytes", signals: [{ type: "sha256", value: sha256.value.slice(0, 32) + hex(16) } as const] },
      { content: "a still", signals: [plain(near(value, 200))] },
    ];
    await catalogue.write(partner, entries);
    await settle();
    assert.deepEqual(await catalogue.findings(partner, 0), { findings: [], next: "0" });
    const picture = await addItem(pdq(value), md5, sha256);
    const video = await addItem(frame(1, near(value, 200), 90), frame(2, near(value, 200), 90), frame(3, hex(32), 20));
    const behind = await catalogue.statement(partner, 0);
    assert.deepEqual([behind.complete, behind.partsBehind, behind.parts.length], [false, 3, 3]);
    await settle();
    const found = await allFindings(partner);
    assert.deepEqual(
      pairs(found),
      [
        `same ${picture} 0`,
        `at 30 ${picture} 30`,
        `at 31 ${picture} 31`,
        `bytes ${picture} 0`,
        `more bytes ${picture} 0`,
        `a still ${video} 0`,
      ].toSorted(),
    );
    assert.deepEqual(
      new Set(found.map(({ signalType, bank }) => `${signalType} ${bank}`)),
      new Set(["pdq own", "md5 own", "sha256 own"]),
    );
    assertComplete(await catalogue.statement(partner, 0));
    // The platform's opinion of it goes the same way as of any match.
    const [first] = found;
    await temporary.bank.recordOpinion(partner, first?.match ?? "", "blocked");
    await assert.rejects(temporary.bank.recordOpinion(await newPartner(), first?.match ?? "", "blocked"));
  });

  it("finds in what is registered afterwards what is in the bank already, each partner its own", async () => {
    const value = hex(32);
    const item = await addItem(pdq(value));
    const [one, other] = [await newPartner(), await newPartner()];
    await catalogue.write(one, [{ content: "x", signals: [plain(near(value, 5))] }]);
    await catalogue.write(other, [{ content: "x", signals: [plain(near(value, 7))] }]);
    await settle();
    assert.deepEqual(pairs(await allFindings(one)), [`x ${item} 5`]);
    assert.deepEqual(pairs(await allFindings(other)), [`x ${item} 7`]);
    assert.equal((await catalogue.statement(await newPartner(), 0)).complete, true);
    // A partner can't remove what another has registered.
    assert.deepEqual(await catalogue.remove(other, ["x", "y"]), { removed: 1, absent: 1 });
    assert.deepEqual(pairs(await allFindings(one)), [`x ${item} 5`]);
    assert.deepEqual(pairs(await allFindings(other)), []);
  });

  it("lets go of items that are withdrawn, and of content that is removed", async () => {
    const partner = await newPartner();
    const value = hex(32);
    await catalogue.write(partner, [
      { content: "stays", signals: [plain(value)] },
      { content: "goes", signals: [plain(value)] },
    ]);
    const items = [await addItem(pdq(value)), await addItem(pdq(near(value, 3)))];
    await settle();
    assert.equal((await allFindings(partner)).length, 4);
    await temporary.bank.removeOwnItem(items[0] ?? "");
    // At once, before any step.
    assert.deepEqual(pairs(await allFindings(partner)), [`goes ${items[1]} 3`, `stays ${items[1]} 3`]);
    await catalogue.remove(partner, ["goes"]);
    assert.deepEqual(pairs(await allFindings(partner)), [`stays ${items[1]} 3`]);
    await settle();
    const left = await temporary.database.query<{ count: string }>(
      "select count(*) from catalogue_findings where partner_id = $1",
      [partner],
    );
    assert.equal(left.rows[0]?.count, "1");
    assertComplete(await catalogue.statement(partner, 0));
  });

  it("takes back nothing that is there and tells a conflict, in one batch and across batches", async () => {
    const partner = await newPartner();
    const [a, b] = [plain(hex(32)), plain(hex(32))];
    const write = (entries: Parameters<Catalogue["write"]>[1]) => catalogue.write(partner, entries);
    const first = await write([
      { content: "1", signals: [a] },
      { content: "1", signals: [a] },
      { content: "1", signals: [b] },
      { content: "2", signals: [a, b] },
      { content: "3" },
      { content: "1" },
      { content: "1", signals: [b] },
    ]);
    assert.deepEqual(first, ["added", "unchanged", "conflict", "added", "absent", "removed", "added"]);
    const second = await write([
      { content: "1", signals: [b] },
      { content: "2", signals: [b, a, a] },
      { content: "2", signals: [a] },
      { content: "2" },
      { content: "2", signals: [a] },
    ]);
    assert.deepEqual(second, ["unchanged", "unchanged", "conflict", "removed", "added"]);
    const { contents, hashes } = await catalogue.statement(partner, 0);
    assert.deepEqual([contents, hashes], [2, 4]);
    assert.deepEqual(await catalogue.remove(partner, ["1", "2", "1"]), { removed: 2, absent: 1 });
  });

  it("counts what it is told to have asked before, and does not when the bank is behind that", async () => {
    const partner = await newPartner();
    const value = hex(32);
    const item = await addItem(pdq(value));
    const { sequence } = await temporary.bank.feedHead();
    const probing = (upTo: number) =>
      createCatalogue({
        database: temporary.database,
        probe: () => ({ sequence: upTo, found: [{ itemId: item, signalType: "pdq", distanceBits: 4 }] }),
      });
    const signals = [plain(near(value, 4))];
    assert.deepEqual(await probing(sequence).register(partner, "asked", signals), { outcome: "added", searched: true });
    assert.deepEqual(pairs(await allFindings(partner)), [`asked ${item} 4`]);
    assertComplete(await catalogue.statement(partner, 0));
    const ahead = await probing(sequence + 1).register(partner, "ahead", signals);
    assert.deepEqual(ahead, { outcome: "added", searched: false });
    assert.equal((await catalogue.statement(partner, 0)).complete, false);
    await settle();
    assert.deepEqual(pairs(await allFindings(partner)), [`ahead ${item} 4`, `asked ${item} 4`]);
    assert.deepEqual(await catalogue.register(partner, "ahead", signals), { outcome: "unchanged", searched: false });
    await assert.rejects(catalogue.register(partner, "ahead", [plain(value)]), { code: "content_conflict" });
  });

  it("puts small parts together, and removed hashes out of them", async () => {
    const partner = await newPartner();
    const values = Array.from({ length: 40 }, () => hex(32));
    for (const [number, value] of values.entries()) await catalogue.register(partner, `c${number}`, [plain(value)]);
    assert.equal((await catalogue.statement(partner, 0)).parts.length, 40);
    await settle();
    const together = await catalogue.statement(partner, 0);
    assert.deepEqual(
      together.parts.map(({ hashes }) => hashes),
      [40],
    );
    assertComplete(together);
    await catalogue.remove(
      partner,
      values.slice(0, 10).map((_value, number) => `c${number}`),
    );
    await settle();
    const smaller = await catalogue.statement(partner, 0);
    assert.deepEqual([smaller.contents, smaller.hashes, smaller.parts[0]?.hashes], [30, 30, 30]);
    const { rows } = await temporary.database.query<{ near: Buffer }>(
      "select near from catalogue_parts where partner_id = $1",
      [partner],
    );
    const held = rows.map(({ near: bytes }) => bytes.toString("hex")).join("");
    assert.equal(held.includes(values[9]?.slice(0, 32) ?? ""), false);
    assert.equal(held.includes(values[10]?.slice(0, 32) ?? ""), true);
    const item = await addItem(pdq(near(values[10] ?? "", 8)), pdq(values[9] ?? ""));
    await settle();
    assert.deepEqual(pairs(await allFindings(partner)), [`c10 ${item} 8`]);
    await catalogue.remove(
      partner,
      values.map((_value, number) => `c${number}`),
    );
    await settle();
    const empty = await catalogue.statement(partner, 0);
    assert.deepEqual([empty.contents, empty.hashes, empty.parts], [0, 0, []]);
    assertComplete(empty);
  });

  it("names a part that is damaged, goes on with the others, and is whole again when all is sent again", async () => {
    const partner = await newPartner();
    const values = Array.from({ length: 6 }, () => hex(32));
    const entries = values.map((value, number) => ({ content: `c${number}`, signals: [plain(value)] }));
    await catalogue.write(partner, entries.slice(0, 3));
    await catalogue.write(partner, entries.slice(3));
    await settle();
    const [damaged] = (await catalogue.statement(partner, 0)).parts;
    await temporary.database.query(
      "update catalogue_parts set near = set_byte(near, 5, 255 - get_byte(near, 5)) where id = $1",
      [damaged?.part],
    );
    const item = await addItem(...values.map((value) => pdq(value)));
    const events: LookBackEvent[] = [];
    await settle(temporary.database, events);
    assert.deepEqual(events, [{ event: "catalogue_part_damaged", part: Number(damaged?.part) }]);
    assert.deepEqual(pairs(await allFindings(partner)), [`c3 ${item} 0`, `c4 ${item} 0`, `c5 ${item} 0`]);
    const named = await catalogue.statement(partner, 0);
    assert.deepEqual([named.complete, named.partsFailed, named.partsBehind], [false, 1, 1]);
    const failing = named.parts.filter(({ failure }) => failure !== undefined);
    assert.deepEqual(failing, [{ ...damaged, failure: "catalogue_part_damaged" }]);
    assert.equal(named.searchedSequence, damaged?.searchedSequence);

    const again = await catalogue.write(partner, entries);
    assert.deepEqual(again, ["added", "added", "added", "unchanged", "unchanged", "unchanged"]);
    await settle();
    assert.equal((await allFindings(partner)).length, 6);
    assertComplete(await catalogue.statement(partner, 0));
  });

  it("says so when rows were lost", async () => {
    const partner = await newPartner();
    await catalogue.register(partner, "x", [plain(hex(32))]);
    await catalogue.register(partner, "y", [plain(hex(32))]);
    await settle();
    await temporary.database.query(
      "delete from catalogue_parts where id = (select min(id) from catalogue_parts where partner_id = $1)",
      [partner],
    );
    const { complete, unaccountedHashes } = await catalogue.statement(partner, 0);
    assert.deepEqual([complete, unaccountedHashes], [false, 1]);
  });

  it("writes down all that is found where everything is the same, in bounded portions", async () => {
    const partner = await newPartner();
    const value = hex(32);
    const entries = Array.from({ length: 2_000 }, (_unused, number) => ({
      content: `c${number}`,
      signals: [plain(value)],
    }));
    await catalogue.write(partner, entries);
    for (let number = 0; number < 40; number += 1) await addItem(pdq(value), pdq(near(value, number % 31)));
    await settle();
    const counted = await temporary.database.query<{ count: string }>(
      "select count(*) from catalogue_findings where partner_id = $1",
      [partner],
    );
    assert.equal(counted.rows[0]?.count, "80000");
    const page = await catalogue.findings(partner, 0);
    assert.equal(page.findings.length, 500);
    assert.deepEqual(new Set(page.findings.map(({ distance }) => distance)), new Set([0]));
    assertComplete(await catalogue.statement(partner, 0));
  });
});
