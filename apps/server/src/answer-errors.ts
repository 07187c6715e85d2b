/**
 * One way for every failure to become an answer: `{"error":{"code","message"}}`, with the status of its code. What an
 * error holds besides never leaves the process.
 */
import { ERRORS, errorBody, type ErrorCode, isErrorCode } from "@recourse/protocol";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";

/** An expected refusal; thrown by handlers. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(ERRORS[code].message);
    this.code = code;
  }
}

const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "media_type_unsupported",
  FST_ERR_CTP_EMPTY_JSON_BODY: "request_invalid",
  FST_ERR_CTP_INVALID_JSON_BODY: "request_invalid",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "request_invalid",
  FST_ERR_CTP_INVALID_TYPE: "request_invalid",
  FST_ERR_BAD_URL: "request_invalid",
  FST_ERR_VALIDATION: "request_invalid",
};

/** Validation that failed below `signals` is a bad signal; below `proofOfWork`, missing work. */
const codeOfValidation = (error: FastifyError): ErrorCode => {
  const all = error.validation ?? [];
  const first = all[0];
  const path = first?.instancePath ?? "";
  // A signal is compared with each type's schema: only one of a known type with a version gets as far as that.
  if (all.some((each) => /\/signals\/\d+\/version$/.test(each.instancePath))) return "signal_version_unknown";
  if (/\/signals\/\d+/.test(path)) return "signal_invalid";
  if (path === "" && first?.keyword === "required" && first.params["missingProperty"] === "proofOfWork") {
    return "proof_of_work_missing";
  }
  return "request_invalid";
};

/** The code an error is answered with. */
export const codeOf = (error: unknown): ErrorCode => {
  if (!(error instanceof Error)) return "internal";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if ("validation" in error && error.validation !== undefined) return codeOfValidation(error as FastifyError); // Fastify's own errors alone have the field
  if (isErrorCode(code)) return code;
  const known = FASTIFY_CODES[code];
  if (known !== undefined) return known;
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status === 429) return "rate_limited";
  return typeof status === "number" && status >= 400 && status < 500 ? "request_invalid" : "internal";
};

export const sendError = (reply: FastifyReply, code: ErrorCode): FastifyReply => {
  const { status } = ERRORS[code];
  if (status === 503) void reply.header("retry-after", "2");
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  return reply.code(status).header("cache-control", "no-store").send(errorBody(code));
};

/** Sets the handlers for errors and for addresses that are not there. */
export const answerErrors = (app: FastifyInstance, onInternal: (name: string) => void): void => {
  app.setErrorHandler((error, _request, reply) => {
    const code = codeOf(error);
    // Of an error nobody foresaw the kind is told, never the message: it may hold what the request held.
    if (code === "internal")
      onInternal(error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 4).join(" ") : "unknown");
    return sendError(reply, code);
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, "not_found"));
};
