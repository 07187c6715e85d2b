/** The page within a saved web archive (MHTML, RFC 2557): its first part of HTML, and where it was. */

export interface SavedPage {
  readonly html: string;
  readonly url?: string;
}

const MAX_HEAD = 65_536;

const headerOf = (head: string, name: string): string | undefined => {
  const unfolded = head.replaceAll(/\r?\n[ \t]+/gu, " ");
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "imu").exec(unfolded)?.[1]?.trim();
};

const fromLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);

const decodeQuoted = (body: string): Uint8Array =>
  fromLatin1(
    body
      .replaceAll(/=\r?\n/gu, "")
      .replaceAll(/=([0-9A-F]{2})/giu, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
  );

const decodeText = (bytes: Uint8Array, charset: string | undefined): string => {
  try {
    return new TextDecoder(charset ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder("utf-8").decode(bytes);
  }
};

const splitHead = (part: string): readonly [head: string, body: string] => {
  const found = /\r?\n\r?\n/u.exec(part.slice(0, MAX_HEAD));
  return found === null
    ? [part.slice(0, MAX_HEAD), ""]
    : [part.slice(0, found.index), part.slice(found.index + found[0].length)];
};

const bodyOf = (head: string, body: string): string | undefined => {
  const encoding = headerOf(head, "Content-Transfer-Encoding")?.toLowerCase();
  const charset = /charset="?([\w-]+)/iu.exec(headerOf(head, "Content-Type") ?? "")?.[1];
  if (encoding === "quoted-printable") return decodeText(decodeQuoted(body), charset);
  if (encoding === "base64") {
    try {
      return decodeText(fromLatin1(atob(body.replaceAll(/\s/gu, ""))), charset);
    } catch {
      return undefined;
    }
  }
  return decodeText(fromLatin1(body), charset);
};

/** A saved page from a file's bytes: MHTML, or HTML as it is. undefined: there is no page in it. */
export const readSavedPage = (bytes: Uint8Array): SavedPage | undefined => {
  const raw = new TextDecoder("latin1").decode(bytes);
  const [head, rest] = splitHead(raw);
  const boundary = /boundary="?([^";\s]+)/iu.exec(headerOf(head, "Content-Type") ?? "")?.[1];
  if (/^multipart\/related/iu.test(headerOf(head, "Content-Type") ?? "") && boundary !== undefined) {
    for (const part of rest.split(`--${boundary}`).slice(1)) {
      const [partHead, body] = splitHead(part.replace(/^\r?\n/u, ""));
      if (!/^text\/html/iu.test(headerOf(partHead, "Content-Type") ?? "")) continue;
      const html = bodyOf(partHead, body);
      const url = headerOf(partHead, "Content-Location") ?? headerOf(head, "Snapshot-Content-Location");
      if (html !== undefined) return { html, ...(url !== undefined && /^https?:/iu.test(url) ? { url } : {}) };
    }
    return undefined;
  }
  const start = raw.slice(0, 4096);
  if (!/<(?:!doctype html|html|head|body|div|a|p)\b/iu.test(start)) return undefined;
  const charset = /<meta[^>]{0,200}charset=["']?([\w-]+)/iu.exec(start)?.[1];
  const html = decodeText(bytes, charset);
  // Browsers that save a page say where it was.
  const url =
    /<!-- saved from url=\(\d+\)(\S+) -->/u.exec(start)?.[1] ??
    /<link[^>]{0,200}rel="?canonical"?[^>]{0,200}href="(https?:[^"]+)"/iu.exec(start)?.[1];
  return { html, ...(url === undefined ? {} : { url }) };
};
