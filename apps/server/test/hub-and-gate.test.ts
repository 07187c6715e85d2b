import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { CaseStatus, CheckAnswer, GateStatus, Health, OpenCaseAnswer, OwnItem, ROUTES } from "@recourse/protocol";
import { Value } from "typebox/value";
import { flipBits, newItem, pdq, randomHex, sha256, startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const gate = () => ({ authorization: `Bearer ${server.gateKey}` });
const admin = () => ({ authorization: `Bearer ${server.adminKey}` });

describe("from a person's device to a platform's gate", () => {
  it("stops a copy a moment later, tells the person, and lets it pass again after the withdrawal", async () => {
    const access = await server.openCase();
    const value = randomHex(32);
    const item = newItem(pdq(value), pdq(), { type: "sha256", value: randomHex(32) });
    const copy = [{ type: "pdq" as const, value: flipBits(value, 31), quality: 80 }];
    assert.equal((await server.check(copy)).body.verdict, "no_match");

    const added = await server.post("/api/hub/case/items", {
      ...access,
      items: [item],
      proofOfWork: await server.solve(),
    });
    assert.equal(added.status, 200);
    assert.equal(Value.Check(CaseStatus, added.body), true);
    const matched = await server.checkUntil(copy, "match");
    assert.equal(Value.Check(CheckAnswer, matched.body), true);
    assert.deepEqual(
      { ...matched.body, matches: matched.body.matches.map(({ id: _id, ...rest }: { id: string }) => rest) },
      {
        verdict: "match",
        matches: [
          { item: item.itemId, signalType: "pdq", distance: 31, bank: "recourse", score: 33 / 64, kind: "original" },
        ],
        signals: copy,
      },
    );
    const beyond = await server.check([{ type: "pdq", value: flipBits(value, 32) }]);
    assert.equal(beyond.body.verdict, "no_match");

    const found = async () => (await server.post("/api/hub/case/status", access)).body.items[0].found;
    assert.deepEqual(await found(), { platforms: 1, blocked: 0, names: [] });
    const { id } = matched.body.matches[0];
    const opinion = await server.post(`/api/gate/matches/${id}/opinion`, { opinion: "blocked" }, gate());
    assert.deepEqual([opinion.status, opinion.body], [200, { id, opinion: "blocked" }]);
    assert.deepEqual(await found(), { platforms: 1, blocked: 1, names: [] });

    const withdrawn = await server.post("/api/hub/case/withdraw", { ...access, itemIds: [item.itemId] });
    assert.equal(withdrawn.body.items[0].state, "withdrawn");
    assert.equal((await server.checkUntil(copy, "no_match")).body.verdict, "no_match");
  });

  it("takes hex in either case and matches the same bytes by md5 and sha256", async () => {
    const access = await server.openCase();
    const md5 = randomHex(16);
    const value = randomHex(32);
    await server.post("/api/hub/case/items", {
      ...access,
      items: [newItem({ type: "md5", value: md5.toUpperCase() }, pdq(value.toUpperCase()))],
      proofOfWork: await server.solve(),
    });
    const byMd5 = await server.checkUntil([{ type: "md5", value: md5 }], "match");
    assert.deepEqual([byMd5.body.matches[0].signalType, byMd5.body.matches[0].distance], ["md5", 0]);
    const byPdq = await server.check([{ type: "pdq", value: value.toUpperCase() }]);
    assert.equal(byPdq.body.verdict, "match");
  });

  it("finds by its bytes what it can't decode", async () => {
    const bytes = Buffer.from("a form no decoder here reads");
    const value = createHash("md5").update(bytes).digest("hex");
    await server.post("/api/gate/bank/items", { signals: [{ type: "md5", value }] }, admin());
    await server.checkUntil([{ type: "md5", value }], "match");
    const answer = await server.postBytes("/api/gate/check", bytes);
    assert.deepEqual([answer.body.verdict, answer.body.matches[0].signalType], ["match", "md5"]);
    assert.equal(answer.body.reason, undefined);
  });

  it("asks nothing with a PDQ of too low a quality, and holds none", async () => {
    const access = await server.openCase();
    const value = randomHex(32);
    const exact = { type: "md5" as const, value: randomHex(16) };
    await server.post("/api/hub/case/items", {
      ...access,
      items: [newItem({ type: "pdq", value, quality: 49 }, exact)],
      proofOfWork: await server.solve(),
    });
    await server.checkUntil([exact], "match");
    assert.equal((await server.check([pdq(value)])).body.verdict, "no_match");
    const good = randomHex(32);
    await server.post("/api/gate/bank/items", { signals: [pdq(good)] }, admin());
    await server.checkUntil([pdq(good)], "match");
    assert.equal((await server.check([{ type: "pdq", value: good, quality: 49 }])).body.verdict, "no_match");
  });

  it("gives a case back by a recovery code, once", async () => {
    const recoveryToken = randomHex(32);
    const access = await server.openCase([recoveryToken]);
    const caseToken = randomHex(32);
    const request = { caseNumber: access.caseNumber, recoveryToken, newAccessVerifier: sha256(caseToken) };
    const recovered = await server.post("/api/hub/case/recover", request);
    assert.deepEqual([recovered.status, recovered.body.recoveryCodesLeft], [200, 0]);
    assert.equal((await server.post("/api/hub/case/status", access)).body.error.code, "case_access_denied");
    assert.equal((await server.post("/api/hub/case/status", { ...access, caseToken })).status, 200);
    const again = { ...request, newAccessVerifier: sha256(randomHex(32)) };
    assert.equal((await server.post("/api/hub/case/recover", again)).body.error.code, "case_access_denied");
  });

  it("takes a solved challenge once, and no forged one", async () => {
    const open = (proofOfWork: unknown) =>
      server.post("/api/hub/case/open", {
        caseNumber: `RC-${randomHex(2).toUpperCase()}-${randomHex(2).toUpperCase()}-${randomHex(2).toUpperCase()}`,
        accessVerifier: randomHex(32),
        recoveryVerifiers: [],
        statements: { adultWhenMade: true, consentToShare: true },
        ...(proofOfWork === undefined ? {} : { proofOfWork }),
      });
    const proof = await server.solve();
    const first = await open(proof);
    assert.equal(first.status, 201);
    assert.equal(Value.Check(OpenCaseAnswer, first.body), true);
    assert.equal((await open(proof)).body.error.code, "proof_of_work_wrong");
    assert.equal((await open(undefined)).body.error.code, "proof_of_work_missing");
    const { challenge, solution } = await server.solve();
    const forgeries = [
      { challenge, solution: { ...solution, counter: solution.counter + 1, derivedKey: randomHex(32) } },
      { challenge: { ...challenge, signature: randomHex(32) }, solution },
      { challenge: { parameters: challenge.parameters }, solution },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, expiresAt: 9_999_999_999 } }, solution },
      { challenge, solution: { ...solution, counter: 2 ** 40 } },
      { challenge, solution: { ...solution, derivedKey: "" } },
    ];
    const codes = [];
    for (const forgery of forgeries) codes.push((await open(forgery)).body.error?.code);
    // The derived key is what is signed: a wrong counter beside the right key is the solver's own affair.
    assert.deepEqual(
      codes.slice(0, 4),
      Array.from({ length: 4 }, () => "proof_of_work_wrong"),
    );
    assert.equal(codes[5], "proof_of_work_wrong");
  });

  it("opens no case without both statements", async () => {
    for (const statements of [
      { adultWhenMade: false, consentToShare: true },
      { adultWhenMade: true },
      { adultWhenMade: true, consentToShare: "yes" },
    ]) {
      const answer = await server.post("/api/hub/case/open", {
        caseNumber: "RC-0000-0000-0000",
        accessVerifier: randomHex(32),
        recoveryVerifiers: [],
        statements,
        proofOfWork: await server.solve(),
      });
      assert.deepEqual([answer.status, answer.body.error.code], [400, "request_invalid"]);
    }
  });
});

describe("a platform's own bank over HTTP", () => {
  it("adds, lists, matches and removes", async () => {
    const value = randomHex(32);
    const added = await server.post("/api/gate/bank/items", { signals: [pdq(value)] }, admin());
    assert.equal(added.status, 201);
    assert.equal(Value.Check(OwnItem, added.body), true);
    const matched = await server.checkUntil([pdq(value)], "match");
    assert.equal(matched.body.matches[0].bank, "own");
    const listed = await server.get("/api/gate/bank/items", admin());
    assert.ok(listed.body.items.some(({ item }: { item: string }) => item === added.body.item));
    const removed = await server.post("/api/gate/bank/items/remove", { item: added.body.item }, admin());
    assert.deepEqual([removed.status, removed.body], [200, { item: added.body.item }]);
    assert.equal((await server.checkUntil([pdq(value)], "no_match")).body.verdict, "no_match");
    const again = await server.post("/api/gate/bank/items/remove", { item: added.body.item }, admin());
    assert.deepEqual([again.status, again.body.error.code], [404, "item_unknown"]);
  });

  it("is not opened by a gate key, nor the gate by an admin key", async () => {
    assert.equal((await server.get("/api/gate/bank/items", gate())).body.error.code, "key_wrong");
    const answer = await server.post("/api/gate/check", { signals: [pdq()] }, admin());
    assert.equal(answer.body.error.code, "key_wrong");
  });
});

describe("the interface", () => {
  it("describes every address it answers, and answers every address it describes", async () => {
    const { body } = await server.get("/api/openapi.json");
    assert.equal(body.openapi, "3.1.0");
    for (const route of ROUTES) {
      assert.ok(body.paths[route.path][route.method.toLowerCase()], route.id);
      const path = route.path.replace("{id}", "00000000-0000-0000-0000-000000000000");
      const answer =
        route.method === "GET" ? await server.get(path) : await server.post(path, {}, { authorization: "Bearer x" });
      assert.notEqual(answer.body.error?.code, "not_found", route.id);
    }
  });

  it("says how it is", async () => {
    const health = await server.get("/api/health");
    assert.equal(Value.Check(Health, health.body), true);
    assert.equal(health.body.status, "ok");
    const status = await server.get("/api/gate/status", gate());
    assert.equal(Value.Check(GateStatus, status.body), true);
    assert.equal(status.body.connected, true);
  });

  it("sends headers that keep a browser from telling anybody anything", async () => {
    const { headers } = await server.get("/api/health");
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.doesNotMatch(headers.get("content-security-policy") ?? "", /unsafe-inline|'unsafe-eval'|https?:/);
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  });
});
