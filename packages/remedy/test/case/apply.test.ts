import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyToCase,
  type CaseEvent,
  type CaseFile,
  composeNextLetter,
  nextSteps,
  NOTICE_STATES,
  type NoticeState,
  readCase,
  startCase,
} from "../../src/index.ts";
import { FULL, without } from "../cases.ts";

const DAY_MS = 86_400_000;
const T0 = Date.parse("2026-11-01T00:00:00Z");
const at = (days: number): string => new Date(T0 + days * DAY_MS).toISOString();

const EMPTY: CaseFile = { version: 1, facts: FULL, notices: [], replies: [] };
const LETTER = { subject: "Notice", body: "The text that was sent" };

const drafted = (id: string, regime: string, more: object = {}): CaseEvent => ({
  type: "drafted",
  at: at(0),
  notice: { id, kind: "notice", regime, recipient: "Example Inc.", urls: ["https://x.com/1"], ...more },
});
const sent = (id: string, days = 0): CaseEvent => ({ type: "sent", at: at(days), id, by: "mail", letter: LETTER });
const attempted = (id: string): CaseEvent => ({ type: "attempted", at: at(0), id, by: "smtp", letter: LETTER });

const after = (events: readonly CaseEvent[], from = EMPTY): CaseFile =>
  events.reduce((given, event) => {
    const outcome = applyToCase(given, event);
    assert.ok(outcome.ok, JSON.stringify([event.type, outcome]));
    return outcome.case;
  }, from);

const sentCase = (regime: string, facts = FULL): CaseFile =>
  after([drafted("a", regime), { type: "completed", at: at(0), id: "a" }, sent("a")], { ...EMPTY, facts });

test("a letter goes its way from draft to closed, and each state is one that is read again", () => {
  const states: NoticeState[] = [];
  let given = EMPTY;
  for (const event of [
    drafted("a", "us-take-it-down"),
    { type: "completed", at: at(0), id: "a" },
    { type: "reopened", at: at(0), id: "a" },
    { type: "completed", at: at(0), id: "a" },
    attempted("a"),
    { type: "not_sent", at: at(0), id: "a" },
    attempted("a"),
    { type: "sent", at: at(0), id: "a", by: "smtp" },
    { type: "time", at: at(1.9) },
    { type: "time", at: at(2) },
    { type: "answered", at: at(3), id: "a", answer: "removed", reply: { id: "r", text: "Gone." } },
    { type: "closed", at: at(4), id: "a" },
  ] satisfies CaseEvent[]) {
    given = after([event], given);
    states.push(given.notices[0]?.state ?? "draft");
    assert.ok(readCase(JSON.parse(JSON.stringify(given))).ok);
  }
  assert.deepEqual(states, "draft ready draft ready unsure ready unsure sent sent overdue answered closed".split(" "));
  assert.deepEqual(given.notices[0]?.letter, LETTER);
  assert.deepEqual(given.replies, [{ id: "r", text: "Gone.", notice: "a", at: at(3) }]);
  assert.deepEqual(new Set(states), new Set(NOTICE_STATES));
});

test("a letter that may have gone out is not sent again, has no clock, and is to be looked up", () => {
  const ready = after([drafted("a", "us-take-it-down"), { type: "completed", at: at(0), id: "a" }]);
  const unsure = after([attempted("a")], ready);
  assert.deepEqual(applyToCase(unsure, attempted("a")), { ok: false, code: "event_impossible" });
  assert.deepEqual(nextSteps(unsure, T0 + 9 * DAY_MS), [{ id: "a", kind: "find_out" }]);
  assert.deepEqual(after([{ type: "time", at: at(9) }], unsure), unsure);
  assert.deepEqual(unsure.notices[0]?.letter, LETTER);
  const { attemptedAt: _, ...undated } = unsure.notices[0] ?? assert.fail();
  assert.deepEqual(readCase({ ...unsure, notices: [undated] }), {
    ok: false,
    code: "case_invalid",
    at: "/notices/0",
  });
});

test("what can't be is refused, and nothing changes", () => {
  const sentOne = sentCase("us-take-it-down");
  const before = structuredClone(sentOne);
  const wrong: readonly CaseEvent[] = [
    { type: "completed", at: at(1), id: "a" },
    { type: "reopened", at: at(1), id: "a" },
    sent("a"),
    sent("nobody"),
    drafted("a", "us-dmca"),
    drafted("b", "us-dmca", { follows: "nobody" }),
    { type: "closed", at: "yesterday", id: "a" },
  ];
  for (const event of wrong) assert.deepEqual(applyToCase(sentOne, event), { ok: false, code: "event_impossible" });
  assert.deepEqual(sentOne, before);
  assert.deepEqual(applyToCase(after([drafted("a", "us-dmca")]), { type: "received", at: at(0), id: "a" }), {
    ok: false,
    code: "event_impossible",
  });
  const full = {
    ...EMPTY,
    notices: Array.from({ length: 1000 }, (_, index) => ({ ...sentOne.notices[0]!, id: `n${index}` })),
  };
  assert.deepEqual(applyToCase(full, drafted("x", "us-dmca")), { ok: false, code: "case_letters_full" });
});

test("a confirmed receipt starts the clock anew; an authority's clock waits for its order", () => {
  const late = after([{ type: "time", at: at(3) }], sentCase("us-take-it-down"));
  assert.equal(late.notices[0]?.state, "overdue");
  const received = after([{ type: "received", at: at(3), id: "a" }], late);
  assert.equal(received.notices[0]?.state, "sent");
  assert.deepEqual(nextSteps(received, T0 + 4 * DAY_MS), [{ id: "a", kind: "wait", until: at(5) }]);

  const complained = sentCase("au-osa");
  assert.equal(after([{ type: "time", at: at(90) }], complained).notices[0]?.state, "sent");
  const ordered = after(
    [
      { type: "ordered", at: at(2), id: "a" },
      { type: "time", at: at(3) },
    ],
    complained,
  );
  assert.equal(ordered.notices[0]?.state, "overdue");
});

test("under eighteen, or without an answer, nothing is kept", () => {
  for (const facts of [
    { ...FULL, ageWhenTaken: "minor" },
    { ...FULL, ageWhenTaken: "unsure" },
    without(FULL, "/ageWhenTaken"),
  ] as const) {
    assert.deepEqual(startCase(facts), { ok: false, code: "notice_under_18" });
    assert.deepEqual(readCase({ ...EMPTY, facts }), { ok: false, code: "notice_under_18" });
  }
});

/** Each row: what was sent, what became of it, the country, and what is proposed in the end. */
const CHAINS: readonly (readonly [regime: string, country: string, complaints: readonly string[]])[] = [
  ["us-take-it-down", "US", ["ftc"]],
  ["gb-osa-48h", "GB", ["ofcom"]],
  ["us-take-it-down", "AU", ["ftc", "au-osa"]],
  ["in-it-rules", "IN", ["gac"]],
  ["eu-dsa-16", "IE", ["platform_complaint", "out_of_court", "dsc"]],
  ["eu-gdpr-17", "FR", ["dpa"]],
  ["eu-gdpr-17", "ES", ["dpa", "es-aepd"]],
];

for (const [regime, country, complaints] of CHAINS) {
  test(`${regime}, ${country}: a second letter, then ${complaints.join(", ")}`, () => {
    const facts = { ...FULL, person: { ...FULL.person, country } };
    const given = sentCase(regime, facts);
    assert.equal(nextSteps(given, T0 + 1000)[0]?.kind, "wait");
    const laterMs = T0 + 40 * DAY_MS;
    const [second, ...none] = nextSteps(given, laterMs);
    assert.equal(second?.kind, "follow_up");
    assert.deepEqual(none, []);
    const again = composeNextLetter(given, "a", {
      kind: "follow_up",
      because: "overdue",
      recipient: "Example Inc.",
      next: "Somebody",
    });
    assert.ok(again.ok && again.notice.complete);
    assert.match(again.notice.body, /2026-11-01/u);
    assert.ok(again.notice.body.includes("https://x.com/1") && again.notice.body.includes("Somebody"));
    const followed = after(
      [
        drafted("b", regime, { kind: "follow_up", follows: "a" }),
        { type: "completed", at: at(40), id: "b" },
        sent("b", 40),
        { type: "time", at: at(80) },
      ],
      given,
    );
    const steps = nextSteps(followed, T0 + 80 * DAY_MS);
    assert.deepEqual(
      steps.map((step) => (step.kind === "complaint" ? step.to : step.kind)),
      complaints,
    );
    assert.ok(steps.every(({ id }) => id === "b"));
    const [first = ""] = complaints;
    const complaint = composeNextLetter(followed, "b", {
      kind: "complaint",
      because: "overdue",
      recipient: "The authority",
    });
    assert.ok(complaint.ok && complaint.notice.complete);
    assert.ok(complaint.notice.body.includes(LETTER.body), "a copy of the notice");
    assert.ok(complaint.notice.body.includes("The authority"));
    assert.doesNotMatch(complaint.notice.body, /\{\w+\}|undefined/u);
    assert.match(complaint.notice.warnings.join(" "), /not checked/u);
    const complained = after([drafted("c", regime, { kind: "complaint", follows: "b", authority: first })], followed);
    assert.deepEqual(
      nextSteps(complained, T0 + 80 * DAY_MS).map((step) => (step.kind === "complaint" ? step.to : step.kind)),
      [...complaints.slice(1), "complete"],
    );
  });
}

test("a refusal goes straight to a complaint, a removal is looked at, a question is answered", () => {
  const answered = (answer: "refused" | "removed" | "partly" | "asks_more") =>
    nextSteps(after([{ type: "answered", at: at(1), id: "a", answer }], sentCase("us-take-it-down")), T0 + 2 * DAY_MS);
  assert.deepEqual(
    answered("refused").map((step) => [step.kind, "because" in step && step.because]),
    [["complaint", "refused"]],
  );
  assert.deepEqual(answered("removed"), [{ id: "a", kind: "check_removed" }]);
  assert.deepEqual(answered("partly"), [{ id: "a", kind: "follow_up", because: "partly" }]);
  assert.deepEqual(answered("asks_more"), [{ id: "a", kind: "answer_them" }]);
});

test("a letter that follows is written in the languages of notices, and not about what was never sent", () => {
  for (const language of ["en", "es", "de", "fr"]) {
    for (const because of ["overdue", "silent", "refused", "partly"] as const) {
      for (const kind of ["follow_up", "complaint"] as const) {
        const outcome = composeNextLetter(sentCase("eu-dsa-16"), "a", {
          kind,
          because,
          recipient: "R\u202eX",
          language,
        });
        assert.ok(outcome.ok);
        assert.equal(outcome.notice.language, language);
        assert.doesNotMatch(outcome.notice.body + outcome.notice.subject, /\{\w+\}|undefined|\u202e/u);
      }
    }
  }
  for (const given of [EMPTY, after([drafted("a", "us-dmca")])])
    assert.deepEqual(composeNextLetter(given, "a", { kind: "follow_up", because: "overdue", recipient: "x" }), {
      ok: false,
      code: "letter_unknown",
    });
  const unsigned = composeNextLetter(sentCase("us-dmca", without(FULL, "/person/name")), "a", {
    kind: "follow_up",
    because: "overdue",
    recipient: "x",
  });
  assert.ok(unsigned.ok && !unsigned.notice.complete);
  assert.deepEqual(unsigned.notice.elements[0]?.missing, ["/person/name"]);
});

test("a case whose parts do not belong together is refused, with the place of what is wrong", () => {
  const good = sentCase("us-dmca");
  const [notice] = good.notices;
  assert.ok(notice !== undefined);
  const wrong: readonly (readonly [unknown, string])[] = [
    [null, ""],
    [[], ""],
    [{ ...good, extra: 1 }, "/extra"],
    [{ ...good, notices: [notice, notice] }, "/notices/1"],
    [{ ...good, notices: [{ ...notice, follows: "nobody" }] }, "/notices/0"],
    [{ ...good, notices: [{ ...notice, follows: "a" }] }, "/notices/0"],
    [{ ...good, notices: [{ ...notice, state: "gone" }] }, "/notices/0/state"],
    [{ ...good, notices: [{ ...notice, id: "../a" }] }, "/notices/0/id"],
    [{ ...good, replies: [{ id: "r", notice: "nobody", at: at(0), text: "" }] }, "/replies/0"],
  ];
  for (const [value, place] of wrong) {
    const outcome = readCase(value);
    assert.ok(!outcome.ok && outcome.code === "case_invalid", JSON.stringify(place));
    assert.equal(outcome.at, place);
  }
  assert.deepEqual(readCase({ ...good, version: 2 }), { ok: false, code: "case_version_unknown", at: "/version" });
  const { sentAt, ...unsent } = notice;
  assert.ok(sentAt !== undefined);
  assert.equal(readCase({ ...good, notices: [unsent] }).ok, false);
});
