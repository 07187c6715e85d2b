import assert from "node:assert/strict";
import { test } from "node:test";
import { findLinks, groupLinks, MAX_LINKS } from "../../src/index.ts";

const urls = (text: string): readonly string[] => findLinks(text).links.map(({ url }) => url);
const problems = (text: string) => findLinks(text).problems;

const ONE: readonly (readonly [text: string, url: string])[] = [
  ["https://www.example.com/a?x=1#part", "https://www.example.com/a?x=1"],
  ["seen at https://example.com/a.", "https://example.com/a"],
  ["(https://example.com/a)", "https://example.com/a"],
  ["https://example.org/Foo_(bar)", "https://example.org/Foo_(bar)"],
  ["<a href='https://example.com/q'>x</a>", "https://example.com/q"],
  ["**https://example.com/a**", "https://example.com/a"],
  ["hxxps://example[.]com/a", "https://example.com/a"],
  ["hXXp://example(.)com/a", "http://example.com/a"],
  ["example[dot]com/a", "https://example.com/a"],
  ["example.com/a", "https://example.com/a"],
  ["Link:https://example.com/a", "https://example.com/a"],
  ["https:/example.com/a", "https://example.com/a"],
  ["HTTPS://EXAMPLE.COM/A", "https://example.com/A"],
  ["https://bücher.example.de/ä", "https://xn--bcher-kva.example.de/%C3%A4"],
  ["https://\u200bexample.com/\u202ea", "https://example.com/a"],
  ["https://name:secret@example.com/a", "https://example.com/a"],
  ["https://mega.nz/folder/abc#key", "https://mega.nz/folder/abc#key"],
  ["https://example.com/#!/post/7", "https://example.com/#!/post/7"],
  ["https://web.archive.org/web/2026/https://example.com/a", "https://web.archive.org/web/2026/https://example.com/a"],
  ["t.me/joinchat/xyz", "https://t.me/joinchat/xyz"],
  ["https://203.0.113.7/a", "https://203.0.113.7/a"],
];
for (const [text, url] of ONE) test(`a link is read out of: ${text}`, () => assert.deepEqual(urls(text), [url]));

test("several on a line, whatever stands between", () => {
  assert.deepEqual(urls("https://a.com/1,https://b.com/2;https://c.com/3"), [
    "https://a.com/1",
    "https://b.com/2",
    "https://c.com/3",
  ]);
});

for (const text of ["me@example.com", "photo.jpg", "e.g. this", "version 2.x", "and so on...", "12.30", "a.b", ""]) {
  test(`nothing is read out of: ${text}`, () =>
    assert.deepEqual(findLinks(text), { links: [], problems: [], more: false }));
}

test("what is no place is told by its line, and not by what it says", () => {
  assert.deepEqual(problems("ok\ndata:image/png;base64,AAAA"), [{ line: 2, problem: "not_a_place" }]);
  assert.deepEqual(problems("blob:https://example.com/1"), [{ line: 1, problem: "not_a_place" }]);
  assert.deepEqual(problems("file:///home/x.jpg"), [{ line: 1, problem: "not_a_place" }]);
  assert.deepEqual(problems("http://"), [{ line: 1, problem: "unreadable" }]);
  assert.deepEqual(problems("https://exa"), [{ line: 1, problem: "unreadable" }]);
  assert.deepEqual(problems(`https://example.com/${"a".repeat(5000)}`), [{ line: 1, problem: "unreadable" }]);
  for (const host of [
    "192.168.1.1",
    "10.0.0.1",
    "172.16.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "[::1]",
    "[fd00::1]",
    "localhost",
    "printer.local",
    "0x7f000001",
  ]) {
    assert.deepEqual(problems(`http://${host}/x`), [{ line: 1, problem: "private" }], host);
  }
});

test("what a link is stands beside it", () => {
  const [onion] = findLinks("http://abcdefghijklmnopqrstuvwxyz234567.onion/x").links;
  assert.equal(onion?.isOnion, true);
  const [short] = findLinks("https://bit.ly/3abc").links;
  assert.equal(short?.isShortener, true);
  const [x] = findLinks("https://mobile.twitter.com/a/status/1").links;
  assert.equal(x?.service?.id, "x");
  assert.equal(findLinks("https://drive.google.com/file/d/1").links[0]?.service, undefined);
  assert.equal(findLinks("https://www.google.com/search?q=x").links[0]?.service?.id, "google");
  assert.equal(findLinks("example.com/a").links[0]?.repaired, true);
  assert.equal(findLinks("https://example.com/a").links[0]?.repaired, false);
  assert.equal(findLinks("https://x.example.co.uk/a").links[0]?.domain, "example.co.uk");
});

test("a link comes once, and no more than 5,000 are taken, which is said", () => {
  assert.equal(urls("https://a.com/1 https://a.com/1").length, 1);
  const text = Array.from({ length: MAX_LINKS + 1 }, (_, index) => `https://a.com/${index}`).join("\n");
  const found = findLinks(text);
  assert.equal(found.links.length, MAX_LINKS);
  assert.equal(found.more, true);
});

test("500 links are grouped by service or registered name, the largest group first", () => {
  const text = Array.from({ length: 500 }, (_, index) =>
    index % 2 === 0 ? `https://x.com/a/status/${index}` : `https://s${index % 5}.example.net/${index}`,
  ).join("\n");
  const groups = groupLinks(findLinks(text).links);
  assert.deepEqual(
    groups.map(({ domain, links }) => [domain, links.length]),
    [
      ["example.net", 250],
      ["x.com", 250],
    ],
  );
});

test("ten megabytes of anything are gone through", { timeout: 120_000 }, () => {
  for (const piece of ["a.", "a", "[.]", "a-", "http:", "x.com/( ", "https://", "h", "[.] ", "(", "\u202e"]) {
    const found = findLinks(piece.repeat(Math.ceil(10_485_760 / piece.length)));
    assert.ok(found.links.length <= 1 && found.problems.length <= 1000, JSON.stringify(piece));
  }
});
