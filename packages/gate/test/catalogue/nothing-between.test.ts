/**
 * Nothing falls between: items come and go, content is registered and removed, and the look-back runs, all at once, each
 * of them killed again and again before or right after a commit. In the end what is listed is exactly what is there.
 */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import type { CatalogueEntry } from "@recourse/protocol";
import { createCatalogue } from "../../src/catalogue/catalogue.ts";
import { holdFindings } from "../../src/catalogue/findings.ts";
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
      // Of its own for each who acts: what is there in the end is then the same whoever is slow.
      const randomOf = (actor: number) => randomFrom(seed * 7919 + actor * 104_729);
      const partner = await bank.addPartner({ name: "platform", role: "gate", key: hex(32) });
      // All of it around a few hashes, so that much is near much, up to and beyond the limit.
      const centres = [0, 1, 2].map((at) => hash("sha256", `${seed} ${at}`, "hex"));
      const nextValue = (random: (limit: number) => number): string =>
        near(centres[random(centres.length)] ?? "", random(24), random(1_000));
      let kills = 0;
      const count = (): void => {
        kills += 1;
      };
      let busy = 2;

      const items = new Map<string, string>();
      const changeItems = async (): Promise<void> => {
        const random = randomOf(1);
        for (let change = 0; change < 60; change += 1) {
          const [old] = items.keys();
          if (old !== undefined && random(3) === 0) {
            items.delete(old);
            await bank.removeOwnItem(old);
          } else {
            const value = nextValue(random);
            const { item } = await bank.addOwnItem([pdq(value)]);
            items.set(item, value);
          }
          await nextTurn();
        }
        busy -= 1;
      };

      const contents = new Map<string, string>();
      const registering = createCatalogue({ database: killing(database, 4, randomOf(2), count) });
      const changeContent = async (): Promise<void> => {
        const random = randomOf(3);
        for (let change = 0; change < 60; change += 1) {
          const entries = Array.from({ length: 1 + random(5) }, (): CatalogueEntry => {
            const content = `c${random(80)}`;
            if (contents.has(content)) {
              contents.delete(content);
              return { content };
            }
            const value = nextValue(random);
            contents.set(content, value);
            return { content, signals: [{ type: "pdq", value }] };
          });
          // A sender that does not know whether it was kept sends it again.
          for (let isSent = false; !isSent;) {
            isSent = await registering.write(partner.id, entries).then(
              () => true,
              (error: unknown) => {
                if (!(error instanceof Killed)) throw error;
                return false;
              },
            );
          }
          await nextTurn();
        }
        busy -= 1;
      };

      const lookBack = async (): Promise<void> => {
        const random = randomOf(4);
        while (busy > 0) {
          const memoryBytes = random(2) * 1024 * 1024;
          const life = createLookBack({ database: killing(database, 5, random, count), memoryBytes });
          try {
            while (busy > 0) await life.step();
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
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

  it("removes content only once no finding can be on its way, so that neither waits for the other in a circle", async () => {
    const { bank, database } = temporary;
    const partner = await bank.addPartner({ name: "another platform", role: "gate", key: hex(32) });
    const catalogue = createCatalogue({ database });
    await catalogue.write(partner.id, [{ content: "a", signals: [{ type: "pdq", value: hex(32) }] }]);
    const lookBack = await database.connect();
    const other = await database.connect();
    try {
      // As the look-back does from before its first finding to its commit.
      await lookBack.query("begin");
      await holdFindings(lookBack, [partner.id]);
      const removal = catalogue.remove(partner.id, ["a"]);
      const isWaiting = async (): Promise<boolean> => {
        const found = await other.query<{ waiting: boolean }>(
          "select exists (select 1 from pg_locks where locktype = 'advisory' and not granted and objid = $1) as waiting",
          [partner.id],
        );
        return found.rows[0]?.waiting === true;
      };
      for (const until = Date.now() + 10_000; !(await isWaiting());) {
        assert.ok(Date.now() < until, "the removal does not wait");
        await nextTurn();
      }
      // While it waits, the content is free for whoever looks it up to write a finding.
      const held = await lookBack.query("select 1 from catalogue_contents where partner_id = $1 for key share nowait", [
        partner.id,
      ]);
      assert.equal(held.rowCount, 1);
      await lookBack.query("commit");
      assert.deepEqual(await removal, { removed: 1, absent: 0 });
    } finally {
      await Promise.all([lookBack.end(), other.end()]);
    }
  });

  // Before the findings were held first, PostgreSQL ended one of the two for a deadlock within seconds.
  it("registers and removes much at once while as much is found of it, and nobody is turned away", async () => {
    const { bank, database } = temporary;
    const random = randomFrom(104_729);
    const partner = await bank.addPartner({ name: "busy platform", role: "gate", key: hex(32) });
    const centre = hex(32);
    // Everything is near everything: each step touches the rows of the other, in any order.
    const nextSignal = () => ({ type: "pdq" as const, value: near(centre, random(8), random(1_000)) });
    const catalogue = createCatalogue({ database });
    const someContents = (): readonly string[] =>
      Array.from({ length: 60 }, (_unused, at) => ({ content: `busy-${at}`, at: random(1_000) }))
        .toSorted((a, b) => a.at - b.at)
        .slice(0, 40)
        .map(({ content }) => content);
    let isOver = false;

    const changeContent = async (): Promise<void> => {
      for (let round = 0; round < 40; round += 1) {
        for (let time = 0; time < 2; time += 1) {
          await catalogue.write(
            partner.id,
            someContents().map((content): CatalogueEntry => ({ content, signals: [nextSignal()] })),
          );
        }
        await catalogue.remove(partner.id, someContents());
      }
    };
    const changeItems = async (): Promise<void> => {
      const items: string[] = [];
      while (!isOver) {
        const added = await bank.addOwnItems(Array.from({ length: 4 }, () => [nextSignal()]));
        items.push(...added.map(({ item }) => item));
        while (items.length > 8) await bank.removeOwnItem(items.shift() ?? "");
      }
    };
    const lookBack = createLookBack({ database });
    const searchAll = async (): Promise<void> => {
      while (!isOver) await lookBack.step();
    };

    const ending = changeContent().finally(() => {
      isOver = true;
    });
    await Promise.all([ending, changeItems(), searchAll()]);
    while (await lookBack.step());
    assert.equal((await catalogue.statement(partner.id, 0)).complete, true);
  });
});
