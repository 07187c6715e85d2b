/**
 * A host in its own script, where that can't be taken for another: for people to read, beside the ASCII form that goes
 * into notices. The rules are those of browsers, and stricter: one script a label (UTS 39, "single script", with the
 * writing systems of Japanese, Korean and Chinese as one each), no label made of nothing but letters that look like
 * Latin ones, no invisible or unusual characters.
 */

/** RFC 3492, 5 and 6.2. */
const BASE = 36;
const decodePunycode = (input: string): string | undefined => {
  const output: number[] = [];
  const last = input.lastIndexOf("-");
  for (const character of input.slice(0, Math.max(last, 0))) output.push(character.codePointAt(0) ?? 0);
  let [at, i, n, bias] = [last + 1, 0, 128, 72];
  while (at < input.length) {
    const before = i;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const code = input.charCodeAt(at);
      at += 1;
      const digit = code >= 97 && code <= 122 ? code - 97 : code >= 48 && code <= 57 ? code - 22 : -1;
      if (digit === -1) return undefined;
      i += digit * weight;
      // No name is so long that it gets here; what does is no name.
      if (i > 0x7fff_ffff) return undefined;
      const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    let delta = before === 0 ? Math.floor((i - before) / 700) : Math.floor((i - before) / 2);
    delta += Math.floor(delta / length);
    let k = 0;
    for (; delta > 455; k += BASE) delta = Math.floor(delta / 35);
    bias = k + Math.floor((36 * delta) / (delta + 38));
    n += Math.floor(i / length);
    if (n > 0x10_ffff || (n >= 0xd800 && n <= 0xdfff)) return undefined;
    i %= length;
    output.splice(i, 0, n);
    i += 1;
  }
  return String.fromCodePoint(...output);
};

/** Scripts in daily use (UAX 31, table 5), each as the only one of a label. */
const WRITINGS: readonly RegExp[] = [
  // Letters of Latin alphabets that people write languages with; not phonetic ones, nor those that look like an i or k.
  /^[a-z0-9\u00df-\u00f6\u00f8-\u0130\u0132-\u0137\u0139-\u0148\u014a-\u017e\u01a1\u01b0\u0219\u021b\u0259\u1e00-\u1eff-]+$/u,
  /^[\p{Script=Cyrillic}0-9-]+$/u,
  /^[\p{Script=Greek}0-9-]+$/u,
  /^[\p{Script=Arabic}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Hebrew}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Armenian}0-9-]+$/u,
  /^[\p{Script=Georgian}0-9-]+$/u,
  /^[\p{Script=Ethiopic}0-9-]+$/u,
  /^[\p{Script=Devanagari}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Bengali}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Gurmukhi}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Gujarati}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Tamil}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Telugu}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Kannada}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Malayalam}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Sinhala}\p{Script=Inherited}0-9-]+$/u,
  /^[\p{Script=Thai}0-9-]+$/u,
  /^[\p{Script=Lao}0-9-]+$/u,
  /^[\p{Script=Khmer}0-9-]+$/u,
  /^[\p{Script=Myanmar}0-9-]+$/u,
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々0-9-]+$/u,
  /^[\p{Script=Han}\p{Script=Hangul}0-9-]+$/u,
  /^[\p{Script=Han}\p{Script=Bopomofo}0-9-]+$/u,
];

/** Letters that are taken for Latin ones, by script: a label of nothing else stays in ASCII, whatever it means. */
const LOOKALIKES: readonly RegExp[] = [
  /^[асԁеһіјӏорԛѕԝхуъьҽпгѵѡкмтнв0-9-]+$/u,
  /^[αβεγηικνορτυωχϲϳ0-9-]+$/u,
  /^[աագզէքիհռսոցօյշԁոս0-9-]+$/u,
  /^[ჿძხჲე0-9-]+$/u,
  /^[ሀሁሠሰበከዐዕፐ0-9-]+$/u,
  /^[טיוןסח0-9-]+$/u,
  /^[٠-٩۰-۹اه0-9-]+$/u,
  /^[ทนบพรหเแ0-9-]+$/u,
  /^[०-९টঠ০-৯0-9-]+$/u,
  /^[ောဝရပသငခဒ၀-၉0-9-]+$/u,
  /^[一丨丶丿口ノニハヘ0-9-]+$/u,
];

/** Marks one upon another, or before any letter, show as nothing or as dirt. */
const PILED = /^\p{M}|\p{M}{3}|[\p{Default_Ignorable_Code_Point}\p{Co}\p{Cn}\p{Cc}]/u;

const readableLabel = (label: string): string | undefined => {
  if (!label.startsWith("xn--")) return label;
  const decoded = decodePunycode(label.slice(4));
  if (decoded === undefined || PILED.test(decoded)) return undefined;
  if (!WRITINGS.some((writing) => writing.test(decoded))) return undefined;
  if (LOOKALIKES.some((lookalike) => lookalike.test(decoded))) return undefined;
  // A form that browsers would write otherwise is somebody's trick.
  return URL.canParse(`http://${decoded}.com`) && new URL(`http://${decoded}.com`).hostname === `${label}.com`
    ? decoded
    : undefined;
};

const MAX_HOST = 253;

/**
 * undefined: the host is in ASCII anyway, or one of its labels could be taken for another name; then it is shown as it
 * is. The answer is to be shown beside the host, isolated in its direction (`<bdi>`), and used for nothing else.
 */
export const readableHost = (host: string): string | undefined => {
  const lower = host.toLowerCase();
  if (lower.length > MAX_HOST || !/(?:^|\.)xn--/u.test(lower)) return undefined;
  const labels = lower.split(".").map(readableLabel);
  return labels.includes(undefined) ? undefined : labels.join(".");
};
