/**
 * The short way for the request that a gate gets most: a check by a few hashes, sent as anybody would send it. It does
 * what the long way does, without what only other requests need. Whatever is unusual about a request, down to one
 * character of its body, takes the long way, so there is one place that refuses.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Partner } from "@recourse/bank";
import type { Gate } from "@recourse/gate";
import { readPlainCheck, ROUTES } from "@recourse/protocol";
import type { FastifyInstance } from "fastify";
import { API_HEADERS, SECURITY_HEADERS } from "./security-headers.ts";

const PATH = ROUTES.find(({ id }) => id === "check")?.path;
/** Thirty hashes; more is no plain check, and its search takes longer than what is saved here. */
const BODY_LIMIT_BYTES = 4_096;
const CONTENT_TYPES: ReadonlySet<string> = new Set([
  "application/json",
  "application/json; charset=utf-8",
  "application/json;charset=utf-8",
]);
const AUTHORIZATION = /^Bearer ([\x21-\x7e]{1,512})$/i;
const HEADERS = Object.fromEntries([
  ...SECURITY_HEADERS,
  ...API_HEADERS,
  ["content-type", "application/json; charset=utf-8"],
]);

/** What is sent as it should be, has a length, and is short. */
const bodyBytesOf = ({ headers }: IncomingMessage): number | undefined => {
  const length = headers["content-length"];
  if (length === undefined || !/^\d{1,4}$/.test(length) || !CONTENT_TYPES.has(headers["content-type"] ?? "")) {
    return undefined;
  }
  if (headers["transfer-encoding"] !== undefined || headers["content-encoding"] !== undefined) return undefined;
  const bytes = Number(length);
  return bytes > 0 && bytes <= BODY_LIMIT_BYTES ? bytes : undefined;
};

/** Puts the short way before the application, which has to be ready. */
export const servePlainChecks = (app: FastifyInstance, gate: Pick<Gate, "check" | "knownPartner">): void => {
  const { server } = app;
  const [longWay] = server.listeners("request");
  if (longWay === undefined || PATH === undefined) throw new TypeError("app: it has to be ready");
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });

  /** The whole application once more, for a request whose body was read already. */
  const takeLongWay = async (request: IncomingMessage, response: ServerResponse, payload: Buffer): Promise<void> => {
    const { method, headers, socket } = request;
    const answer = await app.inject({
      method: method as "POST",
      url: PATH,
      headers,
      payload,
      remoteAddress: socket.remoteAddress ?? "",
    });
    // That the connection stays open is between the client and this server; that it closes, the application says.
    const told = Object.fromEntries(
      Object.entries(answer.headers).filter(
        ([name, value]) => name !== "date" && name !== "keep-alive" && !(name === "connection" && value !== "close"),
      ),
    );
    response.writeHead(answer.statusCode, told);
    response.end(answer.rawPayload);
  };

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    partner: Partner,
  ): Promise<void> => {
    const signals = readPlainCheck(body.toString("latin1"));
    if (signals === undefined) return takeLongWay(request, response, body);
    const text = JSON.stringify(await gate.check(partner, signals));
    response.writeHead(200, { ...HEADERS, "content-length": Buffer.byteLength(text) });
    response.end(text);
  };

  const take = (request: IncomingMessage, response: ServerResponse, bodyBytes: number, partner: Partner): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
    });
    request.on("error", () => {}); // whoever went away is not answered
    request.on("end", () => {
      const [first] = chunks;
      const body = first !== undefined && first.length === bodyBytes ? first : Buffer.concat(chunks);
      answer(request, response, body, partner).catch(() => {
        // A search that throws does so on the long way too, which knows how to tell it.
        takeLongWay(request, response, body).catch(() => response.destroy());
      });
    });
  };

  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === PATH && request.method === "POST" && !isClosing) {
      const bodyBytes = bodyBytesOf(request);
      const key = bodyBytes === undefined ? undefined : AUTHORIZATION.exec(request.headers.authorization ?? "")?.[1];
      const partner = key === undefined ? undefined : gate.knownPartner(key);
      if (bodyBytes !== undefined && partner?.role === "gate") return take(request, response, bodyBytes, partner);
    }
    longWay.call(server, request, response);
  });
};
