/** A platform's own content over HTTP: registered one by one and in streams, found when an item joins the bank. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CatalogueFindings,
  CatalogueStreamAnswer,
  CatalogueUpload,
  ERRORS,
  LookBackStatement,
  RegisterAnswer,
} from "@recourse/protocol";
import { Value } from "typebox/value";
import { type Answer, flipBits, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

const CONTENT = "/api/gate/catalogue/content";
const CONTENTS = "/api/gate/catalogue/contents";
const NDJSON = { "content-type": "application/x-ndjson" };

describe("the platform's own content", () => {
  let server: TestServer;
  let key: Record<string, string>;
  let otherKey: Record<string, string>;
  /** What must never be seen in what is printed. */
  const secrets: string[] = [];

  before(async () => {
    server = await startTestServer();
    key = { authorization: `Bearer ${server.gateKey}` };
    otherKey = { authorization: `Bearer ${server.adminKey}` };
  });
  after(() => server.close());

  const secret = (text: string): string => {
    secrets.push(text);
    return text;
  };
  const contentId = (name: string): string => secret(`${name}-${randomHex(6)}`);
  const line = (content: string, value = randomHex(32)): string =>
    JSON.stringify({ content: secret(content), signals: [{ type: "pdq", value: secret(value) }] });
  const send = (body: string | Buffer, query = "", headers: Record<string, string> = {}): Promise<Answer> =>
    server.post(CONTENTS + query, body.toString(), { ...NDJSON, ...key, ...headers });
  const findings = async () => {
    const { body } = await server.get("/api/gate/catalogue/findings", key);
    assert.ok(Value.Check(CatalogueFindings, body));
    return body.findings;
  };
  const addItem = async (value: string): Promise<string> => {
    const { body } = await server.post("/api/gate/bank/items", { signals: [pdq(value)] }, otherKey);
    return body.item;
  };
  const statement = async () => {
    const { body } = await server.get("/api/gate/catalogue/look-back", key);
    assert.ok(Value.Check(LookBackStatement, body));
    return body;
  };
  const untilComplete = async (): Promise<void> => {
    const until = Date.now() + 30_000;
    while (!(await statement()).complete) {
      assert.ok(Date.now() < until, "the look-back did not come to an end in time");
      await sleep(20);
    }
  };

  it("is found when an item joins, and when content joins that is an item already", async () => {
    const value = randomHex(32);
    const [first, second] = [contentId("first"), contentId("second")];
    const one = await server.post(
      CONTENT,
      { content: first, signals: [{ type: "pdq", value: flipBits(value, 12) }] },
      key,
    );
    assert.equal(one.status, 200);
    assert.ok(Value.Check(RegisterAnswer, one.body));
    assert.equal(one.body.outcome, "added");
    const item = await addItem(value);
    await untilComplete();
    const [found] = await findings();
    assert.deepEqual(
      [found?.content, found?.item, found?.distance, found?.signalType, found?.bank],
      [first, item, 12, "pdq", "own"],
    );
    // Until the gate has the item in force, a content is not said to have been searched for.
    await server.checkUntil([pdq(value)], "match");
    const two = await server.post(CONTENT, { content: second, signals: [{ type: "pdq", value }] }, key);
    assert.equal(two.body.outcome, "added");
    if (two.body.searched) assert.equal((await findings()).length, 2, "what was searched for is listed at once");
    await untilComplete();
    assert.deepEqual(
      (await findings()).map(({ content, distance }) => [content, distance]),
      [
        [first, 12],
        [second, 0],
      ],
    );
    const opinion = await server.post(`/api/gate/matches/${found?.match}/opinion`, { opinion: "blocked" }, key);
    assert.equal(opinion.status, 200);

    const removed = await server.post(`${CONTENT}/remove`, { contents: [first, contentId("nobody")] }, key);
    assert.deepEqual(removed.body, { removed: 1, absent: 1 });
    assert.deepEqual(
      (await findings()).map(({ content }) => content),
      [second],
    );
    await server.post("/api/gate/bank/items/remove", { item }, otherKey);
    assert.deepEqual(await findings(), []);
  });

  it("comes in a stream, whose lines are refused one by one, and changes nothing when it comes again", async () => {
    const value = randomHex(32);
    const known = contentId("known");
    const lines = [
      line(known, value),
      "not json",
      line(contentId("a")),
      "",
      line(known),
      JSON.stringify({ content: contentId("b"), signals: [{ type: "vpdq", value, quality: 90, timestampMs: 0 }] }),
      JSON.stringify({ content: contentId("c"), signals: [{ type: "pdq", value: value.slice(1) }] }),
      JSON.stringify({ content: "a\u0007b", signals: [{ type: "pdq", value }] }),
      `{"content":"${"x".repeat(13_000)}"}`,
      `{"content":"${"x".repeat(200_000)}"}`,
      line(contentId("d")),
      JSON.stringify({ content: contentId("e"), remove: true }),
    ];
    const refused = [
      { line: 2, code: "line_invalid" },
      { line: 5, code: "content_conflict" },
      { line: 6, code: "signal_type_unsupported" },
      { line: 7, code: "signal_invalid" },
      { line: 8, code: "content_id_invalid" },
      { line: 9, code: "line_too_long" },
      { line: 10, code: "line_too_long" },
    ];
    const first = await send(lines.join("\r\n"));
    assert.equal(first.status, 200);
    assert.ok(Value.Check(CatalogueStreamAnswer, first.body));
    assert.deepEqual(first.body, { lines: 12, added: 3, unchanged: 0, removed: 0, absent: 1, refused });
    const again = await send(`${lines.join("\n")}\n`);
    assert.deepEqual(again.body, { lines: 12, added: 0, unchanged: 3, removed: 0, absent: 1, refused });
    const item = await addItem(flipBits(value, 31));
    await untilComplete();
    assert.deepEqual(
      (await findings()).map((found) => [found.content, found.item, found.distance]),
      [[known, item, 31]],
    );
    const gone = await send(JSON.stringify({ content: known, remove: true }));
    assert.deepEqual([gone.body.removed, await findings()], [1, []]);
  });

  it("keeps the whole lines of a stream that is cut, and goes on where it was", async () => {
    const upload = randomUUID();
    const lines = Array.from({ length: 30_000 }, (_unused, number) => line(`cut-${upload}-${number}`));
    const text = `${lines.join("\n")}\n`;
    const cutAt = text.indexOf(lines[20_000] ?? "") + 40;
    await new Promise<void>((resolve) => {
      const url = new URL(`${CONTENTS}?upload=${upload}`, server.url.replace("localhost", "127.0.0.1"));
      const sending = httpRequest(url, { method: "POST", headers: { ...NDJSON, ...key } });
      sending.on("error", () => {});
      sending.on("close", () => resolve());
      sending.write(text.slice(0, cutAt), () => setTimeout(() => sending.destroy(), 300));
    });
    let known = 0;
    const until = Date.now() + 10_000;
    while (known < 20_000 && Date.now() < until) {
      const { body } = await server.get(`/api/gate/catalogue/uploads/${upload}`, key);
      assert.ok(Value.Check(CatalogueUpload, body));
      known = body.lines;
      await sleep(20);
    }
    assert.equal(known, 20_000, "exactly the lines that came whole");
    const earlier = await statement();
    const rest = await send(lines.slice(known).join("\n"), `?upload=${upload}&from=${known}`);
    assert.deepEqual(
      [rest.status, rest.body.lines, rest.body.added, rest.body.stopped],
      [200, 30_000, 10_000, undefined],
    );
    assert.equal((await statement()).contents - earlier.contents, 10_000);
    const ahead = await send("", `?upload=${upload}&from=30001`);
    assert.deepEqual([ahead.status, ahead.body.error.code], [400, "request_invalid"]);
    const foreign = await server.get(`/api/gate/catalogue/uploads/${randomUUID()}`, key);
    assert.deepEqual(foreign.body, { lines: 0 });
    await untilComplete();
    const { hashes, parts, complete } = await statement();
    assert.equal(complete, true);
    assert.equal(
      parts.reduce((sum, part) => sum + part.hashes, 0),
      hashes,
    );
  });

  it("ends a stream that has no end, or nothing but mistakes, and keeps what came before", async () => {
    const last = contentId("last");
    const endless = await send(`${line(last)}\n${"\n".repeat(1_000_005)}`);
    assert.deepEqual(
      [endless.status, endless.body.stopped, endless.body.lines, endless.body.added],
      [200, "stream_too_long", 1_000_000, 1],
    );
    const wrong = await send(`${line(contentId("before"))}\n${"{}\n".repeat(30_000)}${line(contentId("after"))}`);
    assert.deepEqual(
      [wrong.body.stopped, wrong.body.added, wrong.body.refused.length],
      ["too_many_refused", 1, 10_000],
    );
    assert.equal((await send(line(last))).body.refused[0].code, "content_conflict");
    const bytes = await send(Buffer.alloc(2_000_000, 0xff));
    assert.deepEqual(bytes.body.refused, [{ line: 1, code: "line_too_long" }]);
    assert.deepEqual((await send("")).body, { lines: 0, added: 0, unchanged: 0, removed: 0, absent: 0, refused: [] });
  });

  it("is only for who has a gate key, and only in its form", async () => {
    const good = line(contentId("x"));
    for (const path of [CONTENT, CONTENTS, `${CONTENT}/remove`]) {
      const none = await server.post(path, good, NDJSON);
      assert.deepEqual([none.status, none.body.error.code], [401, "key_missing"], path);
      const wrong = await server.post(path, good, { ...NDJSON, ...otherKey });
      assert.deepEqual([wrong.status, wrong.body.error.code], [401, "key_wrong"], path);
    }
    for (const path of ["findings", "look-back", `uploads/${randomUUID()}`]) {
      assert.equal((await server.get(`/api/gate/catalogue/${path}`, otherKey)).status, 401);
    }
    const refuse = async (path: string, body: unknown, headers: Record<string, string>, code: keyof typeof ERRORS) => {
      const answer = await server.post(path, body, { ...key, ...headers });
      assert.deepEqual(answer.body, { error: { code, message: ERRORS[code].message } });
      assert.equal(answer.status, ERRORS[code].status);
    };
    const signals = [{ type: "pdq", value: randomHex(32) }];
    await refuse(CONTENTS, good, { "content-type": "application/json" }, "media_type_unsupported");
    await refuse(CONTENTS, good, { "content-type": "text/plain" }, "media_type_unsupported");
    await refuse(CONTENT, good, NDJSON, "media_type_unsupported");
    await refuse("/api/gate/check", good, NDJSON, "media_type_unsupported");
    await refuse(`${CONTENTS}?upload=1`, good, NDJSON, "request_invalid");
    await refuse(`${CONTENTS}?from=5`, good, NDJSON, "request_invalid");
    await refuse(CONTENT, [], {}, "request_invalid");
    await refuse(CONTENT, "{", {}, "request_invalid");
    await refuse(CONTENT, { content: contentId("x"), remove: true }, {}, "request_invalid");
    await refuse(CONTENT, { content: "x".repeat(257), signals }, {}, "content_id_invalid");
    await refuse(CONTENT, { content: "x", signals: [{ type: "md5", value: "00" }] }, {}, "signal_invalid");
    const local = { type: "pdq-local", value: randomHex(32), version: 1 };
    await refuse(CONTENT, { content: "x", signals: [local] }, {}, "signal_type_unsupported");
    await refuse(CONTENT, { content: "x", signals: [{ ...signals[0], quality: 3 }] }, {}, "picture_too_plain");
    await refuse(`${CONTENT}/remove`, { contents: [] }, {}, "request_invalid");
    await refuse(`${CONTENT}/remove`, { contents: ["a\tb"] }, {}, "content_id_invalid");
    await refuse(`${CONTENT}/remove`, { contents: Array.from({ length: 1_001 }, () => "x") }, {}, "request_invalid");
  });

  it("stays as far as it was accepted when the database is killed in the middle of a stream", async () => {
    const upload = randomUUID();
    const lines = Array.from({ length: 60_000 }, (_unused, number) => line(`kill-${upload}-${number}`));
    const earlier = (await statement()).contents;
    const pid = Number((await readFile(join(server.dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
    const sending = send(lines.join("\n"), `?upload=${upload}`);
    const path = `/api/gate/catalogue/uploads/${upload}`;
    while ((await server.get(path, key)).body.lines < 5_000) await sleep(1);
    process.kill(pid, "SIGKILL");
    const { status, body } = await sending;
    assert.deepEqual([status, body.stopped], [200, "database_unavailable"]);
    assert.ok(body.lines >= 5_000 && body.lines < 60_000);
    let from = body.lines;
    const until = Date.now() + 60_000;
    while (from < 60_000) {
      assert.ok(Date.now() < until, "the rest was not taken in time");
      const rest = await send(lines.slice(from).join("\n"), `?upload=${upload}&from=${from}`);
      if (rest.status === 200) from = rest.body.lines;
      else assert.deepEqual([rest.status, rest.body.error.code], [503, "database_unavailable"]);
      await sleep(50);
    }
    assert.equal((await statement()).contents - earlier, 60_000);
    await untilComplete();
  });

  it("is never printed", () => {
    const printed = server.printed.join("\n");
    assert.ok(printed.includes("The look-back was interrupted"), "something was printed about what happened");
    for (const each of new Set(secrets)) assert.ok(!printed.includes(each));
  });
});
