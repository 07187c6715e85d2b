/**
 * Who registered a name or a network, from the registries' own answers (RDAP, RFC 9083; where to ask: RFC 9224). What
 * is asked for is told to the registry, so the caller decides who asks: the network comes in as an argument.
 */
import { parse } from "tldts";
import { type Contact, rankContacts } from "./contact.ts";

/** Answers JSON, undefined where there is none. It bounds time and size itself, and may throw. */
export type FetchJson = (url: string) => Promise<unknown>;

export interface RdapFound {
  readonly contacts: readonly Contact[];
  /** As registries write it: "CLOUDFLARENET", "HETZNER-AS". */
  readonly networkName?: string;
  readonly registrar?: string;
  /** Numbers of the networks that announce an address, where the registry knows them. */
  readonly asns?: readonly string[];
}

const MAX_DEPTH = 6;
const MAX_ENTITIES = 200;
/** A domain's registry, its registrar, and one more that an answer leads to. */
const MAX_ANSWERS = 3;

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MAX_ENTITIES) : []);
const asText = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** jCard (RFC 7095): ["vcard", [["email", {}, "text", "abuse@example.net"], ...]]. */
const fromCard = (card: unknown, field: string): readonly string[] =>
  asList(asList(card)[1]).flatMap((line) => {
    const [name, , , value] = asList(line);
    return name === field && typeof value === "string" ? [value] : [];
  });

interface Entity {
  readonly roles: readonly string[];
  readonly mails: readonly string[];
  readonly name: string | undefined;
}

/** All entities, nested ones too: an abuse contact usually stands under the registrar. */
const entitiesIn = (answer: Readonly<Record<string, unknown>>): readonly Entity[] => {
  const found: Entity[] = [];
  const walk = (list: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const each of asList(list)) {
      const entity = asObject(each);
      if (entity === undefined || found.length >= MAX_ENTITIES) continue;
      found.push({
        roles: asList(entity["roles"]).filter((role) => typeof role === "string"),
        mails: fromCard(entity["vcardArray"], "email").map((mail) => mail.replace(/^mailto:/iu, "").trim()),
        name: fromCard(entity["vcardArray"], "fn")[0] ?? asText(entity["handle"]),
      });
      walk(entity["entities"], depth + 1);
    }
  };
  walk(answer["entities"], 0);
  return found;
};

const MAIL = /^[^\s@<>,;]{1,64}@[^\s@<>,;]{1,253}$/u;

/** What one answer says. `of` is who an abuse contact in it belongs to. Never throws, whatever the answer is. */
export const readRdap = (answer: unknown, of: "registrar" | "network"): RdapFound => {
  const object = asObject(answer);
  if (object === undefined) return { contacts: [] };
  const entities = entitiesIn(object);
  const contacts = entities.flatMap(({ roles, mails }) =>
    mails
      .filter((mail) => MAIL.test(mail) && parse(mail.slice(mail.lastIndexOf("@") + 1)).domain !== null)
      .flatMap((to): readonly Contact[] => {
        const shared = { kind: "mail", to, of, foundIn: "rdap" } as const;
        if (roles.includes("abuse")) return [{ ...shared, purpose: "abuse", confidence: "high" }];
        // Others answer for the network's machines; an address that says "abuse" is meant for it all the same.
        if (/^abuse@/iu.test(to)) return [{ ...shared, purpose: "abuse", confidence: "medium" }];
        return roles.includes("technical") && of === "network"
          ? [{ ...shared, purpose: "general", confidence: "low" }]
          : [];
      }),
  );
  const networkName = asText(object["name"]);
  // An extension of ARIN's answers.
  const asns = asList(object["arin_originas0_originautnums"]).flatMap((each) =>
    Number.isInteger(each) ? [String(each)] : [],
  );
  const registrar = entities.find(({ roles }) => roles.includes("registrar"))?.name;
  return {
    contacts: rankContacts(contacts),
    ...(of === "network" && networkName !== undefined ? { networkName } : {}),
    ...(registrar === undefined ? {} : { registrar }),
    ...(asns.length === 0 ? {} : { asns }),
  };
};

/** Further answers that this one leads to: `rel` related, of the same media type, over https only. */
const relatedIn = (answer: unknown): readonly string[] =>
  asList(asObject(answer)?.["links"]).flatMap((each) => {
    const link = asObject(each);
    const href = asText(link?.["href"]);
    const type = asText(link?.["type"]);
    return link?.["rel"] === "related" &&
      href !== undefined &&
      href.startsWith("https://") &&
      (type === undefined || type === "application/rdap+json")
      ? [href]
      : [];
  });

/**
 * Asks from `url` on, following "related" links, each once and `MAX_ANSWERS` at the most, so that answers which lead in
 * a circle or on and on end. A failed question leaves what was found before.
 */
export const askRdap = async (url: string, of: "registrar" | "network", fetchJson: FetchJson): Promise<RdapFound> => {
  const asked = new Set<string>();
  const ahead = [url];
  let all: RdapFound = { contacts: [] };
  while (ahead.length > 0 && asked.size < MAX_ANSWERS) {
    const next = ahead.shift();
    if (next === undefined || asked.has(next)) continue;
    asked.add(next);
    // The network fails in many ways, and none of them takes away what another registry said.
    const answer = await fetchJson(next).catch(() => undefined);
    const found = readRdap(answer, of);
    all = { ...found, ...all, contacts: rankContacts([...all.contacts, ...found.contacts]) };
    ahead.push(...relatedIn(answer));
  }
  return all;
};

/** The first service over https of an entry of a bootstrap file (RFC 9224, 4), with its slash. */
const serviceUrl = (entry: unknown): string | undefined =>
  wholeList(wholeList(entry)[1])
    .filter((each) => typeof each === "string")
    .find((each) => each.startsWith("https://"))
    ?.replace(/\/?$/u, "/");

/**
 * Of the entries of a bootstrap file, the one that fits best: `lengthOf` answers how long the part is that fits, or
 * undefined. All of the file is looked through, as registries may list what belongs to another more closely.
 */
const bestService = (bootstrap: unknown, lengthOf: (entry: string) => number | undefined): string | undefined => {
  let best: { readonly length: number; readonly url: string } | undefined;
  for (const service of wholeList(asObject(bootstrap)?.["services"])) {
    const url = serviceUrl(service);
    if (url === undefined) continue;
    for (const entry of wholeList(wholeList(service)[0])) {
      const length = typeof entry === "string" ? lengthOf(entry) : undefined;
      if (length !== undefined && (best === undefined || length > best.length)) best = { length, url };
    }
  }
  return best?.url;
};

/** The services that answer for a domain: RFC 9224, the file `dns.json`, by the longest ending. */
export const rdapUrlForDomain = (bootstrap: unknown, domain: string): string | undefined => {
  const labels = domain.toLowerCase().replace(/\.$/u, "").split(".");
  const url = bestService(bootstrap, (ending) => {
    const parts = ending.toLowerCase().split(".");
    return parts.length <= labels.length &&
      parts.every((part, index) => part === labels[labels.length - parts.length + index])
      ? parts.length
      : undefined;
  });
  return url === undefined ? undefined : `${url}domain/${encodeURIComponent(domain.toLowerCase())}`;
};

/** The bits of an address of the internet as a string of 0 and 1; undefined for what is none. */
const bitsOf = (address: string): string | undefined => {
  const groups = address.includes(":") ? ipv6Groups(address) : ipv4Groups(address);
  const width = address.includes(":") ? 16 : 8;
  return groups?.map((group) => group.toString(2).padStart(width, "0")).join("");
};

const ipv4Groups = (address: string): readonly number[] | undefined => {
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/u.test(part) && Number(part) <= 255)
    ? parts.map(Number)
    : undefined;
};

const ipv6Groups = (address: string): readonly number[] | undefined => {
  if (address.length > 45) return undefined;
  const halves = address.split("::");
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array.from({ length: halves.length === 1 ? 0 : missing }, () => "0"), ...right];
  return all.every((group) => /^[0-9a-f]{1,4}$/iu.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
};

/** Who answers for an address of the internet: the files `ipv4.json` and `ipv6.json`, by the longest prefix. */
export const rdapUrlForIp = (bootstrap: unknown, address: string): string | undefined => {
  const bits = bitsOf(address);
  if (bits === undefined) return undefined;
  const url = bestService(bootstrap, (entry) => {
    const [network = "", length = ""] = entry.split("/");
    const own = bitsOf(network);
    const prefix = Number(length);
    return own?.length === bits.length &&
      /^\d{1,3}$/u.test(length) &&
      prefix <= bits.length &&
      own.slice(0, prefix) === bits.slice(0, prefix)
      ? prefix
      : undefined;
  });
  return url === undefined ? undefined : `${url}ip/${address}`;
};

/** Who answers for the number of a network ("13335", "AS13335"): the file `asn.json`; the narrowest range counts. */
export const rdapUrlForAsn = (bootstrap: unknown, asn: string): string | undefined => {
  const digits = /^(?:AS)?(\d{1,10})$/iu.exec(asn)?.[1];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  const url = bestService(bootstrap, (entry) => {
    const [, from = "", to = from] = /^(\d{1,10})(?:-(\d{1,10}))?$/u.exec(entry) ?? [];
    return from !== "" && value >= Number(from) && value <= Number(to) ? Number(from) - Number(to) : undefined;
  });
  return url === undefined ? undefined : `${url}autnum/${value}`;
};

/** Bootstrap files list more than two hundred endings a service, so they are not cut. */
const wholeList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
