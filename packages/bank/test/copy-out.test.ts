import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";

describe("reading columns of bytes", () => {
  let temporary: TemporaryBank;
  before(async () => {
    temporary = await startTemporaryBank();
    await temporary.database.query("create table pieces (id int, bytes bytea, more bytea)");
  });
  after(() => temporary.close());

  const read = async (query: string): Promise<readonly (readonly (string | null)[])[]> => {
    const rows: (readonly (string | null)[])[] = [];
    await temporary.database.readBytes(query, (fields) =>
      rows.push(fields.map((field) => (field === null ? null : field.toString("hex")))),
    );
    return rows;
  };

  it("hands over every row as it is, small and large, empty and null, and none of no rows", async () => {
    const { database } = temporary;
    const pieces = [0, 1, 65_535, 65_536, 65_537, 3_000_000].map((size) => randomBytes(size));
    for (const [id, bytes] of pieces.entries()) {
      await database.query("insert into pieces values ($1, $2, $3)", [id, bytes, id % 2 === 0 ? null : bytes]);
    }
    const rows = await read("select bytes, more from pieces order by id");
    assert.deepEqual(
      rows,
      pieces.map((bytes, id) => [bytes.toString("hex"), id % 2 === 0 ? null : bytes.toString("hex")]),
    );
    assert.deepEqual(await read("select bytes from pieces where id > 99"), []);
  });

  it("leaves the connection of use after a mistake in the query, a throw and a server that goes away", async () => {
    const { database } = temporary;
    await assert.rejects(read("select nothing from nowhere"), /nowhere/);
    const stop = new Error("stop");
    await assert.rejects(
      database.readBytes("select bytes from pieces", () => {
        throw stop;
      }),
      stop,
    );
    await assert.rejects(read("select null::bytea from pg_terminate_backend(pg_backend_pid())"), {
      code: "database_unavailable",
    });
    assert.equal((await read("select bytes from pieces")).length, 6);
    // One connection after the other, more than the pool has.
    for (let turn = 0; turn < 12; turn += 1) await assert.rejects(read("select nothing from nowhere"));
    assert.equal((await database.query<{ one: number }>("select 1 as one")).rows[0]?.one, 1);
  });
});
