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

test("what was seen says where and when; what was not has no date, and is out of date", () => {
  for (const { id, reports } of SERVICES) {
    for (const report of reports) {
      assert.equal(report.verified === "M", report.verifiedOn === undefined, id);
      assert.equal(isReportStale(report, NOW_MS), report.verified === "M", id);
      assert.equal(isReportStale(report, NOW_MS + 200 * 86_400_000), true, id);
    }
  }
});
