/**
 * A case under a passphrase: `RCASE` and a version, then AES-256-GCM (NIST SP 800-38D) with a key by PBKDF2-SHA-256 (RFC
 * 8018), both of Web Crypto, which pages and Node share. docs/case-file.md has the bytes.
 */

/** OWASP's advice for PBKDF2 with SHA-256 (2023). */
export const ITERATIONS = 600_000;
/** A file that asks for more would only hold the machine up; one with fewer was not made here. */
const MIN_ITERATIONS = 100_000;
const MAX_ITERATIONS = 5_000_000;
const MAGIC = [0x52, 0x43, 0x41, 0x53, 0x45];
const VERSION = 1;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = MAGIC.length + 1 + 4 + SALT_BYTES + IV_BYTES;
/** Fewer letters are guessed too soon. */
export const MIN_PASSPHRASE_LENGTH = 12;
const MAX_PASSPHRASE_LENGTH = 1000;

/** Fills bytes with what nobody can foretell. */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

export type SealOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly code: "passphrase_too_short" | "passphrase_too_long" | "case_too_large" };

export type UnsealOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `passphrase_wrong`: or a byte of it was changed, which can't be told apart. */
  | { readonly ok: false; readonly code: "case_damaged" | "case_version_unknown" | "passphrase_wrong" };

/** The same letters typed on another keyboard give the same bytes. */
const phraseBytes = (passphrase: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new TextEncoder().encode(passphrase.normalize("NFKC")));

const keyOf = async (passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number) => {
  const { subtle } = crypto;
  const phrase = await subtle.importKey("raw", phraseBytes(passphrase), "PBKDF2", false, ["deriveKey"]);
  return subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    phrase,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
};

/** Whether bytes begin like a sealed case. */
export const isSealed = (bytes: Uint8Array): boolean => MAGIC.every((byte, index) => bytes[index] === byte);

export const seal = async (
  content: Uint8Array<ArrayBuffer>,
  passphrase: string,
  random: Random,
): Promise<SealOutcome> => {
  const { length } = [...passphrase.normalize("NFKC")];
  if (length < MIN_PASSPHRASE_LENGTH) return { ok: false, code: "passphrase_too_short" };
  if (length > MAX_PASSPHRASE_LENGTH) return { ok: false, code: "passphrase_too_long" };
  const head = new Uint8Array(HEAD_BYTES);
  head.set(MAGIC);
  head[MAGIC.length] = VERSION;
  new DataView(head.buffer).setUint32(MAGIC.length + 1, ITERATIONS);
  const salt = random(new Uint8Array(SALT_BYTES));
  const iv = random(new Uint8Array(IV_BYTES));
  head.set(salt, MAGIC.length + 5);
  head.set(iv, MAGIC.length + 5 + SALT_BYTES);
  const key = await keyOf(passphrase, salt, ITERATIONS);
  // The head is part of what is proven, so nobody can ask for fewer rounds in it.
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, key, content);
  const bytes = new Uint8Array(HEAD_BYTES + sealed.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(sealed), HEAD_BYTES);
  return { ok: true, bytes };
};

export const unseal = async (bytes: Uint8Array<ArrayBuffer>, passphrase: string): Promise<UnsealOutcome> => {
  if (!isSealed(bytes) || bytes.length <= MAGIC.length) return { ok: false, code: "case_damaged" };
  if (bytes[MAGIC.length] !== VERSION) return { ok: false, code: "case_version_unknown" };
  if (bytes.length < HEAD_BYTES + TAG_BYTES) return { ok: false, code: "case_damaged" };
  const head = bytes.slice(0, HEAD_BYTES);
  const iterations = new DataView(head.buffer).getUint32(MAGIC.length + 1);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) return { ok: false, code: "case_damaged" };
  if (passphrase.length > 2 * MAX_PASSPHRASE_LENGTH) return { ok: false, code: "passphrase_wrong" };
  const salt = head.slice(MAGIC.length + 5, MAGIC.length + 5 + SALT_BYTES);
  const iv = head.slice(MAGIC.length + 5 + SALT_BYTES);
  const key = await keyOf(passphrase, salt, iterations);
  try {
    const content = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: head },
      key,
      bytes.slice(HEAD_BYTES),
    );
    return { ok: true, bytes: new Uint8Array(content) };
  } catch {
    return { ok: false, code: "passphrase_wrong" };
  }
};
