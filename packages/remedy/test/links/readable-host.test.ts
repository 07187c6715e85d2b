import assert from "node:assert/strict";
import { test } from "node:test";
import { findLinks, readableHost } from "../../src/index.ts";

/** In ASCII, as the platform's own URL has it. */
const asciiOf = (host: string): string => new URL(`http://${host}`).hostname;

test("a name in one script is shown in it, and is the name it stands for", () => {
  for (const host of [
    "bücher-bilder.de",
    "straße.de",
    "ñandú.es",
    "việtnam.vn",
    "łódź.pl",
    "şişli.com.tr",
    "фотографии.рф",
    "пример-картинки.com",
    "παραδείγματα.gr",
    "مثال.إختبار",
    "صور.com",
    "דוגמה.co.il",
    "उदाहरण.भारत",
    "ตัวอย่าง.ไทย",
    "例え.jp",
    "写真サイト.jp",
    "图片.中国",
    "사진.한국",
    "გამარჯობა.ge",
    "հայաստան.am",
    "உதாரணம்.com",
  ]) {
    assert.equal(readableHost(asciiOf(host)), host.normalize("NFC"), host);
  }
});

test("what could be taken for another name stays in ASCII", () => {
  for (const host of [
    // All Cyrillic, and looks like "apple", "paypal", "scope", "epic".
    "аррӏе.com",
    "раураӏ.com",
    "ѕсоре.com",
    "еріс.com",
    // All Greek, and looks like Latin.
    "οικ.com",
    // Mixed scripts.
    "gооgle.com",
    "pаypal.com",
    "faϲebook.com",
    "tiktökк.com",
    "xvideоs.com",
    "例example.com",
    // Latin letters that are no letters of an alphabet, or look like others.
    "ɢoogle.com",
    "ɡoogle.com",
    "wıkıpedia.org",
    "ĸite.com",
    // Marks without a letter, or piled up.
    "x\u0336\u0336\u0336y.com",
    // One bad label is enough.
    "bücher.аррӏе.com",
    // Digits of another script.
    "१२३.com",
  ]) {
    const ascii = asciiOf(host);
    assert.match(ascii, /xn--/u, host);
    assert.equal(readableHost(ascii), undefined, host);
  }
});

test("what is in ASCII, no name, or no code of a name is left as it is", () => {
  for (const host of [
    "example.com",
    "",
    "xn--",
    "xn---.com",
    "xn--a.com",
    "xn--99999999999.com",
    "xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz.com",
    "xn--ab-\u{1f600}.com",
    // Encodes "a" and an ASCII letter: the name is another one.
    "xn--ab-.com",
    `${"a.".repeat(200)}xn--bcher-kva.de`,
    "[::1]",
  ])
    assert.equal(readableHost(host), undefined, host);
  assert.equal(readableHost("XN--BCHER-KVA.de"), "bücher.de");
  assert.equal(readableHost("www.xn--bcher-kva.co.uk"), "www.bücher.co.uk");
});

test("random labels end, and are shown only where they are what the platform reads", () => {
  let seed = 12_345;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 20_000; round += 1) {
    const label = Array.from({ length: 1 + next(24) }, () => "abcdefghijklmnopqrstuvwxyz0123456789-"[next(37)]).join(
      "",
    );
    const host = `xn--${label}.com`;
    const shown = readableHost(host);
    if (shown !== undefined) assert.equal(asciiOf(shown), host);
  }
});

test("a notice keeps the ASCII form", () => {
  const [link] = findLinks("https://bücher-bilder.de/ü").links;
  assert.equal(link?.url, "https://xn--bcher-bilder-dlb.de/%C3%BC");
  assert.equal(readableHost(link?.host ?? ""), "bücher-bilder.de");
});
