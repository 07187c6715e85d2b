/**
 * Links out of whatever somebody pasted: lists, chat logs, mails, with defanged and unfinished addresses among them.
 * Nothing is fetched and nothing is guessed: an address that can't be one is reported as such, with its line.
 */
import { parse } from "tldts";
import { type Service, serviceOf } from "./services.ts";

export type LinkProblem =
  /** A data, blob or javascript address, or a file on a device: no place that others can look at. */
  | "not_a_place"
  /** It was written like an address, and is none. */
  | "unreadable"
  /** A private network or a bare number: nobody else reaches it. */
  | "private";

export interface Link {
  /** As it goes into a notice: normalised, without what comes after #, unless the page needs it. */
  readonly url: string;
  /** In ASCII, as it is in `url`: a name in another script is never shown as one that it only looks like. */
  readonly host: string;
  /** The name that somebody registered: "example.co.uk". An onion address stands for itself. */
  readonly domain: string;
  readonly service?: Service;
  /** It only leads on: where to is not known without following it. */
  readonly isShortener: boolean;
  readonly isOnion: boolean;
  /** It was defanged or had no scheme, so the person should look at what was made of it. */
  readonly repaired: boolean;
}

export interface LinksFound {
  /** In the order they came, each once. */
  readonly links: readonly Link[];
  readonly problems: readonly { readonly line: number; readonly problem: LinkProblem }[];
  /** More were there than `MAX_LINKS`; the rest is left for another round. */
  readonly more: boolean;
}

export const MAX_LINKS = 5000;
const MAX_PROBLEMS = 1000;
const MAX_LINK_LENGTH = 4096;

/** What parts words: white space, quotes, brackets of mark-up. A bracket of a defanged dot is dealt with before. */
const BETWEEN_WORDS = /[\s<>"`“”«»]+/u;
/** Where an address with a scheme begins, within a word: "Link:https://…", "https://a.com,https://b.com". */
const SCHEME = /(?:h(?:tt|xx|\*\*)ps?|data|blob|javascript|file|ftp|tg|magnet)\[?:/giu;
/** A name with a dot, without a scheme. Separators and labels share no letter, so this takes time in proportion. */
const BARE = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?::\d{1,5})?(?:[/?#].*)?$/u;
const DOTS = /\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)/giu;
/** What a sentence, a bracket or a list puts behind an address. */
const TAIL = new Set(".,;:!?'\"“”‘’»›)]}*_|\\");
/** Marks of direction and of no width, which come along when text is copied. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu;

const PLACELESS = /^(?:data|blob|javascript|file|magnet)\s?:/iu;

/** A closing bracket belongs to the address if it was opened in it: "…/Foo_(bar)". */
const withoutTail = (word: string): string => {
  let end = word.length;
  while (end > 0 && TAIL.has(word[end - 1] ?? "")) {
    if (word[end - 1] === ")" && word.indexOf("(") !== -1 && word.indexOf(")") === end - 1) break;
    end -= 1;
  }
  return word.slice(0, end);
};

const SHORTENERS = new Set(
  "bit.ly t.co tinyurl.com goo.gl ow.ly is.gd v.gd buff.ly cutt.ly rb.gy shorturl.at t.ly rebrand.ly tiny.cc s.id adf.ly linktr.ee lnkd.in fb.me youtu.be.link dub.sh".split(
    " ",
  ),
);

/** Mail addresses are no places; neither are names of files ("photo.jpg") without a path or scheme. */
const FILE_NAME = /^[^/?#]+\.(?:jpe?g|png|gif|webp|heic|mp4|mov|avi|mkv|webm|pdf|docx?|txt|zip|rar|html?)$/iu;

const readCandidate = (word: string): Link | LinkProblem | undefined => {
  if (PLACELESS.test(word)) return "not_a_place";
  let text = withoutTail(word);
  const scheme = /^(h(?:tt|xx|\*\*)p(s?)|ftp|tg)\s?\[?:\]?(?:\/\/|\\\\|\/)?/iu.exec(text);
  let repaired = false;
  if (scheme === null) {
    if (FILE_NAME.test(text)) return undefined;
    text = `https://${text}`;
    repaired = true;
  } else if (/^tg/iu.test(scheme[0])) return "unreadable";
  else {
    const rest = text.slice(scheme[0].length);
    const clean = /^ftp/iu.test(scheme[0]) ? `ftp://${rest}` : `http${scheme[2]?.toLowerCase() ?? ""}://${rest}`;
    repaired ||= clean.toLowerCase() !== text.toLowerCase();
    text = clean;
  }
  if (text.length > MAX_LINK_LENGTH) return "unreadable";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "unreadable";
  }
  const ascii = url.hostname.replace(/\.$/u, "");
  const { domain, isIp, isIcann, publicSuffix } = parse(ascii);
  const isOnion = ascii.endsWith(".onion");
  if (ascii === "localhost" || ascii.endsWith(".local") || ascii.endsWith(".internal")) return "private";
  if (isIp === true) {
    if (
      /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^\[?(?:::1?\]?$|f[cde])/u.test(
        ascii,
      )
    )
      return "private";
  } else if (!isOnion && (domain === null || (isIcann !== true && publicSuffix === null))) return "unreadable";
  // Without a scheme only names under a real ending count, else every "e.g" and "version 2.x" would be one.
  if (scheme === null && !isOnion && isIcann !== true) return undefined;
  // Names and passwords before the host are no part of the place, and must not be sent on.
  url.username = "";
  url.password = "";
  const needsHash = /^#(?:!|\/)/u.test(url.hash) || /(?:^|\.)mega\.(?:nz|io)$/u.test(ascii);
  if (!needsHash) url.hash = "";
  const registered = isOnion || domain === null ? ascii : domain;
  const service = serviceOf(registered, ascii);
  return {
    url: url.href,
    host: ascii,
    domain: registered,
    ...(service === undefined ? {} : { service }),
    isShortener: SHORTENERS.has(registered),
    isOnion,
    repaired,
  };
};

/** The parts of a word that may be addresses. */
const candidatesIn = (word: string): readonly string[] => {
  const starts: number[] = [];
  for (const { index } of word.matchAll(SCHEME)) {
    const before = word[index - 1];
    // An address within an address, as archives have it, belongs to the outer one; "xhttp:" is a word.
    if (before !== undefined && (starts.length > 0 ? /[/=?&\p{L}\p{N}]/u : /[\p{L}\p{N}]/u).test(before)) continue;
    starts.push(index);
  }
  if (starts.length === 0) {
    const bare = withoutTail(word.replace(/^[([{'*_~|>-]+/u, ""));
    return BARE.test(bare) ? [bare] : [];
  }
  return starts.map((start, at) => word.slice(start, starts[at + 1]));
};

/** What chat logs and lists repeat is read once; more different ones than this are not remembered. */
const MAX_REMEMBERED = 20_000;

/** Goes through the text once, and no further than `MAX_LINKS`; time grows with its length, whatever stands in it. */
export const findLinks = (text: string): LinksFound => {
  const remembered = new Map<string, Link | LinkProblem | undefined>();
  const read = (candidate: string): Link | LinkProblem | undefined => {
    if (remembered.has(candidate)) return remembered.get(candidate);
    const outcome = readCandidate(candidate);
    if (remembered.size < MAX_REMEMBERED) remembered.set(candidate, outcome);
    return outcome;
  };
  const links = new Map<string, Link>();
  const problems: { line: number; problem: LinkProblem }[] = [];
  let more = false;
  let line = 0;
  for (const raw of text.split(/\r\n|\r|\n/u)) {
    // There are more than are taken, which is all that the rest could add.
    if (more) break;
    line += 1;
    const visible = raw.replace(INVISIBLE, "");
    const clean = /[[({]/u.test(visible) ? visible.replace(DOTS, ".") : visible;
    const wasDefanged = clean !== visible;
    for (const word of clean.split(BETWEEN_WORDS)) {
      // Nothing shorter is an address; nothing longer is one that others could use, and data addresses are long.
      if (word.length < 4) continue;
      // Most words of a text have neither; an address has one of them.
      if (!word.includes(".") && !word.includes(":")) continue;
      const bounded = word.length > MAX_LINK_LENGTH ? word.slice(0, MAX_LINK_LENGTH + 1) : word;
      for (const candidate of candidatesIn(bounded)) {
        const link = read(candidate);
        if (link === undefined) continue;
        if (typeof link === "string") {
          if (problems.length < MAX_PROBLEMS) problems.push({ line, problem: link });
        } else if (links.has(link.url)) continue;
        else if (links.size >= MAX_LINKS) more = true;
        else links.set(link.url, wasDefanged ? { ...link, repaired: true } : link);
      }
    }
  }
  return { links: [...links.values()], problems, more };
};

export interface LinkGroup {
  readonly domain: string;
  readonly service?: Service;
  readonly links: readonly Link[];
}

/** By service, or by registered name where the service is not known; the largest group first. */
export const groupLinks = (links: readonly Link[]): readonly LinkGroup[] => {
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const key = link.service?.id ?? link.domain;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [link]);
    else group.push(link);
  }
  return [...groups.values()]
    .map((group) => {
      const [first] = group;
      if (first === undefined) throw new RangeError("a group is never empty");
      return {
        domain: first.domain,
        ...(first.service === undefined ? {} : { service: first.service }),
        links: group,
      };
    })
    .toSorted((a, b) => b.links.length - a.links.length || (a.domain < b.domain ? -1 : 1));
};
