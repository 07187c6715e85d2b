/**
 * `recourse contacts URL|FILE`: where a notice can be sent. A saved page is read where it is. An address is not visited
 * unless `--visit` says so, because the site would learn of it; without it, only what is known beforehand is told.
 */
import {
  type Contact,
  contactsOfPage,
  contactsOfSecurityTxt,
  findLinks,
  rankContacts,
  readSavedPage,
} from "@recourse/remedy";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { readBytes } from "../read-bytes.ts";

const MAX_BYTES = 10_485_760;
const TIMEOUT_MS = 15_000;

const get = async (url: string, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly url: string }> => {
  const failed = new CommandFailure("server_unreachable", 3);
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      credentials: "omit",
    });
    if (!answer.ok || answer.body === null) throw failed;
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const part of answer.body) {
      const chunk = part as Uint8Array; // a body of fetch gives bytes
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_BYTES) break;
      chunks.push(chunk);
    }
    return { bytes: Buffer.concat(chunks), url: answer.url };
  } catch (error) {
    // What the network says may hold the address.
    if (signal.aborted) throw error;
    throw failed;
  }
};

/** What is known of a service without asking anybody. */
const fromDirectory = (address: string): readonly Contact[] => {
  const service = findLinks(address).links[0]?.service;
  return (service?.reports ?? []).map(({ what, to, verified }) => ({
    purpose: what,
    kind: to.startsWith("https:") ? "form" : "mail",
    to,
    of: "site",
    foundIn: "directory",
    confidence: verified === "S" ? "high" : "medium",
  }));
};

const visit = async (address: string, signal: AbortSignal): Promise<readonly Contact[]> => {
  const { bytes, url } = await get(address, signal);
  const page = readSavedPage(bytes);
  const found = page === undefined ? [] : contactsOfPage(page.html, url);
  if (found.some(({ purpose }) => purpose !== "general")) return found;
  // Only where the page names no better way; most sites have none, which is no failure.
  const { bytes: text } = await get(new URL("/.well-known/security.txt", url).href, signal).catch(() => ({
    bytes: new Uint8Array(),
  }));
  return [...found, ...contactsOfSecurityTxt(new TextDecoder().decode(text))];
};

/** Exit status: 1 when nothing was found, 3 when a file or page could not be read. */
export const runContacts = (
  source: string,
  options: { readonly visit: boolean; readonly pageUrl?: string; readonly json: boolean },
): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const isAddress = /^(?:h(?:tt|xx)ps?:|[^/\\]+\[\.\])/iu.test(source);
    let contacts: readonly Contact[];
    if (isAddress) {
      const [link] = findLinks(source).links;
      if (link === undefined) throw new CommandFailure("usage", 2, "this is no address that can be written about");
      if (options.visit) console.error("The page is visited from this machine: the site learns its network address.");
      contacts = rankContacts([...fromDirectory(link.url), ...(options.visit ? await visit(link.url, signal) : [])]);
      if (!options.visit) console.error("Not visited: save the page and give the file, or add --visit.");
    } else {
      const page = readSavedPage(await readBytes(source, signal));
      if (page === undefined) throw new CommandFailure("page_unreadable", 3);
      const url = options.pageUrl ?? page.url;
      contacts = rankContacts([...(url === undefined ? [] : fromDirectory(url)), ...contactsOfPage(page.html, url)]);
    }
    if (options.json) for (const contact of contacts) console.log(JSON.stringify(contact));
    else
      for (const { purpose, kind, to, confidence } of contacts)
        console.log(`${purpose}\t${kind}\t${to}\t${confidence}`);
    return contacts.length === 0 ? 1 : 0;
  });
