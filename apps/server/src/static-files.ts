/**
 * The page's files, found once at start: a request is a look-up by name, so no path of a request ever reaches the file
 * system. What has compressed forms, made at build time, is small and asked for by everybody: it is served from memory.
 * The rest are fonts and models, many megabytes that few ask for: they stay on the disk and are streamed from there.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { SHARE_ADDRESS } from "./refuse-shared.ts";

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
  ".onnx": "application/octet-stream",
  ".data": "application/octet-stream",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly body: InMemory | OnDisk;
}

interface InMemory {
  readonly kind: "memory";
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

interface OnDisk {
  readonly kind: "disk";
  readonly path: string;
  readonly sizeBytes: number;
}

/** Pages of the app: each address is answered with the same document. */
const PAGES = ["/", "/clean", SHARE_ADDRESS, "/plan", "/try"];
const NOT_SERVED = new Set(["/build.json"]);

const hashOfFile = async (path: string): Promise<Buffer> => {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest();
};

const read = async (path: string, names: ReadonlySet<string>): Promise<InMemory | OnDisk> => {
  if (!names.has(`${path}.br`) || !names.has(`${path}.gz`))
    return { kind: "disk", path, sizeBytes: (await stat(path)).size };
  const [plain, br, gzip] = await Promise.all([readFile(path), readFile(`${path}.br`), readFile(`${path}.gz`)]);
  return { kind: "memory", plain, br, gzip };
};

const loadFiles = async (folder: string): Promise<ReadonlyMap<string, StaticFile>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const names = new Set(paths);
  const files = new Map<string, StaticFile>();
  // One after the other: what is only hashed is never in memory as a whole.
  for (const path of paths) {
    const name = `/${relative(folder, path).split(sep).join("/")}`;
    const type = TYPES[extname(name)];
    if (type === undefined || NOT_SERVED.has(name)) continue;
    // oxlint-disable-next-line no-await-in-loop -- in order, as said above
    const body = await read(path, names);
    const hash =
      body.kind === "memory"
        ? createHash("sha256").update(body.plain).digest()
        : // oxlint-disable-next-line no-await-in-loop -- as above
          await hashOfFile(path);
    files.set(name, {
      type,
      etag: `"${hash.toString("base64url").slice(0, 22)}"`,
      // Names below assets/ hold a hash of the content.
      cacheControl: name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      body,
    });
  }
  return files;
};

/** A file that went, or is another one, since the server started is not there: its size and hash would be wrong. */
const sendFromDisk = async (reply: FastifyReply, { path, sizeBytes }: OnDisk): Promise<FastifyReply> => {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined || (await handle.stat()).size !== sizeBytes) {
    await handle?.close();
    // Nor is that to be remembered under its name.
    reply.removeHeader("etag").removeHeader("content-type").header("cache-control", "no-store").callNotFound();
    return reply;
  }
  // The stream closes the handle, whichever way it ends.
  return reply.header("content-length", sizeBytes).send(handle.createReadStream());
};

const accepts = (header: string | undefined, coding: string): boolean =>
  (header ?? "").split(",").some((word) => {
    const [name, ...parameters] = word.trim().split(";");
    return name?.trim().toLowerCase() === coding && !parameters.some((each) => /^\s*q=0(\.0*)?\s*$/.test(each));
  });

const send = (file: StaticFile, request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> => {
  const { type, etag, cacheControl, body } = file;
  void reply
    .header("content-type", type)
    .header("etag", etag)
    .header("cache-control", cacheControl)
    .header("vary", "accept-encoding");
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  if (body.kind === "disk") return sendFromDisk(reply, body);
  const coding = request.headers["accept-encoding"];
  if (accepts(coding, "br")) return reply.header("content-encoding", "br").send(body.br);
  if (accepts(coding, "gzip")) return reply.header("content-encoding", "gzip").send(body.gzip);
  return reply.send(body.plain);
};

/** Adds a route per file and page. Answers the page's document, uncompressed. */
export const serveStaticFiles = async (app: FastifyInstance, folder: string): Promise<Buffer | undefined> => {
  const files = await loadFiles(folder);
  const serve = (address: string, file: StaticFile): void => {
    app.get(address, (request, reply) => send(file, request, reply));
  };
  for (const [name, file] of files) serve(name, file);
  const page = files.get("/index.html");
  if (page !== undefined) for (const address of PAGES) serve(address, page);
  return page?.body.kind === "memory" ? page.body.plain : undefined;
};
