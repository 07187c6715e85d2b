/** Crockford's base 32: no I, L, O or U, so that what is read aloud or copied by hand comes back right. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** `count` random characters, five bits each. */
export const randomCharacters = (count: number, fill: (bytes: Uint8Array<ArrayBuffer>) => void): string => {
  const bytes = new Uint8Array(count);
  fill(bytes);
  // 256 is a multiple of 32: every character is equally likely.
  return Array.from(bytes, (byte) => ALPHABET[byte % 32]).join("");
};

/** What a person typed as characters of the alphabet: capitals, no separators, look-alikes set right. */
export const normalise = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[\s\-–—_.:]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");

/**
 * A check character over characters of the alphabet: the sum of values, each times an odd weight, modulo 32. It sees
 * every single wrong character and 30 of 31 swaps of neighbours.
 */
export const checkCharacter = (characters: string): string => {
  let sum = 0;
  for (const [position, character] of [...characters].entries()) {
    sum += (2 * position + 3) * ALPHABET.indexOf(character);
  }
  return ALPHABET[sum % 32] ?? "0";
};

/** True if these are `count` characters of the alphabet and the last one checks the others. */
export const isChecked = (characters: string, count: number): boolean =>
  characters.length === count &&
  [...characters].every((character) => ALPHABET.includes(character)) &&
  checkCharacter(characters.slice(0, -1)) === characters.at(-1);

/** In groups of four, with hyphens. */
export const inGroups = (characters: string): string => (characters.match(/.{1,4}/g) ?? []).join("-");
