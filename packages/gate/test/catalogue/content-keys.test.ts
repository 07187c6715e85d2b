/** Content ids are found by 128 bits of a digest; what an older version registered is carried over, and the id decides. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { migrate } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import type { CatalogueSignal } from "@recourse/protocol";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { hex } from "../signals.ts";

const pdq = (value: string): CatalogueSignal => ({ type: "pdq", value });

describe("content ids of a catalogue", () => {
  let temporary: TemporaryBank;
  let partner: number;
  before(async () => {
    temporary = await startTemporaryBank({ through: 6 });
    ({ id: partner } = await temporary.bank.addPartner({ name: "platform", role: "gate", key: hex(32) }));
  });
  after(() => temporary.close());

  it("are carried over from a database of an older version, of any script and length", async () => {
    const { database } = temporary;
    const ids = [
      "plain",
      "Ünïcode ✓ العربية",
      "x".repeat(256),
      ...Array.from({ length: 50 }, (_unused, at) => `id ${at}`),
    ];
    const digests = ids.map(() => randomBytes(16).toString("hex"));
    await database.query("insert into catalogues (partner_id, last_number, contents) values ($1, $2, $2)", [
      partner,
      ids.length,
    ]);
    await database.query(
      `insert into catalogue_contents (partner_id, content_id, number, signals_digest)
       select $1, * from unnest($2::text[], $3::bigint[], $4::uuid[])`,
      [partner, ids, ids.map((_unused, at) => at + 1), digests],
    );
    assert.deepEqual(await migrate(database), ["0007-catalogue-keys.sql"]);
    const kept = await database.query<{ content_id: string; number: string; digest: string }>(
      `select content_id, number, translate(signals_digest::text, '-', '') as digest from catalogue_contents
       where partner_id = $1 order by number`,
      [partner],
    );
    assert.deepEqual(
      kept.rows.map((row) => [row.content_id, Number(row.number), row.digest]),
      ids.map((id, at) => [id, at + 1, digests[at]]),
    );
    // The key that the database worked out is the one they are looked for by.
    const catalogue = createCatalogue({ database });
    const outcomes = await catalogue.write(
      partner,
      ids.map((content) => ({ content, signals: [pdq(hex(32))] })),
    );
    assert.deepEqual(new Set(outcomes), new Set(["conflict"]));
    assert.deepEqual(await catalogue.remove(partner, [...ids, "never there"]), { removed: ids.length, absent: 1 });
    assert.deepEqual(await catalogue.register(partner, "plain", [pdq(hex(32))]), { outcome: "added", searched: false });
  });

  it("that share a key are told apart: neither is taken for the other, added over it or removed for it", async () => {
    const { database } = temporary;
    const catalogue = createCatalogue({ database });
    const value = pdq(hex(32));
    await catalogue.register(partner, "first", [value]);
    // As if "first" had another name with the same key: two such ids can't be found.
    await database.query("update catalogue_contents set content_id = 'second' where content_id = 'first'");
    const { contents, hashes } = await catalogue.statement(partner, 0);
    assert.deepEqual(await catalogue.write(partner, [{ content: "first", signals: [value] }]), ["conflict"]);
    await assert.rejects(catalogue.register(partner, "first", [value]), { code: "content_conflict" });
    assert.deepEqual(await catalogue.remove(partner, ["first"]), { removed: 0, absent: 1 });
    const now = await catalogue.statement(partner, 0);
    assert.deepEqual([now.contents, now.hashes], [contents, hashes]);
    const { rows } = await database.query("select 1 from catalogue_contents where content_id = 'second'");
    assert.equal(rows.length, 1);
  });
});
