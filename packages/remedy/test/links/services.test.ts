import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "tldts";
import { isReportStale, SERVICES } from "../../src/index.ts";
import { NOW_MS } from "../cases.ts";

test("each service stands there once, under names that can be registered", () => {
  const domains = SERVICES.flatMap((service) => service.domains);
  assert.equal(new Set(domains).size, domains.length);
  assert.equal(new Set(SERVICES.map(({ id }) => id)).size, SERVICES.length);
  for (const domain of domains) assert.equal(parse(domain).domain, domain);
});

test("all that is known of services' own forms stands there: address, or that it has one nobody saw", () => {
  const of = (id: string) => SERVICES.find((service) => service.id === id) ?? assert.fail(id);
  const known = (id: string) => of(id).reports.map(({ to, verified }) => [to, verified]);
  assert.deepEqual(
    known("google"),
    ["6302812", "9116649", "11320483", "9172218"].map((answer) => [
      `https://support.google.com/websearch/answer/${answer}`,
      "S",
    ]),
  );
  assert.deepEqual(known("bing"), [["https://www.microsoft.com/en-us/concern/bing", "S2"]]);
  assert.deepEqual(known("discord"), [["https://discord.com/report", "S"]]);
  assert.deepEqual(known("telegram"), [["abuse@telegram.org", "S2"]]);
  for (const id of ["facebook", "instagram", "threads", "x", "tiktok", "reddit"]) {
    assert.deepEqual(known(id), []);
    assert.deepEqual([of(id).unseenForm?.verified, of(id).unseenForm?.verifiedOn], ["S2", "2026-11-22"], id);
  }
  assert.equal(of("cloudflare").unseenForm?.verified, "S");
});

test("what was seen says where and when; what was not has no date, and is out of date", () => {
  for (const { id, reports } of SERVICES) {
    for (const report of reports) {
      assert.equal(report.verified === "M", report.verifiedOn === undefined, id);
      assert.equal(isReportStale(report, NOW_MS), report.verified === "M", id);
      assert.equal(isReportStale(report, NOW_MS + 200 * 86_400_000), true, id);
    }
  }
});
