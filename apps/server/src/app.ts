/** The HTTP application: the route table of the protocol, its handlers, and what stands before them. */
import rateLimit from "@fastify/rate-limit";
import type { Partner } from "@recourse/bank";
import { type Route, ROUTES } from "@recourse/protocol";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { answerErrors, codeOf, RequestError, sendError } from "./answer-errors.ts";
import type { ServerConfig } from "./config.ts";
import { createFailureLimit } from "./failure-limit.ts";
import { createHandlers, describeApi, type HandlerParts } from "./handlers.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { serveStaticFiles } from "./static-files.ts";
import { createUploadSlots } from "./upload-slots.ts";

export interface AppOptions {
  readonly config: ServerConfig;
  readonly parts: Omit<HandlerParts, "roles">;
  /** Folder of the built page; left out, no page is served. */
  readonly webFolder?: string;
  /** Told where in the code an unforeseen error was thrown; never what it held. */
  readonly onInternalError: (where: string) => void;
}

/** 20 items of 544 signals of 110 bytes make 1.2 MB. */
const JSON_LIMIT_BYTES = 2 * 1024 * 1024;
const UPLOADS_AT_ONCE = 8;
const UPLOAD_WAIT_MS = 5_000;
const UPLOAD_QUEUE_LIMIT = 200;
const WRONG_KEYS_PER_MINUTE = 60;
const REQUEST_TIMEOUT_MS = 120_000;

const isPicture = (request: FastifyRequest): boolean =>
  /^(image\/|application\/octet-stream)/i.test(request.headers["content-type"] ?? "");

const fastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Builds the application; the caller listens and closes. */
export const buildApp = async ({ config, parts, webFolder, onInternalError }: AppOptions): Promise<FastifyInstance> => {
  const app = Fastify({
    logger: false,
    bodyLimit: JSON_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: config.trustProxy,
    routerOptions: { maxParamLength: 64 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    frameworkErrors: (error, _request, reply) => void sendError(reply, codeOf(error)),
    // An answer under way is finished, idle connections are cut: closing does not wait for a keep-alive to end.
    forceCloseConnections: "idle",
  });
  addSecurityHeaders(app);
  answerErrors(app, onInternalError);
  await app.register(rateLimit, { global: false, cache: 20_000 });

  const handlers = createHandlers({ ...parts, roles: config.roles });
  const wrongKeys = createFailureLimit(WRONG_KEYS_PER_MINUTE);
  const slots = createUploadSlots(UPLOADS_AT_ONCE, UPLOAD_WAIT_MS, UPLOAD_QUEUE_LIMIT);
  const partners = new WeakMap<FastifyRequest, Partner>();

  app.removeContentTypeParser("text/plain");
  // A picture is taken as bytes whatever its type says; what it is, its own bytes tell.
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/i, { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });

  const authenticate = async (request: FastifyRequest, role: Partner["role"]): Promise<void> => {
    const header = request.headers.authorization;
    if (header === undefined) throw new RequestError("key_missing");
    if (wrongKeys.isExceeded(request.ip)) throw new RequestError("rate_limited");
    const key = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
    const partner = key === undefined ? undefined : await parts.gate.findPartner(key);
    if (partner === undefined || partner.role !== role) {
      wrongKeys.count(request.ip);
      throw new RequestError("key_wrong");
    }
    partners.set(request, partner);
  };

  const addRoute = (route: Route, id: keyof typeof handlers): void => {
    const { key, takesPicture } = route;
    const isCaseRoute = route.path.startsWith("/api/hub/");
    app.route<{ Params: { readonly id?: string }; Querystring: { readonly after?: string } }>({
      method: route.method,
      url: fastifyPath(route.path),
      ...(takesPicture === true ? { bodyLimit: Math.max(config.maxFileBytes, JSON_LIMIT_BYTES) } : {}),
      ...(isCaseRoute
        ? { config: { rateLimit: { max: config.caseRequestsPerMinute, timeWindow: 60_000, groupId: "case" } } }
        : {}),
      schema: {
        ...(route.request === undefined || takesPicture === true ? {} : { body: route.request }),
        ...(route.query === undefined
          ? {}
          : { querystring: { type: "object", properties: route.query, additionalProperties: false } }),
      },
      async onRequest(request, reply) {
        if (key !== undefined) await authenticate(request, key);
        if (takesPicture === true && isPicture(request)) {
          const release = await slots.take();
          if (release === undefined) throw new RequestError("server_busy");
          reply.raw.once("close", release);
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
        const answer = await handlers[id]({
          body,
          pathId: request.params.id ?? "",
          after: request.query.after,
          partner: partners.get(request),
        });
        return reply.code(route.status).send(answer);
      },
    });
  };

  for (const route of ROUTES) {
    if (route.role === "all" || config.roles.includes(route.role)) addRoute(route, route.id);
  }
  const document = describeApi(parts.version);
  app.get("/api/openapi.json", async () => document);
  if (webFolder !== undefined) await serveStaticFiles(app, webFolder);
  return app;
};
