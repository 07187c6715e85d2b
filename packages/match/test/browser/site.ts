/** Serves this package's own sources, their types stripped, to a page: there is nothing to bundle. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, "../..");
const SOURCE = /^\/(src|test)\/[a-z./-]+\.ts$/u;

/** A page with these headers; its own scripts are all there is. */
export const startSite = async (headers: Readonly<Record<string, string>>): Promise<Site> => {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { pathname } = new URL(request.url ?? "/", "http://page");
    if (pathname === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>Index test page</title>");
    } else if (SOURCE.test(pathname)) {
      readFile(join(root, pathname), "utf8").then(
        (source) => {
          response.setHeader("Content-Type", "text/javascript");
          response.end(stripTypeScriptTypes(source));
        },
        () => response.writeHead(404).end(),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((closed) => void server.close(() => closed())),
  };
};
