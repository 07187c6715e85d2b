/**
 * Visits an address of the open web: bounded in time, size and redirects, and never into a private network, whatever
 * name or redirect says so. The address is checked where the connection is made, so that a name which changes its mind
 * in between gains nothing. Sends no cookie, no referrer and no name of a program.
 */
import { lookup as lookUp, type LookupAddress, type LookupOptions } from "node:dns";
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

export interface VisitOptions {
  readonly accept?: string;
  readonly maxBytes?: number;
  readonly maxRedirects?: number;
  /** All of it, with its redirects. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Registries are asked over TLS only. */
  readonly onlyHttps?: boolean;
  /** For a network of one's own, and tests. */
  readonly allowPrivate?: boolean;
}

export type VisitError =
  | "visit_private_address"
  | "visit_too_many_redirects"
  | "visit_unreachable"
  | "visit_timeout"
  | "visit_refused";

export type VisitOutcome =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** There was more than `maxBytes`; the rest was not fetched. */
      readonly isCut: boolean;
      /** Where the redirects led. */
      readonly url: string;
      /** The address of the network that answered. */
      readonly address: string;
    }
  | { readonly ok: false; readonly code: VisitError };

class Refused extends Error {
  readonly code: VisitError;
  constructor(code: VisitError) {
    super("the visit was given up");
    this.code = code;
  }
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** `dns.lookup`, with private addresses left out; none left is a refusal. */
const guarded =
  (allowPrivate: boolean) =>
  (host: string, options: LookupOptions, found: Found): void => {
    lookUp(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        found(error, []);
        return;
      }
      const open = allowPrivate ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (first === undefined) found(new Refused("visit_private_address"), []);
      else if (options.all === true) found(null, open);
      else found(null, first.address, first.family);
    });
  };

const ask = (url: URL, { accept = "*/*", allowPrivate = false }: VisitOptions, signal: AbortSignal) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const host = url.hostname.replaceAll(/[[\]]/gu, "");
    // A bare number is never looked up, so it is checked here.
    if (isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host)) {
      reject(new Refused("visit_private_address"));
      return;
    }
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(
      url,
      {
        signal,
        lookup: guarded(allowPrivate),
        // One connection a visit: nothing is held open, and each one is checked.
        agent: false,
        headers: { accept, "accept-encoding": "identity" },
        maxHeaderSize: 65_536,
      },
      resolve,
    );
    request.on("error", reject);
    request.end();
  });

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Never throws for what the other side does. */
export const visit = async (address: string, options: VisitOptions = {}): Promise<VisitOutcome> => {
  const { maxBytes = 10_485_760, maxRedirects = 5, timeoutMs = 15_000, onlyHttps = false } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  let url = address;
  try {
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      if (!URL.canParse(url)) throw new Refused("visit_refused");
      const target = new URL(url);
      if (target.protocol !== "https:" && (onlyHttps || target.protocol !== "http:"))
        throw new Refused("visit_refused");
      target.username = "";
      target.password = "";
      target.hash = "";
      // Each redirect is known only when the one before was answered.
      // oxlint-disable-next-line no-await-in-loop
      const answer = await ask(target, options, signal);
      const { statusCode = 0, headers } = answer;
      const remote = answer.socket.remoteAddress ?? "";
      if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
        answer.destroy();
        if (!URL.canParse(headers.location, target.href)) throw new Refused("visit_refused");
        url = new URL(headers.location, target.href).href;
        continue;
      }
      if (statusCode < 200 || statusCode >= 300) {
        answer.destroy();
        throw new Refused("visit_refused");
      }
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      // oxlint-disable-next-line no-await-in-loop -- as above
      for await (const part of answer) {
        const chunk = part as Buffer; // without an encoding a message gives Buffers
        sizeBytes += chunk.length;
        chunks.push(chunk);
        if (sizeBytes > maxBytes) break;
      }
      answer.destroy();
      return {
        ok: true,
        bytes: Buffer.concat(chunks).subarray(0, maxBytes),
        isCut: sizeBytes > maxBytes,
        url: target.href,
        address: remote.replace(/^::ffff:(?=\d+\.)/u, ""),
      };
    }
    return { ok: false, code: "visit_too_many_redirects" };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (error instanceof Refused) return { ok: false, code: error.code };
    return { ok: false, code: timeout.aborted ? "visit_timeout" : "visit_unreachable" };
  }
};
