/**
 * The page's files, read once at start and served from memory: a request is a look-up by name, so no path of a request
 * ever reaches the file system. Compressed forms are made at build time.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { FastifyInstance } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".bin": "application/octet-stream",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly plain: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

/** Pages of the app: each address is answered with the same document. */
const PAGES = ["/", "/clean", "/plan", "/try"];
const NOT_SERVED = new Set(["/build.json"]);

const loadFiles = async (folder: string): Promise<ReadonlyMap<string, StaticFile>> => {
  const bytes = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    bytes.set(`/${relative(folder, path).split(sep).join("/")}`, await readFile(path));
  }
  const files = new Map<string, StaticFile>();
  for (const [name, plain] of bytes) {
    const type = TYPES[extname(name)];
    if (type === undefined || NOT_SERVED.has(name)) continue;
    const br = bytes.get(`${name}.br`);
    const gzip = bytes.get(`${name}.gz`);
    files.set(name, {
      type,
      etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
      // Names below assets/ hold a hash of the content.
      cacheControl: name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      plain,
      ...(br === undefined ? {} : { br }),
      ...(gzip === undefined ? {} : { gzip }),
    });
  }
  return files;
};

const accepts = (header: string | undefined, coding: string): boolean =>
  (header ?? "").split(",").some((word) => {
    const [name, ...parameters] = word.trim().split(";");
    return name?.trim().toLowerCase() === coding && !parameters.some((each) => /^\s*q=0(\.0*)?\s*$/.test(each));
  });

/** Adds a route per file and page. */
export const serveStaticFiles = async (app: FastifyInstance, folder: string): Promise<void> => {
  const files = await loadFiles(folder);
  const serve = (address: string, file: StaticFile): void => {
    app.get(address, (request, reply) => {
      void reply
        .header("content-type", file.type)
        .header("etag", file.etag)
        .header("cache-control", file.cacheControl)
        .header("vary", "accept-encoding");
      if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
      const coding = request.headers["accept-encoding"];
      if (file.br !== undefined && accepts(coding, "br")) {
        return reply.header("content-encoding", "br").send(file.br);
      }
      if (file.gzip !== undefined && accepts(coding, "gzip")) {
        return reply.header("content-encoding", "gzip").send(file.gzip);
      }
      return reply.send(file.plain);
    });
  };
  for (const [name, file] of files) serve(name, file);
  const page = files.get("/index.html");
  if (page !== undefined) for (const address of PAGES) serve(address, page);
};
