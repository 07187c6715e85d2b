import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { serveStaticFiles } from "../src/static-files.ts";

const FONT = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
const SCRIPT = `export const a = ${JSON.stringify("a".repeat(10_000))};`;

let folder: string;
let app: FastifyInstance;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-static-"));
  await mkdir(join(folder, "assets"));
  const compressed = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, name), text);
    await writeFile(join(folder, `${name}.br`), brotliCompressSync(text));
    await writeFile(join(folder, `${name}.gz`), gzipSync(text));
  };
  await compressed("index.html", "<!doctype html><title>page</title>");
  await compressed("assets/main-a1.js", SCRIPT);
  for (const name of ["font-a1.woff2", "gone-a1.woff2", "other-a1.woff2"])
    await writeFile(join(folder, "assets", name), FONT);
  await writeFile(join(folder, "build.json"), "{}");
  app = Fastify();
  await serveStaticFiles(app, folder);
  await app.listen({ port: 0, host: "127.0.0.1" });
});
after(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => app.inject({ method: "GET", url: path, headers });

describe("the page's files", () => {
  it("come from the disk where they have no compressed form, whole, with size and tag known", async () => {
    const answer = await get("/assets/font-a1.woff2", { "accept-encoding": "br, gzip" });
    assert.equal(answer.statusCode, 200);
    assert.ok(answer.rawPayload.equals(FONT));
    const { etag, "content-length": length, "content-type": type, "content-encoding": coding } = answer.headers;
    assert.deepEqual([length, type, coding], [String(FONT.length), "font/woff2", undefined]);
    assert.equal(answer.headers["cache-control"], "public, max-age=31536000, immutable");
    const again = await get("/assets/font-a1.woff2", { "if-none-match": String(etag) });
    assert.deepEqual([again.statusCode, again.rawPayload.length], [304, 0]);
    const head = await app.inject({ method: "HEAD", url: "/assets/font-a1.woff2" });
    assert.deepEqual(
      [head.statusCode, head.headers["content-length"], head.rawPayload.length],
      [200, String(FONT.length), 0],
    );
  });

  it("come compressed where the browser takes it, one document for every page", async () => {
    for (const [coding, expected] of [
      ["br", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip", "gzip"],
      ["", undefined],
    ] as const) {
      const answer = await get("/assets/main-a1.js", { "accept-encoding": coding });
      assert.equal(answer.headers["content-encoding"], expected, coding);
    }
    assert.equal((await get("/assets/main-a1.js")).body, SCRIPT);
    const pages = await Promise.all(["/", "/clean", "/plan", "/try"].map((path) => get(path)));
    assert.equal(new Set(pages.map(({ body }) => body)).size, 1);
    assert.equal((await get("/build.json")).statusCode, 404);
    assert.equal((await get("/assets/..%2fbuild.json")).statusCode, 404);
  });

  it("are not there when they went or changed since the start, and that is not remembered", async () => {
    await rm(join(folder, "assets/gone-a1.woff2"));
    await writeFile(join(folder, "assets/other-a1.woff2"), "another build's");
    for (const name of ["gone", "other"]) {
      const answer = await get(`/assets/${name}-a1.woff2`);
      assert.equal(answer.statusCode, 404);
      assert.equal(answer.headers["cache-control"], "no-store");
      assert.equal(answer.headers.etag, undefined);
    }
  });

  it("survives those who hang up in the middle, many at once", async () => {
    const { port } = app.server.address() as { port: number }; // it listens on a port
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const stop = new AbortController();
        const answer = await fetch(`http://127.0.0.1:${port}/assets/font-a1.woff2`, { signal: stop.signal });
        if (index % 2 === 0) stop.abort();
        else assert.equal((await answer.arrayBuffer()).byteLength, FONT.length);
      }),
    );
    assert.ok((await get("/assets/font-a1.woff2")).rawPayload.equals(FONT));
  });
});
