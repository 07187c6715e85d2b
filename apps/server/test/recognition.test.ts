import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createBank, openDatabase } from "@recourse/bank";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { CheckAnswer, GateStatus, LateMatches, type Signal } from "@recourse/protocol";
import { Value } from "typebox/value";
import { flipBits, newItem, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

const local = (value = randomHex(32)): Signal => ({ type: "pdq-local", value, version: 1 });
const frame = (seconds: number, value = randomHex(32)): Signal => ({
  type: "vpdq",
  value,
  quality: 80,
  timestampMs: 1000 * seconds,
});
const many = (count: number, make: (at: number) => Signal): Signal[] =>
  Array.from({ length: count }, (_unused, at) => make(at));
const moved = (signals: readonly Signal[]): Signal[] =>
  signals.map((signal) => ({ ...signal, value: flipBits(signal.value, 9) }));
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const addItem = async (server: TestServer, media: "image" | "video", signals: readonly Signal[]) => {
  const access = await server.openCase();
  const item = { ...newItem(...signals), media };
  const answer = await server.post("/api/hub/case/items", {
    ...access,
    items: [item],
    proofOfWork: await server.solve(),
  });
  assert.equal(answer.status, 200);
  return { access, item };
};

/** Pages of late matches until one of this check is there, for five seconds at most. */
const lateOf = async (server: TestServer, checkId: string, key = server.gateKey) => {
  const until = Date.now() + 5_000;
  for (;;) {
    const { body } = await server.get("/api/gate/late-matches", bearer(key));
    assert.equal(Value.Check(LateMatches, body), true);
    const found = body.matches.filter((each: { checkId: string }) => each.checkId === checkId);
    if (found.length > 0 || Date.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe("a gate that asks for local hashes before it answers", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("finds a part of a picture by its patches, and forgets them with the item", async () => {
    const patches = many(60, () => local());
    const { access, item } = await addItem(server, "image", [pdq(), ...patches]);
    const part = [pdq(), ...moved(patches.slice(0, 5)), ...many(100, () => local())];
    const answer = await server.checkUntil(part, "match");
    assert.equal(Value.Check(CheckAnswer, answer.body), true);
    const [{ id, ...match }] = answer.body.matches;
    assert.deepEqual(match, {
      item: item.itemId,
      signalType: "pdq-local",
      distance: 9,
      bank: "recourse",
      score: 1 - 0.5 ** 4,
      votes: 5,
    });
    assert.deepEqual([answer.body.later, answer.body.notAsked], [undefined, undefined]);
    const opinion = await server.post(
      `/api/gate/matches/${id}/opinion`,
      { opinion: "blocked" },
      bearer(server.gateKey),
    );
    assert.equal(opinion.status, 200);
    const status = await server.get("/api/gate/status", bearer(server.gateKey));
    assert.equal(Value.Check(GateStatus, status.body), true);
    assert.deepEqual(status.body.byType, { pdq: 1, md5: 0, sha256: 0, "pdq-local": 60, vpdq: 0 });
    assert.deepEqual(
      [status.body.signals, status.body.localQuery, status.body.localWaiting, status.body.localSkipped],
      [61, "in_path", 0, 0],
    );
    await server.post("/api/hub/case/withdraw", access);
    assert.equal((await server.checkUntil(part, "no_match")).body.verdict, "no_match");
  });

  it("finds a video by its frames, and says where", async () => {
    const video = many(30, (at) => frame(at));
    const { item } = await addItem(server, "video", video);
    const clip = moved(video.slice(10, 14)).map((signal, at) => ({ ...signal, timestampMs: 1000 * (at + 60) }));
    const answer = await server.checkUntil([...many(60, (at) => frame(at)), ...clip], "match");
    assert.equal(Value.Check(CheckAnswer, answer.body), true);
    const [match] = answer.body.matches;
    assert.deepEqual(
      [match.item, match.signalType, match.distance, match.frames, match.seconds],
      [item.itemId, "vpdq", 9, 4, { item: [[10, 14]], upload: [[60, 63.25]] }],
    );
    const still = await server.check([{ type: "pdq", value: video[3]?.value ?? "" }]);
    assert.deepEqual(
      [still.body.matches[0].signalType, still.body.matches[0].seconds],
      ["pdq", { item: [[3, 3]], upload: [] }],
    );
  });

  it("names the window of the known picture that a copy matched", async () => {
    const value = randomHex(32);
    await addItem(server, "image", [pdq(), { type: "pdq", value, quality: 90, kind: "centre4x5-rot90" }]);
    const answer = await server.checkUntil([{ type: "pdq", value }], "match");
    assert.deepEqual([answer.body.matches[0].kind, answer.body.matches[0].score], ["centre4x5-rot90", 1]);
  });

  it("tells nobody's hashes when it starts, runs and stops", () => {
    assert.doesNotMatch(server.printed.join("\n"), /[0-9a-f]{32}/);
  });
});

describe("gates that ask for local hashes after they answered", () => {
  let temporary: TemporaryBank;
  let server: TestServer;
  const otherKey = `gate-${randomHex(16)}`;
  before(async () => {
    temporary = await startTemporaryBank();
    server = await startTestServer({ DATABASE_URL: temporary.connectionString, GATE_LOCAL_QUERY: "after" });
    await temporary.bank.addPartner({ name: "Other", role: "gate", key: otherKey });
  });
  after(async () => {
    await server.close();
    await temporary.close();
  });

  it("list what they find by the id of the check, to the partner that asked and to no other", async () => {
    const patches = many(40, () => local());
    const value = randomHex(32);
    const { access, item } = await addItem(server, "image", [pdq(value), ...patches]);
    await server.checkUntil([pdq(value)], "match");
    const part = moved(patches.slice(0, 6));
    const answer = await server.check(part);
    assert.deepEqual([answer.body.verdict, answer.body.matches, answer.body.notAsked], ["no_match", [], undefined]);
    const { checkId } = answer.body.later;
    const [late] = await lateOf(server, checkId);
    const { id, ...match } = late.match;
    assert.deepEqual(match, {
      item: item.itemId,
      signalType: "pdq-local",
      distance: 9,
      bank: "recourse",
      score: 1 - 0.5 ** 5,
      votes: 6,
    });
    // Like any other match: for the person, and for an opinion.
    const opinion = await server.post(
      `/api/gate/matches/${id}/opinion`,
      { opinion: "blocked" },
      bearer(server.gateKey),
    );
    assert.equal(opinion.status, 200);
    const found = (await server.post("/api/hub/case/status", access)).body.items[0].found;
    assert.deepEqual(found, { platforms: 1, blocked: 1, names: [] });
    // Never another partner's, whatever it passes as its cursor.
    for (const query of ["", "?after=0", "?after=1"]) {
      const others = await server.get(`/api/gate/late-matches${query}`, bearer(otherKey));
      assert.deepEqual([others.status, others.body.matches], [200, []]);
    }
    const foreign = await server.post(`/api/gate/matches/${id}/opinion`, { opinion: "blocked" }, bearer(otherKey));
    assert.deepEqual([foreign.status, foreign.body.error.code], [404, "match_unknown"]);
    assert.equal((await server.get("/api/gate/late-matches", bearer(server.adminKey))).body.error.code, "key_wrong");
    assert.equal((await server.get("/api/gate/late-matches")).body.error.code, "key_missing");
    for (const cursor of ["x", "-1", "1e9", "9".repeat(16), ""]) {
      const wrong = await server.get(`/api/gate/late-matches?after=${cursor}`, bearer(server.gateKey));
      assert.deepEqual([wrong.status, wrong.body.error.code], [400, "request_invalid"]);
    }
  });

  it("go on behind the cursor, in order, and repeat nothing that the answer said already", async () => {
    const patches = many(40, () => local());
    const value = randomHex(32);
    await addItem(server, "image", [pdq(value), ...patches]);
    await server.checkUntil([pdq(value)], "match");
    const start = (await server.get("/api/gate/late-matches", bearer(server.gateKey))).body.next;
    const told = await server.check([pdq(value), ...patches]);
    assert.equal(told.body.verdict, "match");
    const checkIds: string[] = [];
    for (let from = 0; from < 20; from += 4) {
      const answer = await server.check(patches.slice(from, from + 4));
      checkIds.push(answer.body.later.checkId);
    }
    await lateOf(server, checkIds.at(-1) ?? "");
    const { body } = await server.get(`/api/gate/late-matches?after=${start}`, bearer(server.gateKey));
    assert.deepEqual(
      body.matches.map((each: { checkId: string }) => each.checkId),
      checkIds,
    );
    const rest = await server.get(`/api/gate/late-matches?after=${body.next}`, bearer(server.gateKey));
    assert.deepEqual(rest.body, { matches: [], next: body.next });
  });

  it("keep what they found through a restart, and of a check only its random id", async () => {
    const patches = many(40, () => local());
    const value = randomHex(32);
    const { item } = await addItem(server, "image", [pdq(value), ...patches]);
    await server.checkUntil([pdq(value)], "match");
    const asked = moved(patches.slice(0, 8));
    const { checkId } = (await server.check(asked)).body.later;
    // Stopped at once: what was accepted is done and written before the end.
    await server.close();
    const database = openDatabase({ connectionString: temporary.connectionString });
    try {
      const rows = await database.query<{ row: string }>(
        "select late_matches::text || matches::text as row from late_matches join matches on matches.id = match_id",
      );
      assert.ok(rows.rows.some(({ row }) => row.includes(checkId) && row.includes(item.itemId)));
      for (const { value: hash } of asked) assert.ok(rows.rows.every(({ row }) => !row.includes(hash)));
      const bank = createBank(database);
      const partners = await bank.listPartners();
      const lists = await Promise.all(partners.map(({ id }) => bank.listLateMatches(id, 0)));
      assert.equal(lists.flatMap(({ matches }) => matches).filter((each) => each.checkId === checkId).length, 1);
    } finally {
      await database.close();
    }
    assert.doesNotMatch(server.printed.join("\n"), /[0-9a-f]{32}/);
    server = await startTestServer({ DATABASE_URL: temporary.connectionString, GATE_LOCAL_QUERY: "off" });
    const answer = await server.check(asked);
    assert.deepEqual(
      [answer.body.verdict, answer.body.notAsked, answer.body.later],
      ["no_match", ["pdq-local"], undefined],
    );
    assert.equal((await server.check([pdq(value)])).body.notAsked, undefined);
  });
});

describe("GATE_LOCAL_QUERY", () => {
  it("is one of three words", async () => {
    await assert.rejects(startTestServer({ GATE_LOCAL_QUERY: randomUUID() }), /in_path, after or off/);
  });
});
