/**
 * Case numbers, case keys and recovery codes: made on this device, and what is derived from them for the hub. What
 * the hub is sent is defined in the protocol's hub.ts.
 */
import { checkCharacter, inGroups, isChecked, normalise, randomCharacters } from "./base32.ts";

const PREFIX = "RC";
const NUMBER_CHARACTERS = 12;
/** 31 random characters, 155 bits, and one that checks them. */
const SECRET_CHARACTERS = 32;

export const RECOVERY_CODES = 3;

const fillRandom = (bytes: Uint8Array<ArrayBuffer>): void => {
  crypto.getRandomValues(bytes);
};

const makeChecked = (count: number): string => {
  const characters = randomCharacters(count - 1, fillRandom);
  return characters + checkCharacter(characters);
};

/** `RC-XXXX-XXXX-XXXX` */
export const makeCaseNumber = (): string => `${PREFIX}-${inGroups(makeChecked(NUMBER_CHARACTERS))}`;

/** A case key or recovery code: eight groups of four. */
export const makeSecret = (): string => inGroups(makeChecked(SECRET_CHARACTERS));

/** The case number a person typed in its one right form, or undefined if it can't be one. */
export const readCaseNumber = (text: string): string | undefined => {
  const typed = normalise(text);
  // Told by the length: a number's own characters may be RC as well.
  const characters = typed.length > NUMBER_CHARACTERS && typed.startsWith(PREFIX) ? typed.slice(PREFIX.length) : typed;
  return isChecked(characters, NUMBER_CHARACTERS) ? `${PREFIX}-${inGroups(characters)}` : undefined;
};

/** The key or code a person typed in its one right form, or undefined if it can't be one. */
export const readSecret = (text: string): string | undefined => {
  const characters = normalise(text);
  return isChecked(characters, SECRET_CHARACTERS) ? inGroups(characters) : undefined;
};

const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** What opens a case at the hub. `key` in any form `readSecret` takes. */
export const caseTokenOf = (key: string): Promise<string> => sha256(`recourse case v1:${normalise(key)}`);

/** What uses up a recovery code at the hub. */
export const recoveryTokenOf = (code: string): Promise<string> => sha256(`recourse recovery v1:${normalise(code)}`);

/** What the hub keeps of a token. */
export const verifierOf = (token: string): Promise<string> => sha256(token);
