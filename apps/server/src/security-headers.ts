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

export const addSecurityHeaders = (app: FastifyInstance): void => {
  app.addHook("onRequest", async (request, reply) => {
    void reply
      .header("content-security-policy", CONTENT_SECURITY_POLICY)
      .header("referrer-policy", "no-referrer")
      .header("x-content-type-options", "nosniff")
      .header("x-frame-options", "DENY")
      .header("cross-origin-opener-policy", "same-origin")
      .header("cross-origin-resource-policy", "same-origin")
      .header("permissions-policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()");
    if (request.url.startsWith("/api/")) void reply.header("cache-control", "no-store");
  });
};
