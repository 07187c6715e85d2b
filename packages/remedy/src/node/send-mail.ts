/**
 * Sends a notice through the person's own mail server (SMTP, RFC 5321), one message at a time, to one address. It is
 * either taken, or not, or it is not known: then it says so, as sending a second time is the person's decision. No
 * address, name or answer of a server is in what comes back or is written anywhere.
 */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { mailMessage } from "../notice/eml.ts";
import type { Notice } from "../notice/notice.ts";

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, which is required of every server but this machine's own. */
  readonly isTlsFromStart: boolean;
  readonly user?: string;
  readonly password?: string;
}

export const MAIL_ERRORS = [
  "mail_server_invalid",
  "mail_unreachable",
  "mail_tls_failed",
  "mail_timeout",
  "mail_login_refused",
  "mail_sender_refused",
  "mail_recipient_refused",
  "mail_refused",
  "mail_unsure",
] as const;
export type MailError = (typeof MAIL_ERRORS)[number];

export type MailOutcome =
  | { readonly ok: true }
  /** `isTemporary`: the server said to try again later. After `mail_unsure` it may have been sent. */
  | { readonly ok: false; readonly code: MailError; readonly isTemporary: boolean };

const isOwnMachine = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/iu.test(host);

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** From `smtps://user:password@host:465` or `smtp://…:587`. undefined for everything else. */
export const readMailServer = (address: string): MailServer | undefined => {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isTlsFromStart = url.protocol === "smtps:";
  const host = url.hostname.replaceAll(/[[\]]/gu, "");
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (
    (!isTlsFromStart && url.protocol !== "smtp:") ||
    host === "" ||
    !/^\/?$/u.test(url.pathname) ||
    `${url.search}${url.hash}` !== "" ||
    user === undefined ||
    password === undefined ||
    (user === "") !== (password === "")
  )
    return undefined;
  return {
    host,
    port: url.port === "" ? (isTlsFromStart ? 465 : 587) : Number(url.port),
    isTlsFromStart,
    ...(user === "" ? {} : { user, password }),
  };
};

export interface MailOptions {
  /** Bare addresses. */
  readonly from: string;
  readonly to: string;
  readonly nowMs: number;
  /** All of it, from the first byte to the server's last word. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** More than any server says; what goes on and on is no answer. */
const MAX_ANSWER_BYTES = 65_536;

interface Failed {
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly responseCode?: number | undefined;
  /** Of the socket's own error, which `code` stands before. */
  readonly originalCode?: unknown;
}

/** What Node calls a handshake or certificate that failed; all else of a socket is the network's. */
const isTlsFailure = (code: unknown): boolean =>
  typeof code === "string" && (code === "EPROTO" || code.startsWith("ERR_") || !/^E[A-Z]+$/u.test(code));

const codeOf = ({ code = "", command = "", originalCode }: Failed, isLoggingIn: boolean): MailError => {
  if (code === "ETIMEDOUT") return "mail_timeout";
  if (isLoggingIn || code === "EAUTH" || code === "ENOAUTH") return "mail_login_refused";
  if (code === "ETLS" || command === "STARTTLS" || (originalCode !== undefined && isTlsFailure(originalCode)))
    return "mail_tls_failed";
  if (code === "EMESSAGE") return "mail_refused";
  if (command === "MAIL FROM") return "mail_sender_refused";
  if (command === "RCPT TO") return "mail_recipient_refused";
  if (command === "DATA" || code === "EENVELOPE") return "mail_refused";
  return "mail_unreachable";
};

/** Throws TypeError for what is no bare address; whatever the server and the network do is an outcome. */
export const sendNotice = (notice: Notice, server: MailServer, options: MailOptions): Promise<MailOutcome> => {
  const { from, to, nowMs, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  const text = mailMessage(notice, { from, to, sentAtMs: nowMs, id: randomUUID() });
  return new Promise((resolve) => {
    const own = isOwnMachine(server.host);
    const connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.isTlsFromStart,
      requireTLS: !server.isTlsFromStart && !own,
      // This machine's name may be the person's, and servers write it into the message.
      name: "localhost",
      tls: own ? { rejectUnauthorized: false } : { minVersion: "TLSv1.2" },
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      logger: false,
      debug: false,
    });
    let isOver = false;
    let isLoggingIn = false;
    let isAllGiven = false;
    const end = (outcome: MailOutcome): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      if (outcome.ok) connection.quit();
      else connection.close();
      resolve(outcome);
    };
    const fail = (failed: Failed): void => {
      const { responseCode = 0 } = failed;
      // The last byte is out and the server has not said no: it may have it.
      const isUnsure = isAllGiven && responseCode < 400;
      end({
        ok: false,
        code: isUnsure ? "mail_unsure" : codeOf(failed, isLoggingIn && responseCode > 0),
        isTemporary: responseCode >= 400 && responseCode < 500,
      });
    };
    const stop = (): void => fail({ code: "ETIMEDOUT" });
    // A server that says a word now and then is never silent, so the whole has a bound of its own.
    const timer = setTimeout(stop, timeoutMs);
    if (signal?.aborted === true) {
      stop();
      return;
    }
    signal?.addEventListener("abort", stop);

    const message = Readable.from([Buffer.from(text)], { objectMode: false });
    message.once("end", () => {
      isAllGiven = true;
    });
    const send = (): void =>
      connection.send({ from, to: [to], size: Buffer.byteLength(text) }, message, (error) => {
        if (error === null) end({ ok: true });
        else fail(error);
      });
    connection.on("error", fail);
    connection.once("end", () => fail({ code: "ECONNECTION" }));
    connection.connect((error) => {
      if (error !== undefined && error !== null) fail(error);
      else if (server.user === undefined || server.password === undefined) send();
      else {
        isLoggingIn = true;
        connection.login({ user: server.user, pass: server.password }, (refused) => {
          if (refused !== null) fail(refused);
          else {
            isLoggingIn = false;
            send();
          }
        });
      }
    });
  });
};
