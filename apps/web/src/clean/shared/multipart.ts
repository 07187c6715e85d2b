/**
 * The files in a form as browsers post it (RFC 7578; multipart: RFC 2046, 5.1). The body stays a blob: it is looked
 * through block by block, and each file is a slice of it, so nothing is copied and little is in memory, however large a
 * video is. Names of files are not read.
 */

export type ShareCode = "share_lost" | "share_unreadable" | "share_empty" | "share_too_large" | "share_too_many";

export type SharedFiles =
  | { readonly ok: true; readonly files: readonly File[] }
  | { readonly ok: false; readonly code: ShareCode };

export interface MultipartOptions {
  /** Of the fields that hold files. */
  readonly field: string;
  /** No more files are looked for. */
  readonly filesLimit: number;
  readonly onProgress?: (fraction: number) => void;
  /** Throws its reason. */
  readonly signal?: AbortSignal;
}

/** What is read at once: a few milliseconds of looking. */
const BLOCK_BYTES = 4 << 20;
/** More than any phone shares, and than a browser keeps for a page. */
const BODY_LIMIT_BYTES = 16 * 2 ** 30;
/** Content-Disposition with the longest file name that systems know, encoded, takes 1 KiB. */
const HEADERS_LIMIT_BYTES = 8 << 10;
/** Beside files a form holds title, text and address. */
const PARTS_LIMIT = 2_000;
/** RFC 2046, 5.1.1, without the blank, in which none may end. */
const BOUNDARY = /;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+./:=?-]{1,70}))\s*(?:;|$)/i;

/** Finds a word in bytes by skipping most of them (Horspool): at most the word's length times as many steps as bytes. */
const createFinder = (word: Uint8Array): ((bytes: Uint8Array) => number) => {
  const last = word.length - 1;
  const skips = new Uint8Array(256).fill(word.length);
  for (const [index, byte] of word.subarray(0, last).entries()) skips[byte] = last - index;
  return (bytes) => {
    for (let end = last; end < bytes.length;) {
      const byte = bytes[end] ?? 0;
      if (byte === word[last]) {
        let back = 1;
        while (back <= last && bytes[end - back] === word[last - back]) back += 1;
        if (back > last) return end - last;
      }
      end += skips[byte] ?? 1;
    }
    return -1;
  };
};

interface PartHeaders {
  readonly name: string;
  readonly isFile: boolean;
  /** Where nothing was chosen, browsers post a file without name or content. */
  readonly hasName: boolean;
  readonly type: string;
}

/** Null if there is no such header as a form has. */
const readHeaders = (text: string): PartHeaders | null => {
  const lines = text.split("\r\n");
  const disposition = lines.find((line) => /^content-disposition:/i.test(line));
  const start = disposition === undefined ? null : /^content-disposition:\s*form-data/i.exec(disposition);
  if (disposition === undefined || start === null) return null;
  const fields = new Map<string, string>();
  // One after the other, so that nothing within quotes is taken for a field.
  const field = /\s*;\s*([\w*-]+)=(?:"([^"]*)"|([^\s";]*))/y;
  field.lastIndex = start[0].length;
  for (let found = field.exec(disposition); found !== null; found = field.exec(disposition)) {
    fields.set((found[1] ?? "").toLowerCase(), found[2] ?? found[3] ?? "");
  }
  const name = fields.get("name");
  if (name === undefined) return null;
  const type = lines.map((line) => /^content-type:\s*([\w.+-]+\/[\w.+-]+)/i.exec(line)?.[1]).find(Boolean) ?? "";
  const fileName = fields.get("filename") ?? fields.get("filename*");
  return { name, isFile: fileName !== undefined, hasName: fileName !== undefined && fileName !== "", type };
};

/**
 * Never throws but for the signal, and for a blob that the browser can't read any more (`NotReadableError`). A body that
 * is cut off, or no such form, is refused as a whole.
 */
export const readMultipart = async (body: Blob, type: string, options: MultipartOptions): Promise<SharedFiles> => {
  const { field, filesLimit, onProgress, signal } = options;
  const unreadable: SharedFiles = { ok: false, code: "share_unreadable" };
  if (body.size > BODY_LIMIT_BYTES) return { ok: false, code: "share_too_large" };
  const found = /^multipart\/form-data\s*;/i.test(type) ? BOUNDARY.exec(type) : null;
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) return unreadable;
  const encoder = new TextEncoder();
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  const find = createFinder(delimiter);
  const endOfHeaders = createFinder(encoder.encode("\r\n\r\n"));

  let block = { at: 0, bytes: new Uint8Array() };
  /** From `at` on, at least `need` bytes or what there is: a block is read once, however many parts it holds. */
  const bytesAt = async (at: number, need: number): Promise<Uint8Array> => {
    const isThere = at >= block.at && Math.min(body.size, at + need) <= block.at + block.bytes.length;
    if (!isThere) {
      signal?.throwIfAborted();
      onProgress?.(at / body.size);
      block = { at, bytes: new Uint8Array(await body.slice(at, at + BLOCK_BYTES).arrayBuffer()) };
    }
    return block.bytes.subarray(at - block.at);
  };

  /** Where the next delimiter begins; -1 if there is none. */
  const nextDelimiter = async (from: number): Promise<number> => {
    for (let at = from; ;) {
      // oxlint-disable-next-line no-await-in-loop -- block after block
      const view = await bytesAt(at, delimiter.length);
      const index = find(view);
      if (index !== -1) return at + index;
      if (at + view.length >= body.size) return -1;
      // The end of this block may be the beginning of one.
      at += view.length - delimiter.length + 1;
    }
  };

  // The first delimiter stands at the beginning, without the line break of the others.
  const opening = await bytesAt(0, delimiter.length - 2);
  if (delimiter.subarray(2).some((byte, index) => byte !== opening[index])) return unreadable;
  const files: File[] = [];
  let at = delimiter.length - 2;
  for (let parts = 0; parts < PARTS_LIMIT; parts += 1) {
    // oxlint-disable-next-line no-await-in-loop -- part after part
    const head = (await bytesAt(at, HEADERS_LIMIT_BYTES)).subarray(0, HEADERS_LIMIT_BYTES);
    if (head[0] === 0x2d && head[1] === 0x2d) {
      return files.length === 0 ? { ok: false, code: "share_empty" } : { ok: true, files };
    }
    const end = head[0] === 0x0d && head[1] === 0x0a ? endOfHeaders(head) : -1;
    const headers = end === -1 ? null : readHeaders(new TextDecoder().decode(head.subarray(2, end)));
    if (headers === null) return unreadable;
    const start = at + end + 4;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const next = await nextDelimiter(start);
    if (next === -1) return unreadable;
    const content = body.slice(start, next);
    if (headers.isFile && headers.name === field && (headers.hasName || content.size > 0)) {
      files.push(new File([content], "", { type: headers.type }));
      if (files.length >= filesLimit) return { ok: true, files };
    }
    at = next + delimiter.length;
  }
  return unreadable;
};
