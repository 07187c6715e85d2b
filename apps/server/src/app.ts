/** The HTTP application: the route table of the protocol, its handlers, and what stands before them. */
import rateLimit from "@fastify/rate-limit";
import type { Partner } from "@recourse/bank";
import type { Gate } from "@recourse/gate";
import { errorBody, type Route, type RouteId, ROUTES } from "@recourse/protocol";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { answerErrors, codeOf, RequestError, sendError } from "./answer-errors.ts";
import type { ServerConfig } from "./config.ts";
import { describeApi, type Handler } from "./handlers.ts";
import { servePlainChecks } from "./plain-checks.ts";
import { refuseShared } from "./refuse-shared.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { serveStaticFiles } from "./static-files.ts";
import { createUploadSlots, type UploadSlot, type UploadSlots } from "./upload-slots.ts";

export interface AppOptions {
  readonly config: ServerConfig;
  readonly gate: Pick<Gate, "check" | "findPartner" | "knownPartner">;
  /** Addresses of the route table that have none here are not there. */
  readonly handlers: Readonly<Partial<Record<RouteId, Handler>>>;
  readonly version: string;
  /** Folder of the built page; left out, no page is served. */
  readonly webFolder?: string;
  /** Told where in the code an unforeseen error was thrown; never what it held. */
  readonly onInternalError: (where: string) => void;
}

/** 3,024 signals of 150 bytes make 0.5 MB. */
const JSON_LIMIT_BYTES = 1024 * 1024;
/** For items: 20 pictures with all their windows and local hashes make 3.4 MB, a video of 4,000 frames 1.8 MB. */
const ITEMS_LIMIT_BYTES = 4 * 1024 * 1024;
const UPLOADS_AT_ONCE = 8;
const UPLOAD_WAIT_MS = 5_000;
const UPLOAD_QUEUE_LIMIT = 200;
/** Streams of lines at once; each holds at most three batches of 2 MB. */
const STREAMS_AT_ONCE = 8;
const STREAM_QUEUE_LIMIT = 32;
const ITEM_ROUTES: ReadonlySet<string> = new Set(["/api/hub/case/items", "/api/gate/bank/items"]);
const REQUEST_TIMEOUT_MS = 120_000;

const isPicture = (request: FastifyRequest): boolean =>
  /^(image\/|application\/octet-stream)/i.test(request.headers["content-type"] ?? "");

const isLines = (request: FastifyRequest): boolean =>
  /^application\/x-ndjson\s*(;|$)/i.test(request.headers["content-type"] ?? "");

const fastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

interface CallQuery {
  readonly after?: string;
  readonly upload?: string;
  readonly from?: string;
}

/** Builds the application; the caller listens and closes. */
export const buildApp = async (options: AppOptions): Promise<FastifyInstance> => {
  const { config, gate, handlers, webFolder, onInternalError } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: JSON_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: (_address, hop) => hop < config.trustedProxies,
    routerOptions: { maxParamLength: 64 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    // What is not even HTTP, and headers that are too large, get the same form of answer.
    clientErrorHandler: (error, socket) => {
      if (error.code === "ECONNRESET" || !socket.writable) return;
      const body = JSON.stringify(errorBody("request_invalid"));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    },
    frameworkErrors: (error, _request, reply) => void sendError(reply, codeOf(error)),
    // An answer under way is finished, idle connections are cut: closing does not wait for a keep-alive to end.
    forceCloseConnections: "idle",
  });
  addSecurityHeaders(app);
  answerErrors(app, onInternalError);
  await app.register(rateLimit, { global: false, cache: 20_000 });

  const slots = createUploadSlots(UPLOADS_AT_ONCE, UPLOAD_WAIT_MS, UPLOAD_QUEUE_LIMIT);
  const streams = createUploadSlots(STREAMS_AT_ONCE, UPLOAD_WAIT_MS, STREAM_QUEUE_LIMIT);
  const partners = new WeakMap<FastifyRequest, Partner>();
  const uploads = new WeakMap<FastifyRequest, UploadSlot>();

  const linesRoutes = new Set(
    ROUTES.flatMap((route: Route) => (route.takesLines === true ? [fastifyPath(route.path)] : [])),
  );

  app.removeContentTypeParser("text/plain");
  // A picture is taken as bytes whatever its type says; what it is, its own bytes tell.
  app.addContentTypeParser(
    /^(image\/|application\/octet-stream)/i,
    { parseAs: "buffer", bodyLimit: config.maxFileBytes },
    (_request, body, done) => done(null, body),
  );
  // Lines are handed over as they come, where a route takes them.
  app.addContentTypeParser("application/x-ndjson", (request, payload, done) => {
    if (linesRoutes.has(request.routeOptions.url ?? "")) done(null, payload);
    else done(new RequestError("media_type_unsupported"));
  });

  /** Takes a slot, and leaves it when the connection closes. */
  const enter = async (request: FastifyRequest, reply: FastifyReply, into: UploadSlots): Promise<void> => {
    const slot = await into.take();
    if (slot === undefined) throw new RequestError("server_busy");
    uploads.set(request, slot);
    // Whoever went away while waiting has said so already.
    if (request.raw.socket.destroyed || reply.raw.closed) slot.leave();
    else reply.raw.once("close", slot.leave);
  };

  const authenticate = async (request: FastifyRequest, role: Partner["role"]): Promise<void> => {
    const header = request.headers.authorization;
    if (header === undefined) throw new RequestError("key_missing");
    const key = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
    const partner = key === undefined ? undefined : await gate.findPartner(key);
    // Keys have 256 random bits and are looked up in memory: guessing them costs the server nothing worth a limit,
    // and a limit by address would let whoever shares the address shut the gate.
    if (partner === undefined || partner.role !== role) throw new RequestError("key_wrong");
    partners.set(request, partner);
  };

  const addRoute = (route: Route, handle: Handler): void => {
    const { key, takesPicture } = route;
    const isCheckedLater = takesPicture === true || route.takesLines === true || route.checksItself === true;
    const isCaseRoute = route.path.startsWith("/api/hub/");
    app.route<{ Params: { readonly id?: string }; Querystring: CallQuery }>({
      method: route.method,
      url: fastifyPath(route.path),
      ...(ITEM_ROUTES.has(route.path) ? { bodyLimit: ITEMS_LIMIT_BYTES } : {}),
      ...(isCaseRoute
        ? { config: { rateLimit: { max: config.caseRequestsPerMinute, timeWindow: 60_000, groupId: "case" } } }
        : {}),
      schema: {
        ...(route.request === undefined || isCheckedLater ? {} : { body: route.request }),
        ...(route.query === undefined
          ? {}
          : { querystring: { type: "object", properties: route.query, additionalProperties: false } }),
      },
      async onRequest(request, reply) {
        if (key !== undefined) await authenticate(request, key);
        if (takesPicture === true && isPicture(request)) await enter(request, reply, slots);
        if (route.takesLines === true) {
          if (!isLines(request)) throw new RequestError("media_type_unsupported");
          await enter(request, reply, streams);
        }
      },
      async handler(request, reply) {
        const body = takesPicture === true && isPicture(request) ? (request.body ?? Buffer.alloc(0)) : request.body;
        if (takesPicture === true && route.request !== undefined && !Buffer.isBuffer(body)) {
          const validate =
            request.getValidationFunction(route.request) ?? request.compileValidationSchema(route.request);
          const isValid = validate(body);
          if (!isValid) {
            throw Object.assign(new Error("validation"), { validation: validate.errors ?? [] });
          }
        }
        // The slot is held as long as the bytes are worked on, even if nobody waits for the answer any more.
        const work = uploads.get(request)?.join();
        try {
          const answer = await handle({
            body,
            pathId: request.params.id ?? "",
            after: request.query.after,
            upload: request.query.upload,
            from: request.query.from,
            // The cast: what the parser above hands over there.
            lines: route.takesLines === true ? (body as AsyncIterable<Buffer>) : undefined,
            partner: partners.get(request),
          });
          // A stream that was stopped is not read to its end.
          if (route.takesLines === true && !request.raw.readableEnded) void reply.header("connection", "close");
          return await reply.code(route.status).send(answer);
        } finally {
          work?.leave();
        }
      },
    });
  };

  for (const route of ROUTES) {
    const handle = handlers[route.id];
    if (handle !== undefined && (route.role === "all" || config.roles.includes(route.role))) addRoute(route, handle);
  }
  const document = describeApi(options.version);
  app.get("/api/openapi.json", async () => document);
  refuseShared(app, webFolder === undefined ? undefined : await serveStaticFiles(app, webFolder));
  await app.ready();
  if (handlers.check !== undefined && config.roles.includes("gate")) servePlainChecks(app, gate);
  return app;
};
