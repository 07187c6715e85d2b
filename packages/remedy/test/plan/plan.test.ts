import assert from "node:assert/strict";
import { test } from "node:test";
import { type Facts, makePlan, RULES, type Step } from "../../src/index.ts";
import { FULL, NOW_MS } from "../cases.ts";

const ADULT = { version: 1, ageWhenTaken: "adult" } as const;
const LINK = { ...ADULT, situation: "shared", places: "https://pictures.example.net/p/2" } as const;

/** For each rule: facts under which it speaks, what it then says in part, and facts under which it is silent. */
const CASES: Readonly<Record<string, readonly [speaks: Facts, says: RegExp, silent: Facts]>> = {
  danger_first: [{ version: 1, danger: true }, /crisis line/u, ADULT],
  under_18_routes: [{ version: 1, ageWhenTaken: "unsure" }, /Take It Down/u, ADULT],
  ask_age: [{ version: 1 }, /18 or older/u, ADULT],
  threat_do_not_pay: [{ ...ADULT, situation: "threatened" }, /Do not pay/u, LINK],
  threat_stop_contact: [{ ...ADULT, situation: "threatened" }, /Stop answering/u, LINK],
  threat_keep_messages: [{ ...ADULT, situation: "threatened" }, /Save the messages/u, LINK],
  threat_report_account: [{ ...ADULT, situation: "threatened" }, /Report the account/u, LINK],
  save_before_remove: [LINK, /Save first/u, { ...LINK, evidenceSaved: "yes" }],
  fingerprint: [{ ...ADULT, hasFile: true }, /StopNCII/u, { ...ADULT, hasFile: false }],
  no_file_needed: [{ ...LINK, hasFile: false }, /link is enough/u, { ...LINK, hasFile: true }],
  feared_prepare: [{ ...ADULT, situation: "feared" }, /passwords/u, LINK],
  service_own_form: [
    { ...LINK, places: "https://discord.com/channels/1" },
    /discord\.com\/report/u,
    { ...LINK, situation: "feared" },
  ],
  notice_of_your_country: [
    { ...LINK, person: { country: "FR" } },
    /Digital Services Act/u,
    { ...LINK, person: { country: "US" } },
  ],
  take_it_down_act: [LINK, /TAKE IT DOWN Act/u, { ...ADULT, situation: "shared" }],
  dmca_if_self_taken: [
    { ...LINK, origin: "self", person: { nameMayBeSeen: "yes" } },
    /DMCA/u,
    { ...LINK, origin: "other", person: { nameMayBeSeen: "yes" } },
  ],
  dmca_held_back: [
    { ...LINK, origin: "self", person: { nameMayBeSeen: "no" } },
    /held back/u,
    { ...LINK, origin: "synthetic" },
  ],
  no_copyright_in_deepfakes: [{ ...LINK, origin: "synthetic" }, /copyright aside/u, { ...LINK, origin: "self" }],
  gdpr_erasure: [{ ...LINK, person: { country: "NL" } }, /GDPR/u, { ...LINK, person: { country: "US" } }],
  groups_and_file_hosts: [{ ...LINK, places: "https://mega.nz/folder/a#b" }, /each place where its link/u, LINK],
  host_after_silence: [LINK, /registrar/u, { ...LINK, places: "https://x.com/1" }],
  shorteners: [{ ...LINK, places: "https://bit.ly/3abc" }, /short links/u, LINK],
  onion: [{ ...LINK, places: "http://abcdefghijklmnop.onion/x" }, /Tor/u, LINK],
  deindex: [LINK, /Google, personal sexual content/u, { ...LINK, situation: "feared" }],
  site_that_charges: [{ ...LINK, asksMoneyForRemoval: "yes" }, /charge/u, LINK],
  name_in_search: [{ ...LINK, searchTerms: "x" }, /your name/u, LINK],
  authority_of_your_country: [
    { ...LINK, person: { country: "AU" } },
    /eSafety/u,
    { ...LINK, person: { country: "US" } },
  ],
  police_if_wanted: [
    { ...LINK, person: { country: "GB" } },
    /police/u,
    { ...LINK, person: { country: "GB" }, police: "no" },
  ],
  civil_action: [
    { ...LINK, person: { country: "US" }, uploader: { known: "yes" } },
    /lawyer/u,
    { ...LINK, person: { country: "US" } },
  ],
  clock_ran_out: [
    { ...LINK, sent: [{ regime: "us-take-it-down", recipient: "Example", sentAt: "2026-11-20T00:00:00Z" }] },
    /time is over, and then: .*FTC|Federal Trade Commission/u,
    { ...LINK, sent: [{ regime: "us-take-it-down", recipient: "Example", sentAt: "2026-11-27T00:00:00Z" }] },
  ],
  reposted_again: [{ ...LINK, reposted: "yes" }, /new links/u, LINK],
  look_again: [LINK, /looked at again/u, ADULT],
  support: [ADULT, /helpline/u, { version: 1 }],
};

const stepsOf = (facts: Facts, rule: string): readonly Step[] =>
  makePlan(facts, NOW_MS).steps.filter((step) => step.rule === rule);

test("every rule has its case, and every case its rule", () => {
  assert.deepEqual(Object.keys(CASES).toSorted(), RULES.map(({ id }) => id).toSorted());
});

for (const [rule, [speaks, says, silent]] of Object.entries(CASES)) {
  test(`rule ${rule}`, () => {
    const steps = stepsOf(speaks, rule);
    assert.match(steps.map(({ what }) => what).join("\n"), says);
    assert.deepEqual(stepsOf(silent, rule), []);
  });
}

test("the same facts at the same time give the same plan, and each step names its rule", () => {
  assert.deepEqual(makePlan(FULL, NOW_MS), makePlan(structuredClone(FULL), NOW_MS));
  for (const step of makePlan(FULL, NOW_MS).steps) assert.ok(RULES.some(({ id }) => id === step.rule));
});

test("of somebody under 18, or without an answer, nothing but the ways to help is planned, and links are not read", () => {
  for (const ageWhenTaken of ["minor", "unsure"] as const) {
    const plan = makePlan({ ...FULL, ageWhenTaken }, NOW_MS);
    assert.deepEqual(new Set(plan.steps.map(({ rule }) => rule)), new Set(["under_18_routes"]));
    assert.deepEqual(plan.links, { links: [], problems: [], more: false });
  }
  assert.doesNotMatch(
    JSON.stringify(makePlan({ ...FULL, ageWhenTaken: "minor" }, NOW_MS).steps),
    /screenshot with|Save first/u,
  );
});

test("what is unchecked or not known to be in force asks to be agreed to", () => {
  const [step] = stepsOf({ ...LINK, person: { country: "GB" } }, "notice_of_your_country");
  assert.equal(step?.regime, "gb-osa-48h");
  assert.match(step.confirm ?? "", /in force/u);
  const [later] = makePlan(LINK, NOW_MS + 365 * 86_400_000).steps.filter(({ regime }) => regime === "us-take-it-down");
  assert.match(later?.confirm ?? "", /out of date/u);
});

test("saving comes before removing, and who sees the name stands at each step that a law asks", () => {
  const { steps } = makePlan({ ...LINK, origin: "self", person: { country: "DE" } }, NOW_MS);
  const stages = steps.map(({ stage }) => stage);
  assert.ok(stages.indexOf("save") < stages.indexOf("remove"));
  for (const step of steps)
    if (step.regime !== undefined) assert.ok((step.identity?.seenBy.length ?? 0) > 0, step.rule);
});

test("500 links become few steps, each with how many links it is about", () => {
  const places = Array.from(
    { length: 500 },
    (_, index) => `https://s${index % 3}.example${index % 7}.net/${index}`,
  ).join(" ");
  const { steps, links } = makePlan({ ...LINK, places }, NOW_MS);
  assert.equal(links.links.length, 500);
  const own = steps.filter(({ rule }) => rule === "service_own_form");
  assert.equal(own.length, 7);
  assert.equal(
    own.reduce((sum, { linkCount = 0 }) => sum + linkCount, 0),
    500,
  );
});
