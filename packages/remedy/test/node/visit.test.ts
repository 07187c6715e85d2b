import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { isPublicAddress, visit, type VisitOptions } from "../../src/node/index.ts";

const withSite = async (answer: RequestListener, run: (url: string) => Promise<void>): Promise<void> => {
  const site = createServer(answer);
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", () => resolve()));
  try {
    await run(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
  } finally {
    site.closeAllConnections();
    await new Promise<void>((resolve) => site.close(() => resolve()));
  }
};

const OWN: VisitOptions = { allowPrivate: true };
const failed = (code: string) => ({ ok: false, code });

test("a page is fetched with where it was, and nothing is said about who asks", async () => {
  const heads: unknown[] = [];
  await withSite(
    (request, response) => {
      heads.push(request.headers);
      if (request.url === "/a") response.writeHead(302, { location: "/b?x=1#y" }).end("ignored");
      else response.end("hello");
    },
    async (url) => {
      const outcome = await visit(`${url.replace("//", "//name:word@")}/a#part`, OWN);
      assert.ok(outcome.ok);
      assert.deepEqual(
        [Buffer.from(outcome.bytes).toString(), outcome.isCut, outcome.url, outcome.address],
        ["hello", false, `${url}/b?x=1`, "127.0.0.1"],
      );
    },
  );
  for (const head of heads)
    assert.deepEqual(Object.keys(head as object).toSorted(), ["accept", "accept-encoding", "connection", "host"]);
});

test("circles, long ways, other schemes and refusals end", async () => {
  await withSite(
    (request, response) => {
      const step = Number(/^\/step\/(\d+)/u.exec(request.url ?? "")?.[1]);
      if (request.url === "/circle") response.writeHead(301, { location: "/circle" }).end();
      else if (request.url === "/file") response.writeHead(302, { location: "file:///etc/hostname" }).end();
      else if (request.url === "/odd") response.writeHead(302, { location: "http://[" }).end();
      else if (step > 0) response.writeHead(307, { location: `/step/${step - 1}` }).end();
      else if (step === 0) response.end("there");
      else response.writeHead(404).end();
    },
    async (url) => {
      assert.deepEqual(await visit(`${url}/circle`, OWN), failed("visit_too_many_redirects"));
      assert.ok((await visit(`${url}/step/5`, OWN)).ok);
      assert.deepEqual(await visit(`${url}/step/6`, OWN), failed("visit_too_many_redirects"));
      for (const path of ["file", "odd", "none"])
        assert.deepEqual(await visit(`${url}/${path}`, OWN), failed("visit_refused"));
      assert.deepEqual(await visit(`${url}/step/0`, { ...OWN, onlyHttps: true }), failed("visit_refused"));
      for (const address of ["file:///etc/hostname", "ftp://127.0.0.1/", "nonsense"])
        assert.deepEqual(await visit(address, OWN), failed("visit_refused"));
    },
  );
  assert.deepEqual(await visit("http://127.0.0.1:1/", OWN), failed("visit_unreachable"));
});

test("what never ends is cut by size and by time, and stops when told", async () => {
  await withSite(
    (request, response) => {
      if (request.url === "/silent") return;
      if (request.url === "/drip") {
        const timer = setInterval(() => response.write("x"), 20);
        response.on("close", () => clearInterval(timer));
        return;
      }
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536, "y")));
      };
      response.on("drain", more);
      more();
    },
    async (url) => {
      const endless = await visit(`${url}/endless`, { ...OWN, maxBytes: 100_000 });
      assert.ok(endless.ok && endless.isCut);
      assert.equal(endless.bytes.length, 100_000);
      assert.deepEqual(await visit(`${url}/silent`, { ...OWN, timeoutMs: 300 }), failed("visit_timeout"));
      assert.deepEqual(await visit(`${url}/drip`, { ...OWN, timeoutMs: 300 }), failed("visit_timeout"));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      await assert.rejects(visit(`${url}/silent`, { ...OWN, signal: stop.signal }), { name: "AbortError" });
    },
  );
});

test("no private network is visited, by number, by name or by redirect", async () => {
  let visited = 0;
  await withSite(
    (_request, response) => {
      visited += 1;
      response.end("inside");
    },
    async (url) => {
      const { port } = new URL(url);
      for (const host of [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0x7f.1",
        "2130706433",
        "127.1",
        "0.0.0.0",
      ])
        assert.deepEqual(await visit(`http://${host}:${port}/`), failed("visit_private_address"), host);
    },
  );
  assert.equal(visited, 0);
});

test("which addresses are public", () => {
  for (const address of [
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.1.1",
    "100.63.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
  ])
    assert.equal(isPublicAddress(address), true, address);
  for (const address of [
    "",
    "host",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
  ])
    assert.equal(isPublicAddress(address), false, address);
});
