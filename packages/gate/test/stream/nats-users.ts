/**
 * Users of a NATS server with the permissions that docs/feed.md names, in both ways in which a server can know them: by
 * name and password, and by credentials that an operator's key stands behind. And a certificate authority of the tests.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAccount, createOperator, createUser, type KeyPair } from "@nats-io/nkeys";

const OPENSSL = "openssl";

export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  readonly mayRespond: boolean;
}

/** The lines of docs/feed.md between these two words of its list. */
const subjectsOf = (text: string, from: string, to: string): readonly string[] => {
  const part = text.slice(text.indexOf(from) + from.length);
  return [...part.slice(0, part.indexOf(to)).matchAll(/`([^`]+)`/g)].map(([, subject = ""]) => subject);
};

/** Read from the guide itself, so that what it says is what was tried. */
export const documentedPermissions = (): { readonly hub: Permissions; readonly gate: Permissions } => {
  const guide = readFileSync(new URL("../../../../docs/feed.md", import.meta.url), "utf8");
  const [, hub = ""] = /^\| a hub \|(.+)$/m.exec(guide) ?? [];
  const [, gate = ""] = /^\| a gate \|(.+)$/m.exec(guide) ?? [];
  const read = (row: string): Permissions => {
    const [publish = "", subscribe = "", respond = ""] = row.split("|");
    return {
      publish: subjectsOf(`${publish}.`, "", "\n"),
      subscribe: subjectsOf(`${subscribe}.`, "", "\n"),
      mayRespond: respond.trim() === "yes",
    };
  };
  return { hub: read(hub), gate: read(gate) };
};

const list = (subjects: readonly string[]): string =>
  `[${subjects.map((subject) => JSON.stringify(subject)).join(", ")}]`;

/** A user of the configuration file. */
export const userLine = (name: string, password: string, permissions?: Permissions): string => {
  const allowed =
    permissions === undefined
      ? ""
      : `, permissions: { publish: { allow: ${list(permissions.publish)} }, subscribe: { allow: ${list(permissions.subscribe)} }${
          permissions.mayRespond ? ", allow_responses: true" : ""
        } }`;
  return `{ user: ${JSON.stringify(name)}, password: ${JSON.stringify(password)}${allowed} }`;
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const claim = (subject: KeyPair, issuer: KeyPair, name: string, nats: object): string => {
  const content = `${encode({ typ: "JWT", alg: "ed25519-nkey" })}.${encode({
    jti: `${name}-${subject.getPublicKey()}`,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name,
    nats: { ...nats, version: 2 },
  })}`;
  return `${content}.${Buffer.from(issuer.sign(Buffer.from(content))).toString("base64url")}`;
};

const BOUNDLESS = {
  subs: -1,
  conn: -1,
  leaf: -1,
  imports: -1,
  exports: -1,
  data: -1,
  payload: -1,
  wildcards: true,
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
};

export interface NatsOperator {
  /** For the server's configuration file. */
  readonly config: string;
  /** The text of a user's `.creds` file. */
  credentials(name: string, permissions?: Permissions): string;
}

/** An operator with one account for the feed and one for the system. */
export const createNatsOperator = (): NatsOperator => {
  const operator = createOperator();
  const system = createAccount();
  const account = createAccount();
  const accountClaim = (key: KeyPair, name: string, limits: object): string =>
    claim(key, operator, name, { type: "account", limits });
  const { mem_storage: _m, disk_storage: _d, streams: _s, consumer: _c, ...withoutStreams } = BOUNDLESS;
  return {
    config: `operator: ${claim(operator, operator, "operator", { type: "operator" })}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: {
  ${system.getPublicKey()}: ${accountClaim(system, "system", withoutStreams)}
  ${account.getPublicKey()}: ${accountClaim(account, "feed", BOUNDLESS)}
}
`,
    credentials(name, permissions) {
      const user = createUser();
      const jwt = claim(user, account, name, {
        type: "user",
        subs: -1,
        data: -1,
        payload: -1,
        pub: permissions === undefined ? {} : { allow: permissions.publish },
        sub: permissions === undefined ? {} : { allow: permissions.subscribe },
        ...(permissions?.mayRespond === true && { resp: { max: 1, ttl: 60_000_000_000 } }),
      });
      const seed = Buffer.from(user.getSeed()).toString();
      return `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
    },
  };
};

export interface Authority {
  readonly caFile: string;
  /** The server's, for 127.0.0.1 and localhost. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes an authority and a certificate that it vouches for, with the program openssl; where nats-server is, it is too. */
export const createAuthority = async (folder: string, name: string): Promise<Authority> => {
  const at = (file: string): string => join(folder, `${name}-${file}`);
  const openssl = (...words: string[]): void => void execFileSync(OPENSSL, words, { stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-subj", `/CN=${name}`, "-keyout", at("ca.key"), "-out", at("ca.pem"));
  openssl("req", ...key.slice(0, -2), "-subj", "/CN=nats", "-keyout", at("server.key"), "-out", at("server.csr"));
  await writeFile(at("server.ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  const signed = [
    "-in",
    at("server.csr"),
    "-CA",
    at("ca.pem"),
    "-CAkey",
    at("ca.key"),
    "-CAcreateserial",
    "-days",
    "2",
  ];
  openssl("x509", "-req", ...signed, "-extfile", at("server.ext"), "-out", at("server.pem"));
  return { caFile: at("ca.pem"), certFile: at("server.pem"), keyFile: at("server.key") };
};
