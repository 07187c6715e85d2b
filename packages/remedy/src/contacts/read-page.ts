/**
 * Ways of contact out of a page: its links, forms and mail addresses, weighed by what they say and where they lead.
 * The page is text that was given: nothing is fetched, no script runs, and nothing of it is shown.
 */
import { Parser } from "htmlparser2";
import { parse } from "tldts";
import { type Contact, type ContactPurpose, rankContacts } from "./contact.ts";
import { MAIL_NAMES, NOBODY, PURPOSE_WORDS } from "./words.ts";

/** More than any page that people read; what comes behind is not looked at. */
export const MAX_PAGE_LENGTH = 10_485_760;
const MAX_FOUND = 2000;
const MAX_LABEL = 200;
/** Elements within each other; browsers stop at 512. */
const MAX_DEPTH = 2000;
const PART_LENGTH = 16_384;

interface Anchor {
  readonly href: string;
  readonly label: string;
}

interface Read {
  readonly anchors: readonly Anchor[];
  readonly forms: readonly Anchor[];
  readonly text: string;
  readonly base: string | undefined;
}

const SILENT = new Set(["script", "style", "template", "noscript", "svg", "head"]);

const BLOCK =
  /^(?:p|div|li|td|th|br|h[1-6]|tr|section|footer|address|dd|dt|main|header|nav|article|ul|ol|table|form)$/u;
/** What stands between words at the border of an element: other elements part no word. */
const between = (name: string): string => (BLOCK.test(name) ? "\n" : name === "a" ? " " : "");

const read = (html: string): Read => {
  const anchors: Anchor[] = [];
  const forms: Anchor[] = [];
  const text: string[] = [];
  let length = 0;
  let depth = 0;
  let base: string | undefined;
  const silent: string[] = [];
  let anchor: { href: string; label: string } | undefined;
  let form: { href: string; label: string } | undefined;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (name === "base") base ??= attributes["href"];
        if (SILENT.has(name)) silent.push(name);
        if (name === "a" && attributes["href"] !== undefined && anchors.length < MAX_FOUND) {
          anchor = {
            href: attributes["href"],
            label: `${attributes["title"] ?? ""} ${attributes["aria-label"] ?? ""} `,
          };
        }
        if (name === "img" && anchor !== undefined) anchor.label += attributes["alt"] ?? "";
        if (name === "form" && forms.length < MAX_FOUND)
          form = {
            href: attributes["action"] ?? "",
            label: `${attributes["id"] ?? ""} ${attributes["aria-label"] ?? ""} `,
          };
        text.push(between(name));
      },
      ontext(part) {
        if (silent.length > 0) return;
        if (anchor !== undefined && anchor.label.length < MAX_LABEL) anchor.label += part;
        if (form !== undefined && form.label.length < MAX_LABEL) form.label += part;
        if (length < 2_000_000) text.push(part);
        length += part.length;
      },
      onclosetag(name) {
        depth -= 1;
        text.push(between(name));
        if (silent.at(-1) === name) silent.pop();
        if (name === "a" && anchor !== undefined) {
          anchors.push(anchor);
          anchor = undefined;
        }
        if (name === "form" && form !== undefined) {
          forms.push(form);
          form = undefined;
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  // The parser's time grows with the square of the depth, so a page that is too deep is left where it becomes so.
  for (let at = 0; at < Math.min(html.length, MAX_PAGE_LENGTH) && depth < MAX_DEPTH; at += PART_LENGTH) {
    parser.write(html.slice(at, Math.min(at + PART_LENGTH, MAX_PAGE_LENGTH)));
  }
  parser.end();
  return { anchors, forms, text: text.join(""), base };
};

const purposeOfWords = (label: string, path: string): { purpose: ContactPurpose; plain: boolean } | undefined => {
  for (const { purpose, text, path: inPath } of PURPOSE_WORDS) {
    const says = text.test(label);
    const leads = inPath.test(path);
    if (says || leads) return { purpose, plain: says && leads };
  }
  return undefined;
};

/** Written so that robots do not read it: "abuse [at] example [dot] com", "abuse (arroba) example.com". */
const plainMail = (text: string): string =>
  text
    .replaceAll(/[ \t]{0,3}[[({<][ \t]{0,3}(?:at|ät|arroba|chez|chiocciola|@)[ \t]{0,3}[\])}>][ \t]{0,3}/giu, "@")
    .replaceAll(/[ \t]{0,3}[[({<][ \t]{0,3}(?:dot|punkt|punto|point|ponto|\.)[ \t]{0,3}[\])}>][ \t]{0,3}/giu, ".")
    .replaceAll("＠", "@");

/** Bounded on both sides, so that time grows with the length of the text only. */
const MAIL =
  /(?<![\p{L}\p{N}._%+-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\p{L}\p{N}-])/giu;

/** An agent or lawyer has a domain of their own; everything else on a page is of the site if its name says so. */
const mailContact = (
  address: string,
  label: string,
  domain: string | undefined,
  foundIn: "link" | "text",
): Contact | undefined => {
  const at = address.lastIndexOf("@");
  const name = address.slice(0, at);
  const own = parse(address.slice(at + 1)).domain;
  if (
    own === null ||
    NOBODY.test(name) ||
    /(?:^|\.)example\.(?:com|net|org)$/iu.test(own) !== /(?:^|\.)example\.(?:com|net|org)$/iu.test(domain ?? own)
  )
    return undefined;
  const byName = MAIL_NAMES.find(([, pattern]) => pattern.test(name))?.[0];
  const byLabel = purposeOfWords(label, "")?.purpose;
  const purpose = byName === undefined || (byName === "general" && byLabel !== undefined) ? byLabel : byName;
  const isOwn = domain !== undefined && own === domain;
  if (purpose === undefined)
    return { purpose: "general", kind: "mail", to: address, of: "site", foundIn, confidence: "low" };
  const plain = isOwn && byName !== undefined && purpose !== "general";
  return {
    purpose,
    kind: "mail",
    to: address,
    of: "site",
    foundIn,
    confidence: plain ? "high" : isOwn || byName !== undefined ? "medium" : "low",
  };
};

/** A page of a site about others (a social network's, a search engine's) is no way to reach the site. */
const isElsewhere = (target: string | null, domain: string | undefined): boolean =>
  domain !== undefined && target !== null && target !== domain;

const lineAround = (text: string, index: number): string => {
  const before = text.slice(Math.max(0, index - MAX_LABEL), index);
  const behind = text.slice(index, index + MAX_LABEL);
  return `${before.slice(before.lastIndexOf("\n") + 1)}${behind.split("\n", 1)[0] ?? ""}`;
};

/**
 * Contacts of the site, best first. `pageUrl` is where the page was; without it, owners can't be told and nothing is
 * called sure. What is there twice comes once.
 */
export const contactsOfPage = (html: string, pageUrl?: string): readonly Contact[] => {
  const { anchors, forms, text, base } = read(html);
  const domain = pageUrl === undefined ? undefined : (parse(pageUrl).domain ?? undefined);
  const found: Contact[] = [];
  const resolve = (href: string): URL | undefined => {
    try {
      return new URL(href, base === undefined ? pageUrl : new URL(base, pageUrl).href);
    } catch {
      return undefined;
    }
  };
  for (const { href, label } of anchors) {
    if (/^\s*mailto:/iu.test(href)) {
      const raw = href.trim().slice("mailto:".length).split("?")[0] ?? "";
      for (const [address] of plainMail(safeDecode(raw)).matchAll(MAIL)) {
        const contact = mailContact(address, label, domain, "link");
        if (contact !== undefined) found.push(contact);
      }
      continue;
    }
    if (/^\s*tel:/iu.test(href)) continue;
    const url = resolve(href);
    if (url === undefined || !/^https?:$/u.test(url.protocol)) continue;
    const words = purposeOfWords(label, `${url.hostname.split(".")[0] ?? ""}${url.pathname}`);
    if (words === undefined || isElsewhere(parse(url.hostname).domain, domain)) continue;
    // Behind "Terms" there are terms; a way to write to somebody is behind the other words.
    const kind = words.purpose === "legal" || words.purpose === "privacy" ? "page" : "form";
    const sure = words.plain && domain !== undefined && words.purpose !== "general" && words.purpose !== "legal";
    url.hash = "";
    found.push({
      purpose: words.purpose,
      kind,
      to: url.href,
      of: "site",
      foundIn: "link",
      confidence: sure ? "high" : "medium",
    });
  }
  for (const { href, label } of forms) {
    const url = resolve(href);
    if (url === undefined || isElsewhere(parse(url.hostname).domain, domain)) continue;
    const words = purposeOfWords(label, url.pathname);
    if (words === undefined || words.purpose === "general" || words.purpose === "legal" || words.purpose === "privacy")
      continue;
    // What is filled in is the page itself, not where its form is sent.
    const to = pageUrl ?? url.href;
    found.push({
      purpose: words.purpose,
      kind: "form",
      to,
      of: "site",
      foundIn: "form",
      confidence: words.plain ? "high" : "medium",
    });
  }
  const plain = plainMail(text);
  for (const { 0: address, index } of plain.matchAll(MAIL)) {
    if (found.length >= MAX_FOUND) break;
    const contact = mailContact(address, lineAround(plain, index), domain, "text");
    if (contact !== undefined) found.push(contact);
  }
  return rankContacts(found);
};

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
