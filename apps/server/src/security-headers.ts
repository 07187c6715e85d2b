/** Headers on every answer: nothing from elsewhere may be loaded, nothing may embed the page or learn where it was. */
import type { FastifyInstance } from "fastify";

/**
 * The one style element the page's component library writes (touch behaviour of buttons), allowed by the hash of its
 * text and nothing else. A browser test fails when a new version of the library writes another.
 */
const PRESSABLE_STYLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";

/**
 * WebAssembly needs its own permission; it allows no script. `blob:` and `data:` are for pictures and videos on the
 * device.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self' ${PRESSABLE_STYLE}`,
  "img-src 'self' blob: data:",
  "media-src blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** In lower case, as Fastify writes them. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ["content-security-policy", CONTENT_SECURITY_POLICY],
  ["referrer-policy", "no-referrer"],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"],
];

/** On everything below `/api/` besides. */
export const API_HEADERS: readonly (readonly [name: string, value: string])[] = [["cache-control", "no-store"]];

export const addSecurityHeaders = (app: FastifyInstance): void => {
  app.addHook("onRequest", async (request, reply) => {
    for (const [name, value] of SECURITY_HEADERS) void reply.header(name, value);
    if (request.url.startsWith("/api/")) for (const [name, value] of API_HEADERS) void reply.header(name, value);
  });
};
