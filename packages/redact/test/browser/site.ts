/** Builds the test page with Vite and serves it under the policy the real page has. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";

/** No eval, no inline script, no foreign origin. */
export const POLICY = [
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:;",
  "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join(" ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".bin": "application/octet-stream",
  ".onnx": "application/octet-stream",
  ".data": "application/octet-stream",
};

export interface Site {
  readonly url: string;
  /** Paths asked for so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), "recourse-redact-"));
  await build({
    root: join(import.meta.dirname, "page"),
    configFile: false,
    logLevel: "error",
    // As the real page: nothing is inlined.
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 2_500 },
    worker: { format: "es" },
  });
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    requests.push(path);
    readFile(join(outDir, path === "/" ? "index.html" : path)).then(
      (body) => {
        response.setHeader("Content-Type", TYPES[extname(path)] ?? "text/html");
        response.setHeader("Content-Security-Policy", POLICY);
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    async close() {
      await new Promise((closed) => server.close(closed));
      await rm(outDir, { recursive: true });
    },
  };
}
