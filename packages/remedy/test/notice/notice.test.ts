import assert from "node:assert/strict";
import { test } from "node:test";
import {
  allRegimes,
  composeNotice,
  type Facts,
  findRegime,
  NOTICE_LANGUAGES,
  readFacts,
  type Regime,
} from "../../src/index.ts";
import { ELEMENT_NEEDS } from "../../src/law/schema.ts";
import { FULL, NOW_MS, without } from "../cases.ts";

const URLS = ["https://x.com/a/status/1", "https://pictures.example.net/p/2"];

const compose = (facts: Facts, regime: Regime, language = "en", urls: readonly string[] = URLS) => {
  const outcome = composeNotice(facts, { regime, recipient: "Example Inc.", urls, language, nowMs: NOW_MS });
  assert.ok(outcome.ok);
  return outcome.notice;
};

/** The facts a regime's notice is complete with. */
const factsFor = (regime: Regime): Facts => ({
  ...FULL,
  origin: regime.fits.origins.includes("self") ? "self" : "synthetic",
});

const PROCEDURES = allRegimes().filter(({ elements }) => elements.length > 0);

test("the facts of the tests are facts", () => {
  assert.ok(readFacts(FULL).ok);
  assert.deepEqual(readFacts({ ...FULL, person: { email: "no address" } }), {
    ok: false,
    code: "facts_invalid",
    at: "/person/email",
    isUnknown: false,
  });
  assert.deepEqual(readFacts({ ...FULL, picture: { "a name": "AAAA" } }), {
    ok: false,
    code: "facts_invalid",
    at: "/picture/a name",
    isUnknown: true,
  });
  assert.equal(readFacts({ ...FULL, version: 2 }).ok, false);
  assert.equal(readFacts({ ...FULL, picture: { image: "AAAA" } }).ok, false);
  assert.equal(readFacts(null).ok, false);
});

for (const regime of PROCEDURES) {
  test(`${regime.id}: a complete notice holds every element, with its citation`, () => {
    for (const language of NOTICE_LANGUAGES) {
      const notice = compose(factsFor(regime), regime, language);
      assert.ok(notice.complete, JSON.stringify(notice.elements.filter(({ missing }) => missing.length > 0)));
      assert.deepEqual(
        notice.elements.map(({ id }) => id),
        regime.elements.map(({ id }) => id),
      );
      for (const { id, text, citation } of notice.elements) {
        assert.ok(text !== undefined && text.trim() !== "", id);
        assert.ok(notice.body.includes(text), id);
        assert.ok(notice.body.includes(citation), id);
      }
      assert.doesNotMatch(notice.body, /\{\w+\}|undefined|\[ … \]/u);
    }
  });

  test(`${regime.id}: whatever is needed and left out is named, and the notice is not complete`, () => {
    const facts = factsFor(regime);
    const paths = new Set<string>();
    const empty = compose({ version: 1, ageWhenTaken: "adult" }, regime, "en", []);
    for (const { missing } of empty.elements) for (const path of missing) paths.add(path);
    assert.ok(paths.size > 0);
    for (const path of paths) {
      if (path === "/places") continue; // told by the addresses, below
      if (path === "/threat/where" || path === "/situation") continue; // one of two ways to say where
      const notice = compose(without(facts, path), regime, "en", URLS);
      const gone = notice.elements.flatMap(({ missing }) => missing);
      // A contact may be any of three.
      if (path === "/person/email" && gone.length === 0) continue;
      assert.deepEqual([...new Set(gone)], [path]);
      assert.equal(notice.complete, false);
      assert.match(notice.body, /\[ … \]/u);
    }
  });
}

test("every need of an element is used by some regime", () => {
  const used = new Set(PROCEDURES.flatMap(({ elements }) => elements.map(({ needs }) => needs)));
  assert.deepEqual(
    ELEMENT_NEEDS.filter((need) => !used.has(need)),
    [],
  );
});

test("without addresses there is no notice where the law asks for them", () => {
  for (const regime of PROCEDURES) {
    const needs = regime.elements.map((element) => element.needs);
    const wanted = needs.some((need) =>
      ["exact_urls", "locations", "depiction_and_location", "material_and_location"].includes(need),
    );
    assert.equal(
      compose(factsFor(regime), regime, "en", []).complete,
      !wanted && !needs.includes("locations_or_threat"),
      regime.id,
    );
  }
});

test("a helper signs, is written to, and states the authority; the person's contact is not given", () => {
  const regime = findRegime("us-take-it-down");
  assert.ok(regime !== undefined);
  const helper = {
    name: "Helper Example",
    email: "helper@example.com",
    authority: "written authority of 1 November 2026",
  };
  const notice = compose({ ...FULL, helper }, regime);
  assert.ok(notice.complete);
  assert.match(notice.body, /helper@example\.com/u);
  assert.doesNotMatch(notice.body, /person@example\.org|555 0100|Example Street/u);
  const { authority, ...unauthorised } = helper;
  assert.ok(authority.length > 0);
  assert.equal(compose({ ...FULL, helper: unauthorised }, regime).complete, false);
});

test("no more identity than the element asks for", () => {
  for (const regime of PROCEDURES) {
    const notice = compose(factsFor(regime), regime);
    const full = regime.elements.some(({ needs }) => needs === "contact_full");
    assert.equal(/Example Street|555 0100/u.test(notice.body), full, regime.id);
  }
});

test("who must not be handled here gets no notice, and the police none either", () => {
  const regime = findRegime("us-take-it-down");
  const criminal = findRegime("gb-soa-66b");
  assert.ok(regime !== undefined && criminal !== undefined);
  const options = { recipient: "x", urls: URLS, nowMs: NOW_MS };
  for (const ageWhenTaken of ["minor", "unsure"] as const) {
    assert.deepEqual(composeNotice({ ...FULL, ageWhenTaken }, { regime, ...options }), {
      ok: false,
      code: "notice_under_18",
    });
  }
  assert.deepEqual(composeNotice(without(FULL, "/ageWhenTaken"), { regime, ...options }), {
    ok: false,
    code: "notice_under_18",
  });
  assert.deepEqual(composeNotice(FULL, { regime: criminal, ...options }), { ok: false, code: "no_notice_procedure" });
});

test("marks that turn text around are taken out of what was typed; letters of any script stay", () => {
  const regime = findRegime("eu-dsa-16");
  assert.ok(regime !== undefined);
  const notice = compose({ ...FULL, person: { ...FULL.person, name: "شخص\u202e مثال\u2066 例" } }, regime);
  assert.match(notice.body, /شخص مثال 例/u);
  assert.doesNotMatch(notice.body, /[\u202a-\u202e\u2066-\u2069]/u);
});

test("warnings say what is not confirmed, and who may see the name", () => {
  const dmca = findRegime("us-dmca");
  const osa = findRegime("gb-osa-48h");
  assert.ok(dmca !== undefined && osa !== undefined);
  assert.match(compose(FULL, dmca).warnings.join("\n"), /Lumen.*perjury|perjury[^]*Lumen|Lumen[^]*perjury/u);
  assert.match(compose(FULL, osa).warnings.join("\n"), /not confirmed that this is in force/u);
});
