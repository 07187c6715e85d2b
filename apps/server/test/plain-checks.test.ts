/** The short way for plain checks answers in everything as the long way does, which any unusual request takes. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { newItem, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

interface Raw {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

describe("a plain check", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const send = (body: string, headers: Readonly<Record<string, string>>, path = "/api/gate/check"): Promise<Raw> =>
    new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, server.url.replace("localhost", "127.0.0.1")),
        { method: "POST", headers: { "content-length": `${Buffer.byteLength(body)}`, ...headers } },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          answer.on("end", () => {
            const { date: _date, ...rest } = answer.headers;
            resolve({ status: answer.statusCode, headers: rest, body: text });
          });
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });

  const key = () => ({ authorization: `Bearer ${server.gateKey}` });
  /** The same type, written as the short way does not know it. */
  const LONG = { "content-type": "application/json;  charset=UTF-8" };
  const SHORT = { "content-type": "application/json" };

  it("is answered alike on both ways, whatever is wrong with it", async () => {
    const known = pdq();
    const added = await server.post(
      "/api/gate/bank/items",
      { signals: [known] },
      { authorization: `Bearer ${server.adminKey}` },
    );
    assert.equal(added.status, 201);
    await server.checkUntil([known], "match");
    const md5 = { type: "md5", value: randomHex(16) };
    const bodies: readonly string[] = [
      JSON.stringify({ signals: [known] }),
      JSON.stringify({ signals: [pdq(), md5, { type: "sha256", value: randomHex(32) }] }),
      JSON.stringify({ signals: [{ ...known, value: known.value.toUpperCase() }] }),
      JSON.stringify({ signals: [{ value: known.value, type: "pdq" }] }),
      JSON.stringify({ signals: [{ ...pdq(), quality: 101 }] }),
      JSON.stringify({ signals: [{ ...pdq(), name: "é" }] }),
      JSON.stringify({ signals: [{ type: "pdq-local", version: 2, value: "00" }] }),
      JSON.stringify({ signals: [] }),
      JSON.stringify({ signals: Array.from({ length: 60 }, () => ({ type: "md5", value: randomHex(16) })) }),
      `{"signals":[${JSON.stringify(md5)}],"__proto__":{}}`,
      "{",
      "",
      "null",
      `{"signals":[${" ".repeat(5_000)}${JSON.stringify(md5)}]}`,
    ];
    let answeredOk = 0;
    for (const body of bodies) {
      const short = await send(body, { ...SHORT, ...key() });
      const long = await send(body, { ...LONG, ...key() });
      assert.deepEqual(short, long, body);
      if (short.status === 200) answeredOk += 1;
      else assert.equal(short.status, 400, body);
    }
    // The known hash in three ways of writing it, others, many, and the one with much room around it.
    assert.equal(answeredOk, 6);
  });

  it("needs the same key on both ways", async () => {
    const body = JSON.stringify({ signals: [pdq()] });
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: `Basic ${server.gateKey}` },
      { authorization: `Bearer ${server.adminKey}` },
    ]) {
      const short = await send(body, { ...SHORT, ...headers });
      assert.deepEqual(short, await send(body, { ...LONG, ...headers }));
      assert.equal(short.status, 401);
    }
  });

  it("is a plain check only at its own address", async () => {
    const body = JSON.stringify({ signals: [pdq()] });
    for (const path of ["/api/gate/check/", "/api/gate/check?a=1", "/api/gate/checks"]) {
      const answer = await send(body, { ...SHORT, ...key() }, path);
      assert.deepEqual(answer, await send(body, { ...LONG, ...key() }, path));
    }
  });

  it("writes its match down", async () => {
    const access = await server.openCase();
    const item = newItem(pdq());
    await server.post("/api/hub/case/items", { ...access, items: [item], proofOfWork: await server.solve() });
    await server.checkUntil(item.signals, "match");
    const answer = await send(JSON.stringify({ signals: item.signals }), { ...SHORT, ...key() });
    assert.equal(JSON.parse(answer.body).verdict, "match");
    const status = await server.post("/api/hub/case/status", access);
    assert.equal(status.body.items[0].found.platforms, 1);
  });
});
