/** The EBML header (RFC 8794, section 11.2; RFC 9559, section 4): which kind of file it is, and how it is to be read. */
import { latin1 } from "../core/bytes.ts";
import type { Findings } from "../core/findings.ts";
import { Refused, unsupported } from "../core/refuse.ts";
import {
  contentOf,
  type Element,
  element,
  elementsIn,
  onlyElement,
  readHead,
  readUint,
  textElement,
  uintElement,
} from "./ebml.ts";
import { DOC_TYPE, EBML } from "./ids.ts";
import { reportOther } from "./others.ts";

export type DocType = "matroska" | "webm";

const EBML_VERSION = 0x4286;
const READ_VERSION = 0x42f7;
const MAX_ID_LENGTH = 0x42f2;
const MAX_SIZE_LENGTH = 0x42f3;
const DOC_TYPE_VERSION = 0x4287;
const DOC_TYPE_READ_VERSION = 0x4285;

/** What this reads, with the most that it may be. */
const VERSIONS: ReadonlyMap<number, number> = new Map([
  [EBML_VERSION, 1],
  [READ_VERSION, 1],
  [MAX_ID_LENGTH, 4],
  [MAX_SIZE_LENGTH, 8],
  [DOC_TYPE_VERSION, 255],
  [DOC_TYPE_READ_VERSION, 4],
]);

/** Null if it is of neither. `bytes` are the header's content. */
export const docTypeOf = (bytes: Uint8Array, elements: readonly Element[]): DocType | null => {
  const found = onlyElement(elements, DOC_TYPE);
  const name = found === undefined ? "" : latin1(contentOf(bytes, found)).replace(/\0+$/u, "");
  return name === "matroska" || name === "webm" ? name : null;
};

/** Whether a file that begins so, as EBML does, says that it is WebM. */
export const isWebm = (bytes: Uint8Array): boolean => {
  try {
    const head = readHead(bytes);
    if (head === null || head.sizeBytes === null) return false;
    const content = bytes.subarray(head.headBytes, head.headBytes + head.sizeBytes);
    return docTypeOf(content, elementsIn(content, 0, content.length)) === "webm";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
};

/** Refuses versions that are not known here, and reports what else the header holds. */
export const reportHeader = (bytes: Uint8Array, elements: readonly Element[], findings: Findings): void => {
  for (const one of elements) {
    const most = VERSIONS.get(one.id);
    if (most !== undefined) {
      if (readUint(bytes, one) > most) throw unsupported("a version of the format that is not known here");
    } else if (one.id !== DOC_TYPE) reportOther(bytes, one, "EBML", findings);
  }
};

export const makeHeader = (docType: DocType): Uint8Array =>
  element(
    EBML,
    uintElement(EBML_VERSION, 1),
    uintElement(READ_VERSION, 1),
    uintElement(MAX_ID_LENGTH, 4),
    uintElement(MAX_SIZE_LENGTH, 8),
    textElement(DOC_TYPE, docType),
    uintElement(DOC_TYPE_VERSION, 4),
    uintElement(DOC_TYPE_READ_VERSION, 2),
  );
