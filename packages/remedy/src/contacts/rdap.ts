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
  const registrar = entities.find(({ roles }) => roles.includes("registrar"))?.name;
  return {
    contacts: rankContacts(contacts),
    ...(of === "network" && networkName !== undefined ? { networkName } : {}),
    ...(registrar === undefined ? {} : { registrar }),
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

/** The services that answer for a domain: RFC 9224, the file `dns.json`, by the longest ending. */
export const rdapUrlForDomain = (bootstrap: unknown, domain: string): string | undefined => {
  const labels = domain.toLowerCase().replace(/\.$/u, "").split(".");
  let best: { readonly length: number; readonly url: string } | undefined;
  for (const service of wholeList(asObject(bootstrap)?.["services"])) {
    const [endings, urls] = [wholeList(wholeList(service)[0]), wholeList(wholeList(service)[1])];
    const url = urls.filter((each) => typeof each === "string").find((each) => each.startsWith("https://"));
    if (url === undefined) continue;
    for (const ending of endings) {
      if (typeof ending !== "string") continue;
      const parts = ending.toLowerCase().split(".");
      const fits =
        parts.length <= labels.length &&
        parts.every((part, index) => part === labels[labels.length - parts.length + index]);
      if (fits && (best === undefined || parts.length > best.length)) best = { length: parts.length, url };
    }
  }
  return best === undefined
    ? undefined
    : `${best.url.replace(/\/?$/u, "/")}domain/${encodeURIComponent(domain.toLowerCase())}`;
};

/** Bootstrap files list more than two hundred endings a service, so they are not cut. */
const wholeList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
