import assert from "node:assert/strict";
import { test } from "node:test";
import { composeNotice, findRegime, toCloudflare, toEml, toMailto, toXarf } from "../../src/index.ts";
import { FULL, NOW_MS, without } from "../cases.ts";

const URLS = ["https://x.com/a/status/1", "https://pictures.example.net/p/2"];

const noticeOf = (id: string, language = "en", urls: readonly string[] = URLS) => {
  const regime = findRegime(id);
  assert.ok(regime !== undefined);
  const outcome = composeNotice(FULL, { regime, recipient: "Example Inc.", urls, language, nowMs: NOW_MS });
  assert.ok(outcome.ok);
  return { notice: outcome.notice, regime };
};

test("a message is plain text in UTF-8 that says the notice to the letter", () => {
  for (const language of ["en", "es", "fr"]) {
    const { notice } = noticeOf("eu-dsa-16", language);
    const eml = toEml(notice, { to: "abuse@example.com", from: "person@example.org" });
    assert.ok(eml.split("\r\n").every((line) => line.length <= 78 && !line.includes("\n")));
    const [head = "", body = ""] = eml.split("\r\n\r\n");
    assert.equal(Buffer.from(body, "base64").toString("utf8").replaceAll("\r\n", "\n"), notice.body);
    const subject = /Subject: ([^]*?)\r\nMIME/u.exec(head)?.[1] ?? "";
    const decoded = subject.replaceAll(/=\?UTF-8\?B\?(.*?)\?=(?:\r\n )?/gu, (_, part: string) =>
      Buffer.from(part, "base64").toString("utf8"),
    );
    assert.equal(decoded, notice.subject);
    assert.doesNotMatch(head, /multipart|image|Date:/u);
  }
});

test("nothing gets into a message's head by an address", () => {
  const { notice } = noticeOf("eu-dsa-16");
  for (const to of ["a@b.c\r\nBcc: x@y.z", "a@b.c, x@y.z", "a b@c.d", "<a@b.c>", ""]) {
    assert.throws(() => toEml(notice, { to }), TypeError);
    assert.throws(() => toMailto(notice, to), TypeError);
  }
});

test("a mailto address is given only where programs take its length", () => {
  assert.match(
    toMailto({ ...noticeOf("eu-dsa-16").notice, subject: "a & b", body: "c\nd" }, "abuse@example.com") ?? "",
    /^mailto:abuse@example\.com\?subject=a%20%26%20b&body=c%0D%0Ad$/u,
  );
  assert.equal(toMailto({ ...noticeOf("eu-dsa-16").notice, body: "x".repeat(2000) }, "abuse@example.com"), undefined);
});

test("XARF: one report an address, of a type that exists, without evidence", () => {
  const { notice, regime } = noticeOf("eu-dsa-16");
  const outcome = toXarf(notice, FULL, regime, {
    timestamp: "2026-11-27T12:00:00Z",
    reportIds: ["5f0b1b8e-0000-4000-8000-000000000001", "5f0b1b8e-0000-4000-8000-000000000002"],
  });
  assert.ok(outcome.ok);
  const { reports } = outcome;
  assert.deepEqual(
    reports.map(({ type, category, url, source_identifier, tags }) => [type, category, url, source_identifier, tags]),
    [
      ["exposed_data", "content", URLS[0], "x.com", ["abuse:ncii"]],
      ["exposed_data", "content", URLS[1], "pictures.example.net", ["abuse:ncii"]],
    ],
  );
  for (const report of reports) assert.ok(!("evidence" in report));
  const dmca = noticeOf("us-dmca");
  const copyright = toXarf(dmca.notice, FULL, dmca.regime, {
    timestamp: "2026-11-27T12:00:00Z",
    reportIds: ["a", "b"],
  });
  assert.ok(copyright.ok);
  const [first] = copyright.reports;
  assert.deepEqual([first?.["type"], first?.["infringing_url"]], ["copyright", URLS[0]]);
  // No element asks for the name, so it is not in the form's fields either; without a mail address there is no report.
  const took = noticeOf("us-take-it-down");
  const named = toXarf(took.notice, FULL, took.regime, { timestamp: "", reportIds: ["a", "b"] });
  assert.ok(named.ok);
  for (const { reporter } of named.reports)
    assert.deepEqual(reporter, { org: "private person", contact: "person@example.org", domain: "example.org" });
  assert.deepEqual(
    toXarf(took.notice, without(FULL, "/person/email"), took.regime, { timestamp: "", reportIds: ["a", "b"] }),
    { ok: false, missing: ["/person/email"] },
  );
  assert.throws(() => toXarf(notice, FULL, regime, { timestamp: "", reportIds: ["a"] }), RangeError);
});

test("Cloudflare: 250 addresses of one host a report, the host told without a name and the owner not at all", () => {
  const many = Array.from({ length: 251 }, (_, index) => `https://pictures.example.net/${index}`);
  const outcome = toCloudflare(noticeOf("us-take-it-down", "en", [...many, "https://x.com/1"]).notice, FULL);
  assert.ok(outcome.ok);
  assert.deepEqual(
    outcome.reports.map(({ urls }) => String(urls).split("\n").length),
    [250, 1, 1],
  );
  for (const { host_notification, owner_notification, email, email2 } of outcome.reports) {
    assert.deepEqual([host_notification, owner_notification, email2], ["send-anon", "none", email]);
  }
  assert.deepEqual(toCloudflare(noticeOf("us-take-it-down").notice, without(FULL, "/person/name")), {
    ok: false,
    missing: ["/person/name"],
  });
});
