import assert from "node:assert/strict";
import { test } from "node:test";
import Type from "typebox";
import Value from "typebox/value";
import { isSupportStale, SUPPORT, supportFor } from "../../src/support/index.ts";
import { NOW_MS } from "../cases.ts";

const isUnion = (country: string): boolean => ["DE", "IE", "ES"].includes(country);
const names = (facts: Parameters<typeof supportFor>[0]): readonly string[] =>
  supportFor(facts, isUnion).map(({ id }) => id);

const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const Entry = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9-]+$" }),
    name: Line(80),
    /** ISO 3166 code, or EU; left out: worldwide. */
    country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })),
    /** As the service itself gives it, to be dialled in its country. Letters are followed by their digits in brackets. */
    phone: Type.Optional(Line(40)),
    /** Host and path, https. */
    site: Type.Optional(Type.String({ pattern: "^[a-z0-9.-]+\\.[a-z]{2,}(?:/\\S*)?$" })),
    hours: Type.Optional(Line(80)),
    /** Whom it is for, where it is not for everybody. */
    age: Type.Optional(Type.Enum(["adults", "youth"])),
    /** For the worst hour: an emergency number, a line against suicide, a line against violence. */
    crisis: Type.Optional(Type.Enum(["emergency", "suicide", "violence"])),
    /** Day it was seen; left out: from memory, shown as not checked. */
    verifiedOn: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" })),
  },
  { additionalProperties: false },
);

test("the file has the form of a directory", () => {
  assert.deepEqual(
    SUPPORT.filter((entry) => !Value.Check(Entry, entry)).map(({ id }) => id),
    [],
  );
});

test("each entry stands there once, and says when it was seen or is shown as not checked", () => {
  assert.equal(new Set(SUPPORT.map(({ id }) => id)).size, SUPPORT.length);
  for (const entry of SUPPORT) {
    assert.equal(isSupportStale(entry, NOW_MS), entry.verifiedOn === undefined, entry.id);
    assert.equal(isSupportStale(entry, NOW_MS + 181 * 86_400_000), true, entry.id);
  }
});

test("in danger, lines for it come first; else the country's own, checked ones first", () => {
  assert.equal(names({ country: "US", danger: true })[0], "us-988-lifeline");
  assert.equal(names({ country: "US" })[0], "us-ccri-image-abuse-helpline");
  assert.deepEqual(names({ country: "AU", danger: true }).slice(0, 2), ["au-emergency-000", "au-1800respect"]);
  assert.deepEqual(names({ country: "DE", danger: true }).slice(0, 3), ["de-hilfetelefon", "eu-116-006", "de-hateaid"]);
  assert.equal(names({ country: "DE" })[0], "de-hateaid");
});

test("only what can be reached from there, and from everywhere", () => {
  for (const country of ["US", "DE", "PK"]) {
    for (const entry of supportFor({ country }, isUnion))
      assert.ok([undefined, country, ...(isUnion(country) ? ["EU"] : [])].includes(entry.country), entry.id);
  }
  assert.ok(names({}).includes("stopncii-org"));
});

test("under eighteen, or unsure: the services for them, and lines for the worst hour", () => {
  for (const ageWhenTaken of ["minor", "unsure"] as const) {
    const young = names({ country: "GB", ageWhenTaken });
    assert.equal(young[0], "report-remove");
    assert.ok(young.includes("take-it-down"));
    assert.ok(!young.includes("stopncii-org"));
  }
  assert.ok(!names({ country: "GB", ageWhenTaken: "adult" }).includes("report-remove"));
});
