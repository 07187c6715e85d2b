import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { NewItem, Signal } from "@recourse/protocol";
import type { CaseAccess } from "../src/index.ts";
import { matchId, partnerKeyName } from "../src/index.ts";
import { startTemporaryBank, type TemporaryBank } from "../src/testing.ts";

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const pdq = (value = hex(32)): Signal => ({ type: "pdq", value, quality: 90, kind: "original" });
const item = (...signals: readonly Signal[]): NewItem => ({
  itemId: randomUUID(),
  media: "image",
  signals: signals.length > 0 ? [...signals] : [pdq()],
});
const code = (expected: string) => (error: unknown) =>
  error instanceof Error && "code" in error && error.code === expected;

let temporary: TemporaryBank;
before(async () => {
  temporary = await startTemporaryBank();
});
after(() => temporary.close());

let numbers = 0;
const openCase = async (recoveryTokens: readonly string[] = []): Promise<CaseAccess> => {
  numbers += 1;
  const access = { caseNumber: `RC-0000-0000-${String(numbers).padStart(4, "0")}`, caseToken: hex(32) };
  await temporary.bank.openCase({
    caseNumber: access.caseNumber,
    accessVerifier: sha256(access.caseToken),
    recoveryVerifiers: recoveryTokens.map(sha256),
  });
  return access;
};

describe("cases", () => {
  it("opens by number and key, and refuses a wrong number and a wrong key alike", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const status = await bank.caseStatus(access);
    assert.equal(status.state, "open");
    assert.deepEqual(status.items, []);
    await assert.rejects(bank.caseStatus({ ...access, caseToken: hex(32) }), code("case_access_denied"));
    await assert.rejects(bank.caseStatus({ ...access, caseNumber: "RC-ZZZZ-ZZZZ-ZZZZ" }), code("case_access_denied"));
  });

  it("keeps no token, only its hash", async () => {
    const access = await openCase();
    const dump = await temporary.database.query<{ row: string }>("select cases::text as row from cases");
    const text = dump.rows.map((row) => row.row).join("\n");
    assert.ok(text.includes(sha256(access.caseToken)));
    assert.ok(!text.includes(access.caseToken));
  });

  it("lets the same device repeat the opening, and nobody else take the number", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const again = { caseNumber: access.caseNumber, recoveryVerifiers: [] };
    await bank.openCase({ ...again, accessVerifier: sha256(access.caseToken) });
    await assert.rejects(bank.openCase({ ...again, accessVerifier: hex(32) }), code("case_number_taken"));
  });

  it("adds an item once however often it is sent, and refuses other signals under its id", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const headBefore = (await bank.feedHead()).sequence;
    const one = item(pdq(), { type: "md5", value: hex(16) });
    await bank.addCaseItems(access, [one]);
    const status = await bank.addCaseItems(access, [one, one]);
    assert.equal(status.items.length, 1);
    assert.equal(status.items[0]?.signalCount, 2);
    assert.equal((await bank.feedHead()).sequence, headBefore + 1);
    await assert.rejects(bank.addCaseItems(access, [{ ...one, signals: [pdq()] }]), code("item_conflict"));
    const stranger = await openCase();
    await assert.rejects(bank.addCaseItems(stranger, [one]), code("item_conflict"));
  });

  it("adds all items of a request or none", async () => {
    const { bank } = temporary;
    const access = await openCase();
    const taken = item();
    await bank.addCaseItems(access, [taken]);
    await assert.rejects(bank.addCaseItems(access, [item(), { ...taken, signals: [pdq()] }]), code("item_conflict"));
    assert.equal((await bank.caseStatus(access)).items.length, 1);
  });

  it("refuses signals of a wrong length before anything is written", async () => {
    const access = await openCase();
    for (const value of ["", "ab", hex(31), hex(33), `${hex(31)}zz`, hex(32).toUpperCase() + "A"]) {
      await assert.rejects(temporary.bank.addCaseItems(access, [item({ type: "pdq", value })]), code("signal_invalid"));
    }
  });

  it("withdraws an item, deletes its signals, and repeats without harm", async () => {
    const { bank, database } = temporary;
    const access = await openCase();
    const kept = item();
    const gone = item();
    await bank.addCaseItems(access, [kept, gone]);
    const status = await bank.withdraw(access, [gone.itemId]);
    assert.deepEqual(
      status.items.map(({ itemId, state }) => [itemId, state]),
      [
        [kept.itemId, "active"],
        [gone.itemId, "withdrawn"],
      ],
    );
    const left = await database.query("select 1 from signals where item_id = $1", [gone.itemId]);
    assert.equal(left.rowCount, 0);
    // Nor does anything else stay that a picture could be compared with.
    const digests = await database.query<{ digest: Buffer }>(
      "select signals_digest as digest from items where id = $1",
      [gone.itemId],
    );
    assert.equal(digests.rows[0]?.digest.length, 0);
    await bank.addCaseItems(access, [gone]);
    const head = (await bank.feedHead()).sequence;
    await bank.withdraw(access, [gone.itemId]);
    assert.equal((await bank.feedHead()).sequence, head);
    await assert.rejects(bank.withdraw(access, [randomUUID()]), code("item_unknown"));
  });

  it("withdraws a whole case; it takes no more items", async () => {
    const { bank } = temporary;
    const access = await openCase();
    await bank.addCaseItems(access, [item(), item()]);
    const status = await bank.withdraw(access);
    assert.equal(status.state, "withdrawn");
    assert.ok(status.items.every(({ state }) => state === "withdrawn"));
    await assert.rejects(bank.addCaseItems(access, [item()]), code("case_withdrawn"));
  });

  it("exchanges a recovery code for a new key, once", async () => {
    const { bank } = temporary;
    const recoveryToken = hex(32);
    const access = await openCase([recoveryToken, hex(32)]);
    const newToken = hex(32);
    const request = { caseNumber: access.caseNumber, recoveryToken, newAccessVerifier: sha256(newToken) };
    const status = await bank.recoverCase(request);
    assert.equal(status.recoveryCodesLeft, 1);
    await bank.caseStatus({ ...access, caseToken: newToken });
    await assert.rejects(bank.caseStatus(access), code("case_access_denied"));
    // The answer was lost: the same request again is no second use. Another key is.
    assert.equal((await bank.recoverCase(request)).recoveryCodesLeft, 1);
    await assert.rejects(bank.recoverCase({ ...request, newAccessVerifier: hex(32) }), code("case_access_denied"));
  });
});

describe("the feed", () => {
  it("has no gaps and no order but that of commits, under many writers and failures", async () => {
    const { bank } = temporary;
    const start = (await bank.feedHead()).sequence;
    const seen: number[] = [];
    const reader = bank.followFeed({
      after: start,
      pageSize: 7,
      onEntries: (entries) => {
        seen.push(...entries.map((entry) => entry.sequence));
      },
    });
    const access = await openCase();
    const taken = item();
    await bank.addCaseItems(access, [taken]);
    const writers = Array.from({ length: 8 }, async (_unused, writer) => {
      for (let round = 0; round < 12; round += 1) {
        if (round % 4 === 3) {
          await assert.rejects(bank.addCaseItems(access, [item(), { ...taken, signals: [pdq()] }]));
        } else if (writer % 2 === 0) {
          await bank.addCaseItems(access, [item(), item()]);
        } else {
          const added = await bank.addOwnItem([pdq()]);
          await bank.removeOwnItem(added.item);
        }
      }
    });
    await Promise.all(writers);
    await reader.catchUp();
    await reader.close();
    const head = (await bank.feedHead()).sequence;
    assert.equal(head - start, 1 + 8 * 9 * 2);
    assert.deepEqual(
      seen,
      Array.from({ length: head - start }, (_unused, index) => start + 1 + index),
    );
  });

  it("offers a page again when its reader failed, and resumes from a sequence number", async () => {
    const { bank } = temporary;
    const start = (await bank.feedHead()).sequence;
    await bank.addOwnItem([pdq()]);
    await bank.addOwnItem([pdq()]);
    let failures = 2;
    const seen: number[] = [];
    const reader = bank.followFeed({
      after: start + 1,
      onEntries: (entries) => {
        failures -= 1;
        if (failures >= 0) throw new Error("not now");
        seen.push(...entries.map((entry) => entry.sequence));
      },
    });
    const until = Date.now() + 10_000;
    while (seen.length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    await reader.close();
    assert.deepEqual(seen, [start + 2]);
  });

  it("finds a change whose notification was lost", async () => {
    const { bank, database } = temporary;
    const start = (await bank.feedHead()).sequence;
    const seen: number[] = [];
    const connected = Promise.withResolvers<boolean>();
    const reader = bank.followFeed({
      after: start,
      pollMs: 300,
      onEntries: (entries) => {
        seen.push(...entries.map((entry) => entry.sequence));
      },
      onConnection: connected.resolve,
    });
    assert.equal(await connected.promise, true);
    const known = await database.query<{ item_id: string }>("select item_id from feed limit 1");
    // A writer that forgets to notify: the same as a notification that never arrives.
    await database.query(
      "with head as (update feed_head set sequence = sequence + 1 returning sequence) insert into feed select sequence, 'withdraw', $1, now() from head",
      [known.rows[0]?.item_id],
    );
    const until = Date.now() + 10_000;
    while (seen.length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    await reader.close();
    assert.deepEqual(seen, [start + 1]);
  });
});

describe("matches and opinions", () => {
  it("shows the person what partners found, and no more than they allow", async () => {
    const { bank } = temporary;
    const silent = await bank.addPartner({ name: "Silent", role: "gate", key: hex(16) });
    const open = await bank.addPartner({ name: "Open", role: "gate", key: hex(16), disclosesName: true });
    const access = await openCase();
    const one = item();
    await bank.addCaseItems(access, [one]);
    const match = (partnerId: number, query: string) => ({
      id: matchId(partnerId, one.itemId, query),
      partnerId,
      itemId: one.itemId,
      signalType: "pdq" as const,
      distanceBits: 3,
    });
    const found = async () => (await bank.caseStatus(access)).items[0]?.found;

    await bank.recordMatches([match(silent.id, "a"), match(silent.id, "a"), match(silent.id, "b")]);
    assert.deepEqual(await found(), { platforms: 1, blocked: 0, names: [] });
    await bank.recordMatches([match(silent.id, "a")]);
    const counted = await temporary.database.query<{ times: number }>(
      "select times from matches where id = any($1::uuid[]) order by times",
      [[match(silent.id, "a").id, match(silent.id, "b").id]],
    );
    assert.deepEqual(
      counted.rows.map(({ times }) => times),
      [1, 3],
    );
    await bank.recordOpinion(silent.id, match(silent.id, "a").id, "blocked");
    assert.deepEqual(await found(), { platforms: 1, blocked: 1, names: [] });
    await bank.recordMatches([match(open.id, "a")]);
    assert.deepEqual(await found(), { platforms: 2, blocked: 1, names: ["Open"] });
    await bank.recordOpinion(open.id, match(open.id, "a").id, "false_match");
    assert.deepEqual(await found(), { platforms: 1, blocked: 1, names: [] });
    await assert.rejects(bank.recordOpinion(open.id, match(silent.id, "a").id, "blocked"), code("match_unknown"));
  });

  it("keeps no key, and takes name and disclosure as they are given last", async () => {
    const { bank, database } = temporary;
    const key = `key-${hex(16)}`;
    const partner = await bank.addPartner({ name: "One", role: "gate", key, disclosesName: true });
    const listed = await bank.listPartners();
    assert.ok(listed.some(({ id, keyName }) => id === partner.id && keyName === partnerKeyName(key)));
    assert.ok(listed.every(({ keyName }) => keyName !== partnerKeyName(`${key}x`)));
    assert.deepEqual(await bank.addPartner({ name: "Two", role: "admin", key }), partner);
    const dump = await database.query<{ row: string }>("select partners::text as row from partners");
    assert.ok(dump.rows.every(({ row }) => !row.includes(key)));
    assert.ok(dump.rows.some(({ row }) => row.includes("Two")));
    assert.ok(dump.rows.every(({ row }) => !row.includes("One")));
    // A revoked key stays revoked, whoever gives it again.
    await database.query("update partners set revoked_at = now() where id = $1", [partner.id]);
    await bank.addPartner({ name: "Two", role: "gate", key });
    assert.ok((await bank.listPartners()).every(({ id }) => id !== partner.id));
  });
});

describe("a platform's own bank", () => {
  it("adds, lists by page, finds by value and removes", async () => {
    const { bank } = temporary;
    const value = hex(32);
    const first = await bank.addOwnItem([pdq(value)]);
    await bank.addOwnItems([[pdq()], [pdq()]]);
    assert.deepEqual(
      (await bank.findOwnItems(value)).map((found) => found.item),
      [first.item],
    );
    const all: string[] = [];
    let page = await bank.listOwnItems({ limit: 2 });
    for (;;) {
      all.push(...page.items.map((listed) => listed.item));
      if (page.next === undefined) break;
      page = await bank.listOwnItems({ after: page.next, limit: 2 });
    }
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.includes(first.item));
    await bank.removeOwnItem(first.item);
    assert.deepEqual(await bank.findOwnItems(value), []);
    await assert.rejects(bank.removeOwnItem(first.item), code("item_unknown"));
  });
});
