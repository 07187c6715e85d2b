/** The settings of one server: read from the environment once, checked, and from then on plain values. */
import { isIP } from "node:net";
import { type FeedConnectionOptions, readFeedUrl } from "@recourse/bank/stream";
import { type ClickHouseAddress, readClickHouseUrl } from "@recourse/gate";
import { LOCAL_QUERY_POLICIES, type LocalQueryPolicy } from "@recourse/protocol";

export interface ServerConfig {
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Whether other processes may listen on the same port of this machine, and the system shares connections out. */
  readonly sharePort: boolean;
  readonly roles: readonly Role[];
  /** A gate key that is to be valid, if one was given. */
  readonly gateKey: string | undefined;
  /** An admin key that is to be valid, if one was given. */
  readonly adminKey: string | undefined;
  /** The platform's name, if persons may be told it; without one they are told "one platform". */
  readonly platformName: string | undefined;
  /** Largest file a gate takes. */
  readonly maxFileBytes: number;
  /**
   * How many proxies of our own stand before this server: that many entries of X-Forwarded-For, counted from its end,
   * are theirs. What a client wrote before them is never believed.
   */
  readonly trustedProxies: number;
  /** When the gate asks for local hashes: before it answers a check, after, or never. */
  readonly localQuery: LocalQueryPolicy;
  /** Folder of harmless pictures, whose patches never vote, if one was given. */
  readonly harmlessDir: string | undefined;
  /** Folder of the gate's snapshots; undefined is beside the embedded database, an empty text none at all. */
  readonly snapshotDir: string | undefined;
  /** How much of the platform's own content is kept in memory for the look-back; more is read anew each time. */
  readonly catalogueMemoryBytes: number;
  /** The stream of NATS that carries the bank's feed, if there is one. */
  readonly feed: FeedConfig | undefined;
  /** Where ClickHouse is, if the hashes of the platform's own content lie there. */
  readonly clickHouse: ClickHouseAddress | undefined;
  /** How many requests a minute one address may make to the case routes. */
  readonly caseRequestsPerMinute: number;
}

export interface FeedConfig extends FeedConnectionOptions {
  /** Servers that hold a copy of the stream. */
  readonly replicas: number;
}

/** A setting that can't be used; `message` names the setting, never its value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export type Role = "hub" | "gate";

type Env = Readonly<Record<string, string | undefined>>;

const readInteger = (env: Env, name: string, fallback: number, min: number, max: number): number => {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
};

const readKey = (env: Env, name: string): string | undefined => {
  const key = env[name];
  if (key === undefined || key === "") return undefined;
  if (!/^[\x21-\x7e]{1,512}$/.test(key)) throw new ConfigError(`${name} must be 1 to 512 visible ASCII characters`);
  return key;
};

const readRoles = (env: Env): readonly Role[] => {
  const words = (env["RECOURSE_ROLES"] || "hub,gate").split(",").map((word) => word.trim());
  const roles = (["hub", "gate"] as const).filter((role) => words.includes(role));
  if (roles.length !== words.length) throw new ConfigError("RECOURSE_ROLES must be hub, gate or hub,gate");
  return roles;
};

const readLocalQuery = (env: Env): LocalQueryPolicy => {
  const word = env["GATE_LOCAL_QUERY"] || "in_path";
  const policy = LOCAL_QUERY_POLICIES.find((known) => known === word);
  if (policy === undefined) throw new ConfigError("GATE_LOCAL_QUERY must be in_path, after or off");
  return policy;
};

const readFeed = (env: Env): FeedConfig | undefined => {
  const url = env["FEED_URL"];
  if (url === undefined || url === "") return undefined;
  try {
    readFeedUrl(url);
  } catch {
    throw new ConfigError("FEED_URL must be nats://HOST:PORT or tls://HOST:PORT, several with commas between");
  }
  const replicas = readInteger(env, "FEED_REPLICAS", 1, 1, 5);
  if (replicas % 2 === 0) throw new ConfigError("FEED_REPLICAS must be 1, 3 or 5");
  return {
    url,
    credentialsFile: env["FEED_CREDENTIALS"] || undefined,
    caFile: env["FEED_TLS_CA"] || undefined,
    certificateFile: env["FEED_TLS_CERT"] || undefined,
    keyFile: env["FEED_TLS_KEY"] || undefined,
    replicas,
  };
};

const readCatalogueUrl = (env: Env): ClickHouseAddress | undefined => {
  const text = env["CATALOGUE_URL"];
  if (text === undefined || text === "") return undefined;
  const address = readClickHouseUrl(text);
  if (address === undefined) {
    throw new ConfigError(
      "CATALOGUE_URL must be http(s)://USER:PASSWORD@HOST:PORT/DATABASE, with ?cluster=NAME on one",
    );
  }
  return address;
};

/** Only gates: a hub counts in memory what one address may ask of it. */
const readSharePort = (env: Env): boolean => {
  const text = env["GATE_SHARE_PORT"] ?? "";
  if (text === "") return false;
  if (text !== "1") throw new ConfigError("GATE_SHARE_PORT must be 1 or empty");
  if (readRoles(env).includes("hub")) throw new ConfigError("GATE_SHARE_PORT needs RECOURSE_ROLES=gate");
  return true;
};

/** Throws ConfigError. */
export const readConfig = (env: Env): ServerConfig => {
  const host = env["HOST"] ?? "0.0.0.0";
  if (isIP(host) === 0 && host !== "localhost") throw new ConfigError("HOST must be an IP address");
  return {
    port: readInteger(env, "PORT", 8080, 0, 65_535),
    host,
    sharePort: readSharePort(env),
    roles: readRoles(env),
    gateKey: readKey(env, "RECOURSE_GATE_KEY"),
    adminKey: readKey(env, "RECOURSE_ADMIN_KEY"),
    platformName: env["RECOURSE_PLATFORM_NAME"]?.trim() || undefined,
    maxFileBytes: readInteger(env, "RECOURSE_MAX_FILE_BYTES", 32 * 1024 * 1024, 1024, 512 * 1024 * 1024),
    trustedProxies: readInteger(env, "RECOURSE_TRUST_PROXY", 0, 0, 10),
    localQuery: readLocalQuery(env),
    harmlessDir: env["GATE_HARMLESS_DIR"] || undefined,
    snapshotDir: env["GATE_SNAPSHOT_DIR"],
    catalogueMemoryBytes: readInteger(env, "GATE_CATALOGUE_MEMORY_MB", 512, 0, 65_536) * 1024 * 1024,
    feed: readFeed(env),
    clickHouse: readCatalogueUrl(env),
    caseRequestsPerMinute: readInteger(env, "RECOURSE_CASE_REQUESTS_PER_MINUTE", 120, 1, 1_000_000),
  };
};
