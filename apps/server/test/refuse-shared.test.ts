/** What a phone shares to the page and no worker takes: refused unread, on a real server, with nothing written down. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const GIB = 2 ** 30;
/** What the systems at both ends hold of a connection; Linux goes up to 6 and 4 MiB unless told otherwise. */
const BUFFERS_BYTES = 64 * 2 ** 20;
const FILE_NAME = "IMG_Marta_1987.jpg";
const PLANTED = "planted-a7c1f0";

const headersOf = (bytes: number): string =>
  [
    "POST /clean/shared HTTP/1.1",
    "Host: localhost",
    "Content-Type: multipart/form-data; boundary=b0",
    `Content-Length: ${bytes}`,
    "",
    "",
  ].join("\r\n");
const FIRST = `--b0\r\nContent-Disposition: form-data; name="files"; filename="${FILE_NAME}"\r\nContent-Type: image/jpeg\r\n\r\n${PLANTED}`;

interface Refusal {
  readonly answer: string;
  readonly sentBytes: number;
}

/** Sends headers, then up to `bytes` of a body for as long as the other end takes it; resolves when it closes. */
const send = (port: number, bytes: number): Promise<Refusal> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const block = Buffer.alloc(2 ** 20, "x");
    let queued = 0;
    // The other end closes its half first; this one goes on sending until it is cut off, or has nothing more to send.
    let isAnswered = false;
    const goOn = (): void => {
      while (queued < bytes && !socket.destroyed) {
        queued += block.length;
        if (!socket.write(block)) return;
      }
      if (isAnswered) socket.end();
    };
    socket.on("end", () => {
      isAnswered = true;
      goOn();
    });
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("drain", goOn);
    socket.on("error", () => {}); // cut, as it should be
    socket.on("close", () =>
      resolve({
        answer: Buffer.concat(chunks).toString("latin1"),
        sentBytes: socket.bytesWritten - socket.writableLength,
      }),
    );
    socket.write(headersOf(GIB));
    if (bytes > 0) {
      socket.write(FIRST);
      goOn();
    }
  });

const portOf = (url: string): number => Number(new URL(url).port);

describe("files shared to the page that no worker took", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server?.close());

  it("are refused before a byte of them has come, and the connection is closed", async () => {
    const { answer } = await send(portOf(server.url), 0);
    const [head = "", body] = answer.split("\r\n\r\n");
    const [status, ...lines] = head.split("\r\n");
    assert.equal(status, "HTTP/1.1 405 Method Not Allowed");
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s) as unknown as [string, string]));
    assert.equal(headers["connection"], "close");
    assert.equal(headers["allow"], "GET, HEAD");
    assert.equal(headers["cache-control"], "no-store");
    assert.match(headers["content-security-policy"] ?? "", /worker-src 'self'.*manifest-src 'self'/);
    // The page itself, which tells what happened.
    assert.equal(body, (await server.get("/clean")).body);
    assert.equal(Number(headers["content-length"]), body?.length);
  });

  it("are not read: of a gibibyte no more than what systems hold by themselves leaves the sender", async () => {
    const { answer, sentBytes } = await send(portOf(server.url), GIB);
    assert.match(answer, /^HTTP\/1\.1 405 /);
    assert.ok(sentBytes < BUFFERS_BYTES, `${sentBytes} bytes were taken`);
  });

  it("leave nothing in what the server prints or keeps", async () => {
    await send(portOf(server.url), 2 ** 22);
    assert.doesNotMatch(server.printed.join("\n"), new RegExp(`${FILE_NAME}|${PLANTED}|/clean/shared|multipart`));
    const entries = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
    let looked = 0;
    for (const entry of entries.filter((each) => each.isFile())) {
      const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
      looked += 1;
      assert.ok(!bytes.includes(PLANTED) && !bytes.includes(FILE_NAME), entry.name);
    }
    assert.ok(looked > 100, "the data folder was not looked through");
  });

  it("don't harm what comes at the same time, and the address answers others as ever", async () => {
    const many = Array.from({ length: 20 }, () => send(portOf(server.url), 2 ** 21));
    assert.equal((await server.get("/api/health")).status, 200);
    for (const { answer } of await Promise.all(many)) assert.match(answer, /^HTTP\/1\.1 405 /);
    assert.equal((await server.get("/clean/shared")).status, 200);
    const files = ["/clean/app.webmanifest", "/clean/worker.js", "/clean/icon-192.png", "/clean/icon-512.png"];
    const types = await Promise.all(files.map(async (path) => (await server.get(path)).headers.get("content-type")));
    assert.deepEqual(types, ["application/manifest+json", "text/javascript; charset=utf-8", "image/png", "image/png"]);
  });

  it("are refused by a server that serves no page, in its own form", async () => {
    const app = await buildApp({
      config: readConfig({ RECOURSE_ROLES: "gate" }),
      gate: {
        check: async () => assert.fail("nothing is checked"),
        findPartner: async () => undefined,
        knownPartner: () => undefined,
      },
      handlers: {},
      version: "0",
      onInternalError: (where) => assert.fail(where),
    });
    try {
      await app.listen({ port: 0, host: "127.0.0.1" });
      const { port } = app.server.address() as { port: number }; // it listens on a port
      const { answer } = await send(port, 2 ** 21);
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      assert.match(head, /^HTTP\/1\.1 405 /);
      assert.deepEqual(JSON.parse(body), {
        error: { code: "method_not_allowed", message: "This address does not take that method." },
      });
    } finally {
      await app.close();
    }
  });
});
