/**
 * The catalogue with its hashes in ClickHouse: the store, the official client and every statement, on ClickHouse's own
 * engine (CHDB names a folder in whose node_modules chdb is). What PostgreSQL alone finds, this has to find, whatever
 * is killed in between; and a table that is distributed answers as the rows themselves.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startTemporaryBank, type TemporaryBank } from "../../packages/bank/src/testing.ts";
import { type Catalogue, createCatalogue } from "../../packages/gate/src/catalogue/catalogue.ts";
import { createClickHouseColumns } from "../../packages/gate/src/catalogue/clickhouse/clickhouse-columns.ts";
import { type ClickHouseAddress, readClickHouseUrl } from "../../packages/gate/src/catalogue/clickhouse/connect.ts";
import { CREATE_TABLE, HASHES_TABLE, LOCAL_TABLE } from "../../packages/gate/src/catalogue/clickhouse/statements.ts";
import type { FarColumnStore } from "../../packages/gate/src/catalogue/column-store.ts";
import { createLookBack, type LookBackEvent } from "../../packages/gate/src/catalogue/look-back.ts";
import { createColumnScan } from "../../packages/match/src/index.ts";
import type { CatalogueSignal } from "../../packages/protocol/src/index.ts";

const chdb = process.env["CHDB"] ?? "";
const engineFile = fileURLToPath(new URL("clickhouse-engine.ts", import.meta.url));
/** More than go to ClickHouse at once, so that the parts lie there. */
const MANY = 5_000;

interface Engine {
  readonly port: number;
  kill(): Promise<void>;
}

const startEngine = async (folder: string, config?: string): Promise<Engine> => {
  const configFile = join(folder, "config.xml");
  if (config !== undefined) await writeFile(configFile, config);
  const child: ChildProcess = spawn(
    process.execPath,
    [engineFile, chdb, folder, ...(config === undefined ? [] : [configFile])],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.once("data", (bytes: Buffer) => resolve(Number(bytes.toString())));
    child.once("exit", () => reject(new Error("the engine ended before it was up")));
  });
  return {
    port,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
};

/** Statements of the test's own. */
const say = async (engine: Engine, sql: string): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${engine.port}/`, { method: "POST", body: sql });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text.trim();
};

const addressOf = (engine: Engine, more = ""): ClickHouseAddress => {
  const address = readClickHouseUrl(`http://127.0.0.1:${engine.port}/default${more}`);
  assert.ok(address);
  return address;
};

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");

/** The hash with so many bits turned, spread over all of it. */
const turn = (value: string, bits: number): string => {
  const bytes = Buffer.from(value, "hex");
  for (let bit = 0; bit < bits; bit += 1) bytes[bit % 32] = (bytes[bit % 32] ?? 0) ^ (1 << (bit >> 5));
  return bytes.toString("hex");
};

const plain = (value: string): CatalogueSignal => ({ type: "pdq", value });

interface Entry {
  readonly content: string;
  readonly signals: readonly CatalogueSignal[];
}

describe("the catalogue with its hashes in ClickHouse", () => {
  let temporary: TemporaryBank;
  let folder: string;
  let engine: Engine;
  let far: FarColumnStore;
  let catalogue: Catalogue;
  let partners = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "recourse-clickhouse-"));
    engine = await startEngine(folder);
    temporary = await startTemporaryBank();
    far = createClickHouseColumns(addressOf(engine));
    catalogue = createCatalogue({ database: temporary.database, far });
  });
  after(async () => {
    await far.close();
    await temporary.close();
    await engine.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const newPartner = async (): Promise<number> => {
    partners += 1;
    const partner = await temporary.bank.addPartner({ name: `platform ${partners}`, role: "gate", key: hex(32) });
    return partner.id;
  };

  /** Steps until there is nothing left to do. */
  const settle = async (
    store: FarColumnStore | undefined = far,
    events: LookBackEvent[] = [],
    now?: () => Date,
  ): Promise<void> => {
    const lookBack = createLookBack({
      database: temporary.database,
      far: store === undefined ? undefined : () => store,
      onEvent: (event) => events.push(event),
      ...(now !== undefined && { now }),
    });
    for (let steps = 0; await lookBack.step(); steps += 1) assert.ok(steps < 500, "it does not come to an end");
  };

  const found = async (partner: number): Promise<readonly string[]> => {
    const lines: string[] = [];
    for (let at = 0; ;) {
      const page = await catalogue.findings(partner, at);
      if (page.findings.length === 0) return lines.toSorted();
      lines.push(...page.findings.map(({ content, item, distance }) => `${content} ${item} ${distance}`));
      at = Number(page.next);
    }
  };

  const locations = async (partner: number): Promise<readonly string[]> => {
    const { rows } = await temporary.database.query<{ text: string }>(
      `select location || ' ' || type || ' ' || hashes || ' ' || octet_length(near) as text from catalogue_parts
       where partner_id = $1 order by id`,
      [partner],
    );
    return rows.map(({ text }) => text);
  };

  /** A catalogue around some centres: at every distance from 0 to 40, among strangers; and the bytes of some files. */
  const makeEntries = (centres: readonly string[], files: readonly CatalogueSignal[]): readonly Entry[] => [
    ...centres.flatMap((centre, which) =>
      Array.from({ length: 41 }, (_unused, bits) => ({
        content: `near ${which} at ${bits}`,
        signals: [plain(turn(centre, bits))],
      })),
    ),
    ...Array.from({ length: MANY }, (_unused, number) => ({
      content: `stranger ${number}`,
      signals: [plain(hex(32)), { type: "md5", value: hex(16) } as const, { type: "sha256", value: hex(32) } as const],
    })),
    ...files.map((signal, number) => ({ content: `file ${number}`, signals: [signal] })),
  ];

  it("finds what PostgreSQL alone finds, exact to 31 bits, with the same statement", async () => {
    const [one, other] = [await newPartner(), await newPartner()];
    const centres = Array.from({ length: 40 }, () => hex(32));
    const md5 = { type: "md5", value: hex(16) } as const;
    const sha256 = { type: "sha256", value: hex(32) } as const;
    const entries = makeEntries(centres, [md5, sha256]);
    await catalogue.write(one, entries);
    await createCatalogue({ database: temporary.database }).write(other, entries);
    assert.deepEqual(await locations(one), [
      `clickhouse pdq ${MANY + 41 * 40} 0`,
      `clickhouse md5 ${MANY + 1} 0`,
      `clickhouse sha256 ${MANY + 1} 0`,
    ]);
    const items: string[] = [];
    for (const [number, value] of centres.entries()) {
      const signals = [{ type: "pdq", value, quality: 100, kind: "original" } as const];
      items.push((await temporary.bank.addOwnItem(number === 0 ? [...signals, md5, sha256] : signals)).item);
    }
    const behind = await catalogue.statement(one, 0);
    assert.deepEqual([behind.complete, behind.partsBehind], [false, 3]);
    // The second one's parts are in the database, and stay there while nobody knows of ClickHouse; so in a copy of its own.
    await settle();
    const lines = await found(one);
    const expected = centres.flatMap((_centre, which) =>
      Array.from({ length: 32 }, (_unused, bits) => `near ${which} at ${bits} ${items[which]} ${bits}`),
    );
    assert.deepEqual(lines, [...expected, `file 0 ${items[0]} 0`, `file 1 ${items[0]} 0`].toSorted());
    assert.deepEqual(await found(other), lines);
    const [here, there] = [await catalogue.statement(one, 0), await catalogue.statement(other, 0)];
    assert.deepEqual(
      [here.complete, here.contents, here.hashes, here.searchedSequence, here.unaccountedHashes],
      [true, there.contents, there.hashes, there.searchedSequence, 0],
    );
    // What was in the database has moved, and is found there too.
    assert.ok((await locations(other)).every((line) => line.startsWith("clickhouse")));
    const value = turn(centres[3] ?? "", 2);
    const { item } = await temporary.bank.addOwnItem([{ type: "pdq", value, quality: 100, kind: "original" }]);
    await settle();
    const again = (await found(other)).filter((line) => line.includes(item));
    assert.ok(again.length >= 30);
    assert.deepEqual(
      again,
      (await found(one)).filter((line) => line.includes(item)),
    );
  });

  it("asks more hashes than one statement takes, and counts each finding once", async () => {
    const partner = await newPartner();
    const centres = Array.from({ length: 300 }, () => hex(32));
    await catalogue.write(partner, makeEntries(centres.slice(297), []));
    const { item } = await temporary.bank.addOwnItem(
      centres.map((value) => ({ type: "pdq", value, quality: 100, kind: "original" }) as const),
    );
    await settle();
    assert.equal((await found(partner)).filter((line) => line.includes(item)).length, 3 * 32);
  });

  it("takes hashes out that are removed, and deletes their rows", async () => {
    const partner = await newPartner();
    const entries = makeEntries([hex(32)], []);
    await catalogue.write(partner, entries);
    await settle();
    const rows = async (): Promise<number> => {
      const ids = await temporary.database.query<{ id: string }>("select id from catalogue_parts");
      const list = ids.rows.map(({ id }) => id).join(",");
      return Number(await say(engine, `select count() from catalogue_hashes where part not in (${list})`));
    };
    const { hashes } = await catalogue.statement(partner, 0);
    await catalogue.remove(
      partner,
      entries.slice(0, 1_000).map(({ content }) => content),
    );
    await settle(far, [], () => new Date(Date.now() + 2 * 60 * 60 * 1000));
    const smaller = await catalogue.statement(partner, 0);
    const gone = entries.slice(0, 1_000).reduce((sum, { signals }) => sum + signals.length, 0);
    assert.equal(smaller.hashes, hashes - gone);
    assert.equal(smaller.complete, true);
    assert.equal(await rows(), 0, "no row is left of a part that is gone");
    const { rows: left } = await temporary.database.query("select part from catalogue_discarded");
    assert.deepEqual(left, []);
  });

  it("names a part of which rows are missing, searches the others, and is whole when all is sent again", async () => {
    const partner = await newPartner();
    const value = hex(32);
    const entries = makeEntries([value], []).map(({ content, signals }) => ({ content, signals: signals.slice(0, 1) }));
    await catalogue.write(partner, entries);
    await catalogue.write(partner, [{ content: "small", signals: [plain(value)] }]);
    const [part] = (await catalogue.statement(partner, 0)).parts;
    await say(engine, `delete from catalogue_hashes where part = ${part?.part} and number = 1`);
    const { item } = await temporary.bank.addOwnItem([{ type: "pdq", value, quality: 100, kind: "original" }]);
    const events: LookBackEvent[] = [];
    await settle(far, events);
    assert.deepEqual(events, [{ event: "catalogue_part_damaged", part: Number(part?.part) }]);
    assert.deepEqual(await found(partner), [`small ${item} 0`]);
    const named = await catalogue.statement(partner, 0);
    assert.deepEqual([named.complete, named.partsFailed, named.partsBehind], [false, 1, 1]);
    await catalogue.write(partner, entries);
    await settle();
    assert.equal((await found(partner)).length, 33);
    assert.equal((await catalogue.statement(partner, 0)).complete, true);
  });

  it("never counts rows of a registration that was killed before the database knew of it", async () => {
    const partner = await newPartner();
    const value = hex(32);
    const entries = makeEntries([value], []);
    class Killed extends Error {}
    const killing = createCatalogue({
      database: {
        ...temporary.database,
        transaction: (work) =>
          temporary.database.transaction(async (client) => {
            await work(client);
            throw new Killed();
          }),
      },
      far,
    });
    await assert.rejects(killing.write(partner, entries), Killed);
    const { item } = await temporary.bank.addOwnItem([{ type: "pdq", value, quality: 100, kind: "original" }]);
    await settle();
    assert.deepEqual(await found(partner), []);
    assert.equal((await catalogue.statement(partner, 0)).hashes, 0);
    // The rows are there, and go once they are older than a day.
    const orphans = "select uniqExact(part) from catalogue_hashes where written_at < now() - interval 1 day";
    await say(
      engine,
      "alter table catalogue_hashes update written_at = now() - interval 2 day where 1 settings mutations_sync = 2",
    );
    const orphaned = Number(await say(engine, orphans));
    await settle();
    assert.equal(orphaned - Number(await say(engine, orphans)), 3);
    await catalogue.write(partner, entries);
    await settle();
    assert.equal((await found(partner)).filter((line) => line.includes(item)).length, 32);
  });

  it("goes on where it was when the engine or the look-back is killed in the middle", async () => {
    const partner = await newPartner();
    const value = hex(32);
    const { item } = await temporary.bank.addOwnItem([{ type: "pdq", value, quality: 100, kind: "original" }]);
    await catalogue.write(partner, makeEntries([value], []));
    // Killed once its findings are written and before the part is moved on: all of it comes again, and is the same.
    const interrupted = createColumnScan();
    const dying: FarColumnStore = {
      ...createClickHouseColumns(addressOf(engine), interrupted),
      search: async (parts, asked, onFindings) => {
        await far.search(parts, asked, onFindings);
        throw new Error("killed");
      },
    };
    await assert.rejects(settle(dying), /killed/u);
    await dying.close();
    assert.equal((await catalogue.statement(partner, 0)).complete, false);
    await engine.kill();
    await assert.rejects(settle(), { code: "database_unavailable" });
    await assert.rejects(catalogue.write(await newPartner(), makeEntries([hex(32)], [])), {
      code: "database_unavailable",
    });
    assert.equal((await catalogue.statement(partner, 0)).complete, false);
    // What is registered while it is away and is small stays in the database, and is searched there.
    await catalogue.write(partner, [{ content: "meanwhile", signals: [plain(value)] }]);
    const lookBack = createLookBack({ database: temporary.database, far: () => far });
    for (let step = 0; step < 4; step += 1) await lookBack.step().catch(() => {});
    assert.deepEqual(await found(partner), [`meanwhile ${item} 0`]);
    engine = await startEngine(folder);
    far = createClickHouseColumns(addressOf(engine));
    catalogue = createCatalogue({ database: temporary.database, far });
    await settle();
    assert.equal((await found(partner)).filter((line) => line.includes(item)).length, 33);
    assert.equal((await catalogue.statement(partner, 0)).complete, true);
  });
});

describe("a table that is distributed", () => {
  it("is written, searched, counted and read through the table that distributes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "recourse-shard-"));
    // One shard, which is the engine itself: it listens to no other, so a second one can't be had without a server.
    const replica = "<replica><host>127.0.0.1</host><port>9000</port></replica>";
    const config = `<clickhouse><tcp_port>9000</tcp_port><remote_servers><own><shard>${replica}</shard></own></remote_servers></clickhouse>`;
    const engine = await startEngine(folder, config);
    const far = createClickHouseColumns(addressOf(engine, "?cluster=own"));
    try {
      await say(engine, CREATE_TABLE.replace(HASHES_TABLE, LOCAL_TABLE));
      await say(
        engine,
        `create table ${HASHES_TABLE} as ${LOCAL_TABLE} engine = Distributed(own, default, ${LOCAL_TABLE}, intHash64(number))`,
      );
      const hashes = 6_000;
      const numbers = Buffer.alloc(4 * hashes);
      for (let row = 0; row < hashes; row += 1) numbers.writeUInt32LE(row + 1, 4 * row);
      const columns = { near: randomBytes(16 * hashes), rest: randomBytes(16 * hashes), numbers };
      await far.write(77, columns);
      assert.equal(await say(engine, `select count() from ${LOCAL_TABLE}`), String(hashes));
      const part = { id: 77, partnerId: 1, type: "pdq", hashes, checksum: 0, location: "clickhouse" } as const;
      const read = (await far.read([part])).get(77);
      assert.deepEqual(read, columns);
      const rows = Array.from({ length: 100 }, (_unused, at) => at * 60);
      const queries = rows.map((row, at) => {
        const whole = Buffer.concat([
          columns.near.subarray(16 * row, 16 * row + 16),
          columns.rest.subarray(16 * row, 16 * row + 16),
        ]);
        return Buffer.from(turn(whole.toString("hex"), at % 40), "hex");
      });
      const asked = {
        type: "pdq",
        question: { queries: Buffer.concat(queries), hashBytes: 32, radiusBits: 31 },
        itemIds: rows.map((row) => `item ${row}`),
      } as const;
      const lines = new Set<string>();
      const searched = await far.search([part], asked, async (findings) => {
        for (const { contentNumber, itemId, distanceBits } of findings) {
          lines.add(`${contentNumber} ${itemId} ${distanceBits}`);
        }
      });
      assert.deepEqual([...searched], [77]);
      const expected = rows.flatMap((row, at) => (at % 40 <= 31 ? [`${row + 1} item ${row} ${at % 40}`] : []));
      assert.deepEqual([...lines].toSorted(), expected.toSorted());
      // A shard that lost a row: the part does not count as searched.
      await say(engine, `delete from ${LOCAL_TABLE} where number = 17`);
      assert.deepEqual([...(await far.search([part], asked, async () => {}))], []);
    } finally {
      await far.close();
      await engine.kill();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
