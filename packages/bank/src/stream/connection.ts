/** The connection to NATS: made when it is first needed, and held from then on whatever servers come and go. */
import { readFile } from "node:fs/promises";
import { jetstream, type JetStreamClient, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";
import { BankError } from "../errors.ts";

export interface FeedConnectionOptions {
  /**
   * `nats://` or `tls://`, a host, and a port if it is not 4222; several of one cluster with commas between. Before the
   * host of the first may stand `user:password@` or `token@`.
   */
  readonly url: string;
  /** File with a user's JWT and seed. */
  readonly credentialsFile?: string | undefined;
  /** Files in PEM form: who vouches for the server; who we are. */
  readonly caFile?: string | undefined;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Told when the servers don't let us in or can't be trusted: once, and again after anything else came between. */
  readonly onRefused?: ((code: RefusalCode) => void) | undefined;
}

export type RefusalCode = "feed_refused" | "feed_untrusted";

export interface Connected {
  readonly connection: NatsConnection;
  readonly publisher: JetStreamClient;
  readonly manager: JetStreamManager;
}

export interface FeedConnection {
  /** Throws BankError `feed_unavailable`, `feed_refused` or `feed_untrusted` while no server has let us in yet. */
  open(): Promise<Connected>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 3_000;
/** A new leader is elected within a second or two; what waits longer is tried again from its beginning. */
const REQUEST_TIMEOUT_MS = 3_000;
const RECONNECT_WAIT_MS = 250;
/** A server that is stopped and keeps its connections is noticed after about this long. */
const PING_INTERVAL_MS = 5_000;

type Address = Pick<NodeConnectionOptions, "servers" | "user" | "pass" | "token" | "tls">;

/** Throws TypeError, which says nothing of what stood there. */
export const readFeedUrl = (text: string): Address => {
  const wrong = new TypeError("the feed's address must be nats://HOST:PORT or tls://HOST:PORT");
  const urls = text.split(",").map((part) => {
    if (!/^(nats|tls):\/\//.test(part) || !URL.canParse(part)) throw wrong;
    const url = new URL(part);
    if (url.hostname === "" || !["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") throw wrong;
    return { isTls: part.startsWith("tls:"), url };
  });
  const [first] = urls;
  if (first === undefined || urls.some(({ isTls }) => isTls !== first.isTls)) throw wrong;
  const user = decodeURIComponent(first.url.username);
  const pass = decodeURIComponent(first.url.password);
  return {
    servers: urls.map(({ url }) => `${url.hostname}:${url.port || "4222"}`),
    ...(first.isTls ? { tls: {} } : {}),
    ...(user === "" ? {} : pass === "" ? { token: user } : { user, pass }),
  };
};

const connectTo = async (options: FeedConnectionOptions): Promise<NatsConnection> => {
  const { tls, ...address } = readFeedUrl(options.url);
  const { credentialsFile, caFile, certificateFile: certFile, keyFile } = options;
  const hasTls = tls !== undefined || caFile !== undefined || certFile !== undefined;
  return connect({
    ...address,
    ...(hasTls
      ? { tls: { ...(caFile && { caFile }), ...(certFile && { certFile }), ...(keyFile && { keyFile }) } }
      : {}),
    ...(credentialsFile === undefined ? {} : { authenticator: credsAuthenticator(await readFile(credentialsFile)) }),
    name: "recourse",
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    // A key that is refused today may be let in tomorrow.
    ignoreAuthErrorAbort: true,
  });
};

/** What Node says of a certificate that nobody vouches for, or that is another host's (tls and X509 errors of its docs). */
const UNTRUSTED =
  /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|HOSTNAME_MISMATCH|INVALID_CA)/;

/** An error and what caused it, to a depth that no chain of ours has. */
const chainOf = (error: unknown): readonly unknown[] => {
  const chain: unknown[] = [];
  for (let each = error; each instanceof Error && chain.length < 8; each = each.cause) chain.push(each);
  return chain;
};

const refusalOf = (error: unknown): RefusalCode | undefined => {
  for (const each of chainOf(error)) {
    if (each instanceof AuthorizationError || each instanceof UserAuthenticationExpiredError) return "feed_refused";
    const code = each instanceof Error && "code" in each && typeof each.code === "string" ? each.code : "";
    if (UNTRUSTED.test(code)) return "feed_untrusted";
  }
  return undefined;
};

export const openFeedConnection = (options: FeedConnectionOptions): FeedConnection => {
  let opening: Promise<Connected> | undefined;
  let closed = false;
  let told: RefusalCode | undefined;

  const openNew = async (): Promise<Connected> => {
    try {
      const connection = await connectTo(options);
      connection
        .closed()
        .catch(() => {})
        .finally(() => {
          opening = undefined;
        });
      told = undefined;
      const settings = { timeout: REQUEST_TIMEOUT_MS };
      const manager = await jetstreamManager(connection, { ...settings, checkAPI: false });
      return { connection, manager, publisher: jetstream(connection, settings) };
    } catch (error) {
      opening = undefined;
      const refusal = refusalOf(error);
      if (refusal !== undefined && refusal !== told) options.onRefused?.(refusal);
      told = refusal;
      throw new BankError(refusal ?? "feed_unavailable", error);
    }
  };

  return {
    async open() {
      if (closed) throw new BankError("feed_unavailable");
      opening ??= openNew();
      return opening;
    },
    async close() {
      closed = true;
      const open = await opening?.catch(() => undefined);
      await open?.connection.close().catch(() => {});
    },
  };
};
