/**
 * The address that phones share files to. A worker in the browser takes them, so they should never come here; where
 * the browser has dropped that worker, they do. They are refused unread: what came with the headers is thrown away,
 * nothing more is taken from the connection, and it is closed.
 */
import type { IncomingMessage } from "node:http";
import { ERRORS, errorBody } from "@recourse/protocol";
import type { FastifyInstance } from "fastify";
import { SECURITY_HEADERS } from "./security-headers.ts";

/** As in the page's manifest (`apps/web/public/clean/app.webmanifest`). */
export const SHARE_ADDRESS = "/clean/shared";

/**
 * So long the answer has to get through before the connection is cut. At once would be too soon: a system that closes
 * with bytes unread may throw away what it has not sent. Nothing is read meanwhile, so the sender stands still.
 */
const LINGER_MS = 1_000;

const answerOf = (page: Buffer | undefined): Buffer => {
  const body = page ?? Buffer.from(JSON.stringify(errorBody("method_not_allowed")));
  const headers: readonly (readonly [name: string, value: string])[] = [
    ...SECURITY_HEADERS,
    ["allow", "GET, HEAD"],
    ["cache-control", "no-store"],
    ["connection", "close"],
    ["content-type", page === undefined ? "application/json; charset=utf-8" : "text/html; charset=utf-8"],
    ["content-length", String(body.length)],
  ];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${ERRORS.method_not_allowed.status} Method Not Allowed\r\n${lines}\r\n`, "latin1"),
    body,
  ]);
};

/**
 * Node reads a request to its end when an answer ends, even one that nobody asked for. So the answer goes to the
 * connection itself, and the request is left as it is: what came with its headers waits in it, and stops the reading.
 */
const refuse = ({ socket }: IncomingMessage, answer: Buffer): void => {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.on("error", () => {}); // whoever hung up needs no answer
  socket.end(answer);
};

/** `page` is what says it to the person; left out, the answer is that of every other refusal. */
export const refuseShared = (app: FastifyInstance, page?: Buffer): void => {
  const answer = answerOf(page);
  app.post(SHARE_ADDRESS, {
    async onRequest(request, reply) {
      reply.hijack();
      refuse(request.raw, answer);
    },
    handler: () => {},
  });
};
