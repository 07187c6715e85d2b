import assert from "node:assert/strict";
import { connect } from "node:net";
import { crc32, deflateSync } from "node:zlib";
import { after, before, describe, it } from "node:test";
import { ErrorBody, ERRORS, type ErrorCode } from "@recourse/protocol";
import { Value } from "typebox/value";
import { type Answer, newItem, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer({ RECOURSE_MAX_FILE_BYTES: "3000000" });
});
after(() => server.close());

const gate = () => ({ authorization: `Bearer ${server.gateKey}` });

const assertError = (answer: Answer, code: ErrorCode): void => {
  assert.deepEqual(answer.body, { error: { code, message: ERRORS[code].message } });
  assert.equal(Value.Check(ErrorBody, answer.body), true);
  assert.equal(answer.status, ERRORS[code].status);
};

describe("bad requests", () => {
  it("refuses signals of a wrong length or form", async () => {
    const values = ["", "00", randomHex(31), randomHex(33), `${randomHex(31)}gg`, ` ${randomHex(32)}`];
    for (const value of values) {
      assertError(
        await server.post("/api/gate/check", { signals: [{ type: "pdq", value }] }, gate()),
        "signal_invalid",
      );
    }
    const others = [
      { type: "md5", value: randomHex(32) },
      { type: "sha256", value: randomHex(16) },
      { type: "sha1", value: randomHex(20) },
      { type: "pdq" },
      { type: "pdq", value: 7 },
      { type: "pdq", value: randomHex(32), quality: 101 },
      { type: "pdq", value: randomHex(32), name: "x" },
      "text",
      null,
    ];
    for (const signal of others) {
      assertError(await server.post("/api/gate/check", { signals: [signal] }, gate()), "signal_invalid");
    }
    const access = await server.openCase();
    assertError(
      await server.post("/api/hub/case/items", {
        ...access,
        items: [{ ...newItem(pdq()), signals: [{ type: "pdq", value: "abc" }] }],
        proofOfWork: await server.solve(),
      }),
      "signal_invalid",
    );
  });

  it("refuses bodies that are not what the address takes", async () => {
    const tries: [unknown, ErrorCode][] = [
      ["", "request_invalid"],
      ["{", "request_invalid"],
      ["[]", "request_invalid"],
      ["null", "request_invalid"],
      [{}, "request_invalid"],
      [{ signals: [] }, "request_invalid"],
      [{ signals: "x" }, "request_invalid"],
      [{ signals: [pdq()], more: 1 }, "request_invalid"],
      [{ signals: Array.from({ length: 3_025 }, () => pdq()) }, "request_invalid"],
      ['{"signals":[{"type":"pdq","value":"__proto__"}],"__proto__":{"x":1}}', "request_invalid"],
    ];
    for (const [body, code] of tries) assertError(await server.post("/api/gate/check", body, gate()), code);
    assertError(
      await server.post("/api/gate/check", "x", { ...gate(), "content-type": "text/plain" }),
      "media_type_unsupported",
    );
  });

  it("refuses bodies over the limit, announced or not", async () => {
    const big = { signals: [{ type: "pdq", value: "0".repeat(3_000_001) }] };
    assertError(await server.post("/api/gate/check", big, gate()), "body_too_large");
    // Signals are small, whatever the limit on files.
    const signals = { signals: [{ type: "pdq", value: "0".repeat(2_200_000) }] };
    assertError(await server.post("/api/gate/check", signals, gate()), "body_too_large");
    assertError(await server.postBytes("/api/gate/check", new Uint8Array(3_000_001)), "body_too_large");
    assertError(await server.post("/api/hub/case/status", big), "body_too_large");
    // Chunked, without a length to go by.
    const { port } = new URL(server.url);
    const reply = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text));
      socket.on("error", (error) => (text === "" ? reject(error) : resolve(text)));
      socket.write(
        `POST /api/gate/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.gateKey}\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
      );
      const piece = `10000\r\n${"0".repeat(0x10000)}\r\n`;
      for (let count = 0; count < 60; count += 1) socket.write(piece);
      socket.write("0\r\n\r\n");
    });
    assert.match(reply, /^HTTP\/1\.1 413 /);
    assert.match(reply, /body_too_large/);
  });

  it("answers what is not even HTTP, and headers without end", async () => {
    const { port } = new URL(server.url);
    for (const text of ["nonsense\r\n\r\n", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(100_000)}\r\n\r\n`]) {
      const reply = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1");
        let got = "";
        socket.on("data", (chunk) => {
          got += chunk.toString();
        });
        socket.on("close", () => resolve(got));
        socket.on("error", () => {});
        socket.write(text);
      });
      assert.match(reply, /^HTTP\/1\.1 400 [\s\S]*"request_invalid"/);
    }
    const beyond = await server.get("/api/gate/bank/items?after=9999999999", {
      authorization: `Bearer ${server.adminKey}`,
    });
    assertError(beyond, "request_invalid");
  });

  it("answers addresses and methods it does not have", async () => {
    for (const path of [
      "/api/nothing",
      "/api/gate/matches/x/opinion/y",
      "/../etc/passwd",
      "/assets/%2e%2e/build.json",
    ]) {
      assertError(await server.get(path), "not_found");
    }
    assertError(await server.get("/api/gate/check"), "not_found");
    assertError(await server.get("/%zz"), "request_invalid");
    assertError(
      await server.post("/api/gate/matches/not-a-uuid/opinion", { opinion: "blocked" }, gate()),
      "match_unknown",
    );
    assertError(
      await server.post(`/api/gate/matches/${crypto.randomUUID()}/opinion`, { opinion: "blocked" }, gate()),
      "match_unknown",
    );
    assertError(
      await server.post(`/api/gate/matches/${crypto.randomUUID()}/opinion`, { opinion: "maybe" }, gate()),
      "request_invalid",
    );
  });
});

describe("files that can't be read", () => {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  };
  /** A PNG of grey pixels, correct in all but that its rows may end too soon. */
  const png = (width: number, height: number, pixels: Uint8Array): Buffer => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header[8] = 8;
    const signature = Buffer.from("89504e470d0a1a0a", "hex");
    return Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(pixels)),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  };

  it("are unscannable with a reason, and the server stays up", async () => {
    // 600 MB of rows in about 600 KB, and 3.6 GB if the decoder were let at it.
    const bomb = png(60_000, 60_000, Buffer.alloc(600_000_000));
    assert.ok(bomb.length < 3_000_000);
    const tries: [Uint8Array, readonly string[]][] = [
      [new Uint8Array(0), ["empty_file"]],
      [Buffer.from("GET / HTTP/1.1\r\n\r\n"), ["not_an_image"]],
      [Buffer.from("%PDF-1.7\n"), ["not_an_image"]],
      [Buffer.from("PK\u0003\u0004"), ["not_an_image"]],
      [bomb, ["too_many_pixels"]],
      [png(100, 100, Buffer.alloc(50 * 101)), ["image_damaged"]],
      [Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"), ["image_damaged"]],
    ];
    const memoryBefore = process.memoryUsage().rss;
    for (const [bytes, reasons] of tries) {
      const answer = await server.postBytes("/api/gate/check", bytes);
      assert.equal(answer.status, 200);
      assert.deepEqual([answer.body.verdict, answer.body.matches], ["unscannable", []]);
      // Known by its digests alone; an empty file by nothing.
      assert.deepEqual(
        answer.body.signals.map(({ type }: { type: string }) => type),
        bytes.length === 0 ? [] : ["md5", "sha256"],
      );
      assert.ok(reasons.includes(answer.body.reason), `${reasons.join()} expected, ${answer.body.reason} answered`);
    }
    for (let round = 0; round < 20; round += 1) await server.postBytes("/api/gate/check", bomb);
    assert.ok(process.memoryUsage().rss - memoryBefore < 400_000_000);
    assert.equal((await server.get("/api/health")).body.status, "ok");
  });
});

describe("clients that go away", () => {
  it("leave no slot taken, whether they held it or waited for it", async () => {
    const { port } = new URL(server.url);
    const head = `POST /api/gate/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.gateKey}\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\n`;
    const open = (count: number) =>
      Promise.all(
        Array.from(
          { length: count },
          () =>
            new Promise<ReturnType<typeof connect>>((resolve) => {
              const socket = connect(Number(port), "127.0.0.1", () => {
                socket.write(head, () => resolve(socket));
              });
              socket.on("error", () => {});
            }),
        ),
      );
    const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
    const holding = await open(8);
    await pause();
    const waiting = await open(8);
    await pause();
    for (const socket of waiting) socket.destroy();
    await pause();
    for (const socket of holding) socket.destroy();
    await pause();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.postBytes("/api/gate/check", Buffer.from("text"))),
    );
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
  });
});

describe("keys that are guessed", () => {
  it("are refused alike, and limited by address without shutting out the case", async () => {
    assertError(await server.get("/api/gate/status"), "key_missing");
    assertError(await server.get("/api/gate/status", { authorization: "Basic eDp5" }), "key_wrong");
    const codes = new Map<string, number>();
    const access = await server.openCase();
    for (let guess = 0; guess < 300; guess += 1) {
      const answer = await server.post("/api/hub/case/status", { ...access, caseToken: randomHex(32) });
      codes.set(answer.body.error.code, (codes.get(answer.body.error.code) ?? 0) + 1);
    }
    assert.deepEqual([...codes.keys()].toSorted(), ["case_access_denied", "rate_limited"]);
    assert.ok((codes.get("case_access_denied") ?? 0) <= 120);
    // Another address is not limited: the person comes in.
    const { port } = new URL(server.url);
    const fromElsewhere = await new Promise<string>((resolve, reject) => {
      const body = JSON.stringify(access);
      const socket = connect({ port: Number(port), host: "127.0.0.1", localAddress: "127.0.0.2" });
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
      socket.write(
        `POST /api/hub/case/status HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
    assert.match(fromElsewhere, /^HTTP\/1\.1 200 /);
  });

  it("of a gate never shut the gate for those who have one", async () => {
    const guesses = Array.from({ length: 300 }, () =>
      server.get("/api/gate/status", { authorization: `Bearer ${randomHex(16)}` }),
    );
    for (const answer of await Promise.all(guesses)) assertError(answer, "key_wrong");
    assert.equal((await server.get("/api/gate/status", gate())).status, 200);
  });

  it("of a case are counted by the address a trusted proxy gives, not by what the client writes before it", async () => {
    const proxied = await startTestServer({ RECOURSE_TRUST_PROXY: "1" });
    try {
      const access = { caseNumber: "RC-0000-0000-0000", caseToken: randomHex(32) };
      const statuses = new Set<number>();
      for (let guess = 0; guess < 150; guess += 1) {
        const headers = { "x-forwarded-for": `10.0.0.${guess}, 203.0.113.9` };
        statuses.add((await proxied.post("/api/hub/case/status", access, headers)).status);
      }
      assert.ok(statuses.has(429));
      const other = { "x-forwarded-for": "203.0.113.9, 203.0.113.10" };
      assert.equal((await proxied.post("/api/hub/case/status", access, other)).status, 401);
    } finally {
      await proxied.close();
    }
  });
});

describe("what the server says", () => {
  it("never holds what requests held", async () => {
    const text = server.printed.join("\n");
    assert.ok(!text.includes(server.gateKey));
    assert.doesNotMatch(text, /[0-9a-f]{32}/);
    assert.doesNotMatch(text, /Unforeseen/);
  });
});
