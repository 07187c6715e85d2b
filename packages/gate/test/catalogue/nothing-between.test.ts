/**
 * Nothing falls between: items come and go, content is registered and removed, and the look-back runs, all at once, each
 * of them killed again and again before or right after a commit. In the end what is listed is exactly what is there.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import type { CatalogueEntry } from "@recourse/protocol";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { createLookBack } from "../../src/catalogue/look-back.ts";
import { hex, near, pdq } from "../signals.ts";

/** Whole numbers below a limit, from a seed (xorshift32). */
const randomFrom = (seed: number): ((limit: number) => number) => {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
};

class Killed extends Error {}

/** The same database, whose transactions are killed one time in `every`: by turns before and after their commit. */
const killing = (
  database: Database,
  every: number,
  random: (limit: number) => number,
  count: () => void,
): Database => ({
  ...database,
  async transaction(work) {
    const isKilled = random(every) === 0;
    if (!isKilled) return database.transaction(work);
    count();
    const isBefore = random(2) === 0;
    await database.transaction(async (client) => {
      await work(client);
      if (isBefore) throw new Killed();
    });
    throw new Killed();
  },
});

const bitsBetween = (a: string, b: string): number => {
  const other = Buffer.from(b, "hex");
  let bits = 0;
  for (const [at, byte] of Buffer.from(a, "hex").entries()) {
    for (let rest = byte ^ (other[at] ?? 0); rest > 0; rest >>= 1) bits += rest & 1;
  }
  return bits;
};

describe("items, content and the look-back at once", () => {
  let temporary: TemporaryBank;
  before(async () => {
    temporary = await startTemporaryBank();
  });
  after(() => temporary.close());

  for (const seed of [1, 2, 3]) {
    it(`lists in the end exactly what is there (${seed})`, async () => {
      const { bank, database } = temporary;
      const random = randomFrom(seed * 7919);
      const partner = await bank.addPartner({ name: "platform", role: "gate", key: hex(32) });
      // All of it around a few hashes, so that much is near much, up to and beyond the limit.
      const centres = Array.from({ length: 3 }, () => hex(32));
      const nextValue = (): string => near(centres[random(centres.length)] ?? "", random(24), random(1_000));
      let kills = 0;
      const count = (): void => {
        kills += 1;
      };
      let busy = 2;

      const items = new Map<string, string>();
      const changeItems = async (): Promise<void> => {
        for (let change = 0; change < 60; change += 1) {
          const [old] = items.keys();
          if (old !== undefined && random(3) === 0) {
            items.delete(old);
            await bank.removeOwnItem(old);
          } else {
            const value = nextValue();
            const { item } = await bank.addOwnItem([pdq(value)]);
            items.set(item, value);
          }
          await nextTurn();
        }
        busy -= 1;
      };

      const contents = new Map<string, string>();
      const registering = createCatalogue({ database: killing(database, 4, random, count) });
      const changeContent = async (): Promise<void> => {
        for (let change = 0; change < 60; change += 1) {
          const entries = Array.from({ length: 1 + random(5) }, (): CatalogueEntry => {
            const content = `c${random(80)}`;
            if (contents.has(content)) {
              contents.delete(content);
              return { content };
            }
            const value = nextValue();
            contents.set(content, value);
            return { content, signals: [{ type: "pdq", value }] };
          });
          // A sender that does not know whether it was kept sends it again.
          for (let isSent = false; !isSent;) {
            isSent = await registering.write(partner.id, entries).then(
              () => true,
              (error: unknown) => {
                assert.ok(error instanceof Killed);
                return false;
              },
            );
          }
          await nextTurn();
        }
        busy -= 1;
      };

      const lookBack = async (): Promise<void> => {
        while (busy > 0) {
          const memoryBytes = random(2) * 1024 * 1024;
          const life = createLookBack({ database: killing(database, 5, random, count), memoryBytes });
          try {
            while (busy > 0) await life.step();
          } catch (error) {
            assert.ok(error instanceof Killed);
          }
        }
      };

      await Promise.all([changeItems(), changeContent(), lookBack()]);
      const last = createLookBack({ database });
      while (await last.step());

      const catalogue = createCatalogue({ database });
      const listed: string[] = [];
      for (let at = "0", page = await catalogue.findings(partner.id, 0); page.findings.length > 0;) {
        listed.push(...page.findings.map(({ content, item, distance }) => `${content} ${item} ${distance}`));
        at = page.next;
        page = await catalogue.findings(partner.id, Number(at));
      }
      const expected = [...contents].flatMap(([content, value]) =>
        [...items].flatMap(([item, other]) => {
          const distance = bitsBetween(value, other);
          return distance <= 31 ? [`${content} ${item} ${distance}`] : [];
        }),
      );
      assert.ok(expected.length > 50 && kills > 10, `${expected.length} pairs, ${kills} kills`);
      assert.deepEqual(listed.toSorted(), expected.toSorted());
      const { complete, contents: registered } = await catalogue.statement(partner.id, 0);
      assert.deepEqual([complete, registered], [true, contents.size]);
    });
  }
});
