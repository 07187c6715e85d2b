/**
 * `recourse contacts URL|FILE`: where a notice can be sent. A saved page is read where it is. An address is not visited
 * unless `--visit` says so, because the site and the registries would learn of it; without it, only what is known
 * beforehand is told.
 */
import {
  askRdap,
  type Contact,
  contactsOfPage,
  contactsOfSecurityTxt,
  type FetchJson,
  findLinks,
  knownNetwork,
  type Link,
  type LinkProblem,
  rankContacts,
  rdapUrlForAsn,
  rdapUrlForDomain,
  rdapUrlForIp,
  type RdapFound,
  readableHost,
  readSavedPage,
} from "@recourse/remedy";
import { visit, type VisitOptions } from "@recourse/remedy/node";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { readBytes } from "../read-bytes.ts";

/** Who says which registry to ask (RFC 9224). */
const BOOTSTRAP = "https://data.iana.org/rdap/";
const MAX_RDAP_BYTES = 2_097_152;

/** What can't be visited, in words; the same for each kind of address that is none. */
const PROBLEMS: Readonly<Record<LinkProblem, string>> = {
  not_a_place: "This address holds its content in itself or lies on a device, so there is nobody to write to.",
  unreadable: "This is no address that can be written about.",
  private: "This address lies in a private network: nobody else reaches it.",
};

/** What is known of a service without asking anybody. */
const fromDirectory = ({ service }: Link): readonly Contact[] =>
  (service?.reports ?? []).map(({ what, to, verified }) => ({
    purpose: what,
    kind: to.startsWith("https:") ? "form" : "mail",
    to,
    of: "site",
    foundIn: "directory",
    confidence: verified === "S" ? "high" : "medium",
  }));

interface Page {
  readonly contacts: readonly Contact[];
  readonly url: string;
  readonly address: string;
}

const visitPage = async (address: string, options: VisitOptions): Promise<Page> => {
  const page = await visit(address, { ...options, accept: "text/html" });
  if (!page.ok) throw new CommandFailure(page.code, 3);
  const saved = readSavedPage(page.bytes);
  const found = saved === undefined ? [] : contactsOfPage(saved.html, page.url);
  const { url, address: network } = page;
  if (found.some(({ purpose }) => purpose !== "general")) return { contacts: found, url, address: network };
  // Only where the page names no better way; most sites have none, which is no failure.
  const text = await visit(new URL("/.well-known/security.txt", url).href, { ...options, maxBytes: 65_536 });
  const last = text.ok ? contactsOfSecurityTxt(new TextDecoder().decode(text.bytes)) : [];
  return { contacts: [...found, ...last], url, address: network };
};

/** Of the domain's registrar, and of whoever holds the network that answered. */
const askRegistries = async (domain: string, address: string, options: VisitOptions): Promise<readonly Contact[]> => {
  const fetchJson: FetchJson = async (url) => {
    const answer = await visit(url, {
      ...options,
      onlyHttps: true,
      maxBytes: MAX_RDAP_BYTES,
      accept: "application/rdap+json, application/json",
    });
    return answer.ok && !answer.isCut ? (JSON.parse(new TextDecoder().decode(answer.bytes)) as unknown) : undefined;
  };
  const base = process.env["RECOURSE_RDAP_BOOTSTRAP"] ?? BOOTSTRAP;
  const bootstrap = (file: string): Promise<unknown> => fetchJson(`${base}${file}`).catch(() => undefined);
  const isV6 = address.includes(":");
  const [dns, networks, asn] = await Promise.all([
    bootstrap("dns.json"),
    bootstrap(isV6 ? "ipv6.json" : "ipv4.json"),
    bootstrap("asn.json"),
  ]);
  const nobody: RdapFound = { contacts: [] };
  const at = (url: string | undefined, of: "registrar" | "network"): Promise<RdapFound> =>
    url === undefined ? Promise.resolve(nobody) : askRdap(url, of, fetchJson);
  const [registrar, network] = await Promise.all([
    at(rdapUrlForDomain(dns, domain), "registrar"),
    at(rdapUrlForIp(networks, address), "network"),
  ]);
  const [origin] = network.asns ?? [];
  const announcer = origin === undefined ? nobody : await at(rdapUrlForAsn(asn, origin), "network");
  const known = knownNetwork(network.networkName ?? "") ?? knownNetwork(announcer.networkName ?? "");
  if (known !== undefined)
    console.error(
      known.role === "cdn"
        ? `${known.name} stands before this site and mostly passes reports on to its host and operator: ask it not to give your name.`
        : `The site is held at ${known.name}.`,
    );
  const of = known?.role ?? "host";
  return [
    ...registrar.contacts,
    ...[...network.contacts, ...announcer.contacts].map((contact) => ({ ...contact, of })),
  ];
};

const sayWhoLearns = (): void => {
  for (const line of [
    "The site learns this machine's network address and when it was visited.",
    "The name service of this machine learns the site's name.",
    "IANA, the registry of the name and that of the network learn which of them is asked about, and by whom.",
  ])
    console.error(line);
};

/** The address to be asked about, with what the person should know of it. Throws where there is none. */
const linkOf = (source: string): Link => {
  const { links, problems } = findLinks(source);
  const [link] = links;
  if (link === undefined) throw new CommandFailure("usage", 2, PROBLEMS[problems[0]?.problem ?? "unreadable"]);
  // A name in another script is shown as what is asked for, so that none is taken for one that it looks like.
  const readable = readableHost(link.host);
  if (link.repaired || link.host.includes("xn--"))
    console.error(`Read as: ${link.host}${readable === undefined ? "" : ` (${readable})`}`);
  const unseen = link.service?.unseenForm;
  if (unseen !== undefined) console.error(`${link.service?.name ?? ""}: ${unseen.says}`);
  return link;
};

const IS_ADDRESS = /^(?:[a-z][a-z+.-]{1,20}:|h(?:xx|\*\*)ps?\[?:|[^/\\\s]+(?:\[\.\]|\(\.\)|\[dot\]))/iu;

/** Exit status: 1 when nothing was found, 3 when a file or page could not be read. */
export const runContacts = (
  source: string,
  options: { readonly visit: boolean; readonly pageUrl?: string; readonly json: boolean },
): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    let contacts: readonly Contact[];
    if (IS_ADDRESS.test(source)) {
      const link = linkOf(source);
      let found: readonly Contact[] = [];
      if (link.isOnion)
        console.error(
          "For pages of the Tor network there is nobody to write to; police and hotlines can use the address.",
        );
      else if (options.visit) {
        sayWhoLearns();
        const visitOptions: VisitOptions = { signal, allowPrivate: process.env["RECOURSE_VISIT_PRIVATE"] === "1" };
        const page = await visitPage(link.url, visitOptions);
        const { domain } = findLinks(page.url).links[0] ?? link;
        if (domain !== link.domain) console.error(`It leads to ${domain}.`);
        found = [...page.contacts, ...(await askRegistries(domain, page.address, visitOptions))];
      } else {
        if (link.isShortener) console.error("A short link only leads on: with --visit it is seen where to.");
        console.error("Not visited: save the page and give the file, or add --visit.");
      }
      contacts = rankContacts([...fromDirectory(link), ...found]);
    } else {
      const page = readSavedPage(await readBytes(source, signal));
      if (page === undefined) throw new CommandFailure("page_unreadable", 3);
      const url = options.pageUrl ?? page.url;
      const [link] = url === undefined ? [] : findLinks(url).links;
      contacts = rankContacts([...(link === undefined ? [] : fromDirectory(link)), ...contactsOfPage(page.html, url)]);
    }
    if (options.json) for (const contact of contacts) console.log(JSON.stringify(contact));
    else
      for (const { purpose, kind, to, confidence } of contacts)
        console.log(`${purpose}\t${kind}\t${to}\t${confidence}`);
    return contacts.length === 0 ? 1 : 0;
  });
