/**
 * Figures of the look-back: `lookback.*`. The catalogue of ten million hashes is written as parts, past the registration
 * that `catalogue.register.*` measures; what is found in it belongs to contents that are registered.
 */
import { randomBytes, randomFillSync } from "node:crypto";
import type { Database } from "@recourse/bank";
import { openLocalBank } from "@recourse/bank/embedded";
import { createCatalogue, createLookBack } from "@recourse/gate";
import { createColumnScan } from "@recourse/match";
import { crc32 } from "node:zlib";
import type { Benchmarks, Figure } from "./figure.ts";
import { openClickHouse } from "./lookback-clickhouse.ts";
import { median, timeByTurns, timeRuns } from "./measure.ts";
import { withFolder } from "./server-process.ts";

const HASHES = 10_000_000;
const PART = 65_536;
const ITEMS = 64;
const RADIUS_BITS = 31;
/** What an item of a picture has, without windows: it turned and mirrored. */
const VARIANTS = 8;

interface Columns {
  readonly near: Buffer;
  readonly rest: Buffer;
}

const randomColumns = (hashes: number): Columns => {
  const columns = { near: Buffer.allocUnsafe(16 * hashes), rest: Buffer.allocUnsafe(16 * hashes) };
  for (const column of [columns.near, columns.rest]) {
    for (let at = 0; at < column.length; at += 1 << 20) {
      randomFillSync(column, at, Math.min(1 << 20, column.length - at));
    }
  }
  return columns;
};

const hashAt = ({ near, rest }: Columns, row: number): Buffer =>
  Buffer.concat([near.subarray(16 * row, 16 * row + 16), rest.subarray(16 * row, 16 * row + 16)]);

/** The hash with so many bits turned, spread over all of it. */
const turnBits = (hash: Buffer, bits: number): Buffer => {
  const turned = Buffer.from(hash);
  for (let bit = 0; bit < bits; bit += 1) turned[bit % 32] = (turned[bit % 32] ?? 0) ^ (1 << (bit >> 5));
  return turned;
};

// ---- The kernel by itself, on columns that are in memory.

/** 64 MB a column: more than the caches of the machines measured. */
const KERNEL_HASHES = 4_000_000;

const kernelFigures = async (): Promise<readonly Figure[]> => {
  const columns = randomColumns(KERNEL_HASHES);
  const copy = Buffer.alloc(columns.near.length);
  const noByte = Buffer.alloc(columns.near.length, 1);
  const scan = createColumnScan();
  const figures: Figure[] = [];
  for (const queries of [1, 2, 4, 8, 16, 64, 512, 4_096]) {
    scan.ask({ queries: randomBytes(32 * queries), hashBytes: 32, radiusBits: RADIUS_BITS });
    const rest = scan.needsRest ? columns.rest : undefined;
    const find = (): void => scan.find(columns.near, rest, () => {});
    const options = { runs: queries <= 16 ? 9 : 3, warmUp: 1 };
    // What memory itself costs: the same bytes copied.
    const { oursMs, peerMs } = timeByTurns(find, () => void columns.near.copy(copy), options);
    figures.push({
      figure: `lookback.kernel.x${queries}.ns`,
      value: (1e6 * median(oursMs)) / KERNEL_HASHES,
      unit: "ns",
      n: oursMs.length,
      peer: "copying the first column (memcpy)",
      peerValue: (1e6 * median(peerMs)) / KERNEL_HASHES,
    });
    if (queries > 1) continue;
    // And read only, 32 bytes an instruction: looked through for a byte that is not there.
    const { peerMs: readMs } = timeByTurns(find, () => void noByte.indexOf(0), options);
    const gbPerS = (ms: number): number => columns.near.length / 1e6 / ms;
    figures.push(
      {
        figure: "lookback.kernel.x1.gb_per_s",
        value: gbPerS(median(oursMs)),
        unit: "GB/s",
        n: oursMs.length,
        peer: "copying the same bytes (memcpy)",
        peerValue: gbPerS(median(peerMs)),
      },
      {
        figure: "lookback.kernel.x1_read.gb_per_s",
        value: gbPerS(median(oursMs)),
        unit: "GB/s",
        n: readMs.length,
        peer: "reading the same bytes (memchr)",
        peerValue: gbPerS(median(readMs)),
      },
    );
  }
  return figures;
};

// ---- Ten million hashes in PostgreSQL.

/** Bits in which two words differ (Warren, Hacker's Delight, 5-1). */
const bitsOf = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** The peer that is always there: each hash against each query, word by word, as one would write it down. */
const scanPlainly = (parts: readonly Columns[], queries: readonly Buffer[]): number => {
  const asked = queries.map((query) => new Int32Array(Uint8Array.from(query).buffer));
  let hits = 0;
  for (const { near, rest } of parts) {
    const [a, b] = [near, rest].map((column) => new Int32Array(column.buffer, column.byteOffset, column.length / 4));
    if (a === undefined || b === undefined) continue;
    for (let row = 0; row < a.length; row += 4) {
      for (const query of asked) {
        let bits = bitsOf(a[row]! ^ query[0]!) + bitsOf(a[row + 1]! ^ query[1]!) + bitsOf(a[row + 2]! ^ query[2]!);
        for (let word = 3; word < 8 && bits <= RADIUS_BITS; word += 1) {
          bits += bitsOf((word < 4 ? a[row + word]! : b[row + word - 4]!) ^ query[word]!);
        }
        if (bits <= RADIUS_BITS) hits += 1;
      }
    }
  }
  return hits;
};

/** Writes parts as the catalogue writes them, with numbers that no content has, but for the first hash of each. */
const fill = async (database: Database, partnerId: number, parts: readonly Columns[]): Promise<void> => {
  await database.query("insert into catalogues (partner_id, last_number) values ($1, $2)", [partnerId, HASHES]);
  for (const [part, { near, rest }] of parts.entries()) {
    const hashes = near.length / 16;
    const numbers = Buffer.alloc(4 * hashes);
    for (let row = 0; row < hashes; row += 1) numbers.writeUInt32LE(part * PART + row + 1, 4 * row);
    const checksum = crc32(numbers, crc32(rest, crc32(near)));
    const first = part * PART + 1;
    await database.query(
      `insert into catalogue_parts (partner_id, type, hashes, first_number, last_number, near, rest, numbers, checksum)
       values ($1, 'pdq', $2, $3, $4, $5, $6, $7, $8)`,
      [partnerId, hashes, first, first + hashes - 1, near, rest, numbers, checksum],
    );
    await database.query(
      `insert into catalogue_contents (partner_id, content_key, content_id, number, signals_digest)
       values ($1, gen_random_uuid(), $2, $3, gen_random_uuid())`,
      [partnerId, `first of part ${part}`, first],
    );
  }
};

const lookBackFigures = (): Promise<readonly Figure[]> =>
  withFolder(async (folder) => {
    const local = await openLocalBank({ env: {}, dataDir: folder });
    try {
      const { bank, database } = local;
      const { id: partnerId } = await bank.addPartner({
        name: "bench",
        role: "gate",
        key: randomBytes(16).toString("hex"),
      });
      const parts = Array.from({ length: Math.ceil(HASHES / PART) }, (_unused, part) =>
        randomColumns(Math.min(PART, HASHES - part * PART)),
      );
      await fill(database, partnerId, parts);
      const catalogue = createCatalogue({ database });
      let listed = "0";

      /** Adds 64 items, each near the first hash of a part, and answers the seconds a step takes and the hashes. */
      const lookBackOnce = async (
        lookBack: ReturnType<typeof createLookBack>,
        variants: number,
      ): Promise<{ readonly seconds: number; readonly queries: readonly Buffer[] }> => {
        const sets = Array.from({ length: ITEMS }, (_unused, item) => {
          const known = parts[(item * 7) % parts.length];
          if (known === undefined) throw new Error("there is no such part");
          return [
            turnBits(hashAt(known, 0), item % 32),
            ...Array.from({ length: variants - 1 }, () => randomBytes(32)),
          ];
        });
        await bank.addOwnItems(
          sets.map((hashes) => hashes.map((hash) => ({ type: "pdq" as const, value: hash.toString("hex") }))),
        );
        const startedAt = performance.now();
        let steps = 0;
        while ((await catalogue.statement(partnerId, 0)).partsBehind > 0 && (await lookBack.step())) steps += 1;
        const seconds = (performance.now() - startedAt) / 1000;
        const page = await catalogue.findings(partnerId, Number(listed));
        listed = page.next;
        // Exactly those that were put there, at their distances: nothing else is near by chance.
        const found = page.findings.map(({ distance }) => distance).toSorted((a, b) => a - b);
        const expected = sets.map((_set, item) => item % 32).toSorted((a, b) => a - b);
        if (JSON.stringify(found) !== JSON.stringify(expected) || steps !== 1) {
          throw new Error(`the look-back found ${found.length} in ${steps} steps`);
        }
        return { seconds, queries: sets.flat() };
      };

      const cold: number[] = [];
      for (let run = 0; run < 3; run += 1) {
        const lookBack = createLookBack({ database, memoryBytes: 0 });
        cold.push((await lookBackOnce(lookBack, VARIANTS)).seconds);
      }
      const warm = createLookBack({ database });
      await lookBackOnce(warm, 1);
      const single: number[] = [];
      const whole: number[] = [];
      let queries: readonly Buffer[] = [];
      for (let run = 0; run < 5; run += 1) {
        const one = await lookBackOnce(warm, 1);
        single.push(one.seconds);
        queries = one.queries;
        whole.push((await lookBackOnce(warm, VARIANTS)).seconds);
      }
      let hits = 0;
      const [plainMs = 0] = timeRuns(() => (hits = scanPlainly(parts, queries)), { runs: 1, warmUp: 0 });
      if (hits !== ITEMS) throw new Error(`the plain scan found ${hits}`);
      // Beside what is measured the peer in full, in the same run, with the same hashes.
      const clickHouse = openClickHouse(parts);
      const peer =
        clickHouse === undefined
          ? { peer: "plain scan in TypeScript", peerValue: plainMs / 1000 }
          : { peer: "ClickHouse (chdb), one thread", peerValue: median(clickHouse.seconds(queries, ITEMS, 3)) };
      clickHouse?.close();
      const figure = (name: string, values: readonly number[]) => ({
        figure: `lookback.${name}.s`,
        value: median(values),
        unit: "s",
        n: values.length,
      });
      return [
        { ...figure("10M_x64", single), ...peer },
        { figure: "lookback.10M_x64_plain.s", value: plainMs / 1000, unit: "s", n: 1 },
        figure("10M_x64_variants", whole),
        figure("10M_x64_from_disk", cold),
      ];
    } finally {
      await local.close();
    }
  });

export const figures: Benchmarks = {
  "lookback.kernel.": kernelFigures,
  "lookback.10M_": lookBackFigures,
};
