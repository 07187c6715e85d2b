import assert from "node:assert/strict";
import { test } from "node:test";
import { type Facts, findRegime, lookAgainList, searchForms } from "../../src/index.ts";
import { FULL, NOW_MS, without } from "../cases.ts";

const forms = (facts: Facts, urls: readonly string[] = ["https://x.com/1"]) => {
  const outcome = searchForms(facts, urls, { nowMs: NOW_MS });
  assert.ok(outcome.ok);
  return outcome.forms;
};
const PLAIN = without(without(FULL, "/searchTerms"), "/asksMoneyForRemoval");

/** What was answered, and the forms with their states. */
const ROWS: readonly (readonly [name: string, facts: Facts, expected: readonly (readonly [string, string])[]])[] = [
  [
    "a picture that was taken",
    PLAIN,
    [
      ["google-intimate", "ready"],
      ["bing-concern", "ready"],
    ],
  ],
  [
    "one that was made",
    { ...PLAIN, origin: "synthetic" },
    [
      ["google-fake", "ready"],
      ["bing-concern", "ready"],
    ],
  ],
  [
    "a name that leads there, and a site that charges",
    FULL,
    [
      ["google-intimate", "ready"],
      ["google-removal-fee", "ready"],
      ["google-name", "ready"],
      ["bing-concern", "ready"],
    ],
  ],
  [
    "somebody who is paid for it",
    { ...PLAIN, picture: { ...PLAIN.picture, paidFor: "yes" } },
    [
      ["google-intimate", "not_for_this"],
      ["bing-concern", "ready"],
    ],
  ],
  [
    "not answered whether",
    without(PLAIN, "/picture/paidFor"),
    [
      ["google-intimate", "asks_more"],
      ["bing-concern", "ready"],
    ],
  ],
];
for (const [name, facts, expected] of ROWS) {
  test(name, () => {
    assert.deepEqual(
      forms(facts).map(({ regime, state }) => [regime, state]),
      expected,
    );
  });
}

test("each demand of a form stands there with its answer, or what is missing for it", () => {
  for (const { regime, demands, state } of forms(FULL)) {
    assert.deepEqual(
      demands.map(({ id }) => id),
      findRegime(regime)?.elements.map(({ id }) => id),
    );
    if (state === "ready") for (const { text } of demands) assert.ok(text !== undefined && text !== "");
  }
  const [google] = forms(without(PLAIN, "/picture/paidFor"));
  assert.deepEqual(
    google?.demands.filter(({ missing }) => missing.length > 0).map(({ id, missing }) => [id, missing]),
    [["not_paid", ["/picture/paidFor"]]],
  );
});

test("addresses are cut into lists as long as a form takes, each address once, none lost", () => {
  const urls = Array.from({ length: 251 }, (_, index) => `https://x.com/${index}`);
  for (const { lists, maxUrls, regime, limitVerified } of forms(PLAIN, [...urls, ...urls])) {
    assert.deepEqual(lists.flat(), urls);
    const size = maxUrls ?? 100;
    assert.ok(lists.every(({ length }, index) => length === size || index === lists.length - 1));
    assert.equal(regime === "bing-concern" ? 1 : 100, size);
    assert.equal(limitVerified === "M", maxUrls === null);
  }
  assert.deepEqual(
    forms(PLAIN, []).map(({ lists, state }) => [lists.length, state]),
    [
      [0, "asks_more"],
      [0, "asks_more"],
    ],
  );
});

test("under eighteen there is no form", () => {
  assert.deepEqual(searchForms({ ...FULL, ageWhenTaken: "unsure" }, [], { nowMs: NOW_MS }), {
    ok: false,
    code: "notice_under_18",
  });
});

test("the days to look again come in order, each with what was sent", () => {
  const sent = [
    { regime: "google-intimate", urls: ["a"], sentAt: "2026-11-27T12:00:00Z" },
    { regime: "bing-concern", urls: ["b"], sentAt: "2026-11-28T12:00:00Z" },
  ];
  assert.deepEqual(
    lookAgainList(sent).map(({ at, regime, urls }) => [at.slice(0, 10), regime, urls[0]]),
    [
      ["2026-11-30", "google-intimate", "a"],
      ["2026-12-01", "bing-concern", "b"],
      ["2026-12-04", "google-intimate", "a"],
      ["2026-12-05", "bing-concern", "b"],
      ["2026-12-25", "google-intimate", "a"],
      ["2026-12-26", "bing-concern", "b"],
      ["2027-02-25", "google-intimate", "a"],
      ["2027-02-26", "bing-concern", "b"],
    ],
  );
});
