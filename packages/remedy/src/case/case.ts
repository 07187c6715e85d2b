/**
 * A case as it is kept: the facts, and of each notice what became of it. It holds words, addresses and dates, never a
 * picture; of somebody who was or may have been under 18 there is none.
 */
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { Facts } from "../facts.ts";

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Instant = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,3})?Z$" });
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/**
 * `draft`: something is missing. `ready`: complete, not sent. `unsure`: it was being sent, and whether it went out was
 * never written down. `sent`: on its way, its clock may run. `overdue`: the time is over without an answer. `answered`:
 * there is one. `closed`: nothing more is wanted.
 */
export const NOTICE_STATES = ["draft", "ready", "unsure", "sent", "answered", "overdue", "closed"] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** What an answer says, as the person reads it. */
export const ANSWERS = ["removed", "refused", "partly", "asks_more", "other"] as const;
export type Answer = (typeof ANSWERS)[number];

/** How it went out. */
export const WAYS = ["mail", "smtp", "form", "by_hand"] as const;

/** A letter of the case: a regime's notice, a second letter after silence, or a complaint about it. */
export const LETTER_KINDS = ["notice", "follow_up", "complaint"] as const;

export const MAX_NOTICES = 1000;
export const MAX_REPLIES = 1000;
export const MAX_REPLY_LENGTH = 200_000;
const MAX_LETTER_LENGTH = 12_000_000;

export const CaseNotice = Type.Object(
  {
    id: Id,
    kind: Type.Enum([...LETTER_KINDS]),
    /** Of a follow-up or complaint: that of the notice it is about. */
    regime: Type.String({ pattern: "^[a-z0-9-]{1,60}$" }),
    recipient: Text(200),
    /** Mail address or form, where one is known. */
    to: Type.Optional(Text(2000)),
    urls: Type.Array(Text(4096), { maxItems: 5000 }),
    language: Type.Optional(Type.String({ pattern: "^[a-z]{2}$" })),
    /** Of a complaint: to whom, as next steps name them ("ftc", "ofcom", the id of an authority's regime). */
    authority: Type.Optional(Type.String({ pattern: "^[a-z0-9_-]{1,60}$" })),
    /** The letter that this one follows. */
    follows: Type.Optional(Id),
    state: Type.Enum([...NOTICE_STATES]),
    draftedAt: Instant,
    /** When it was last being sent, written down before the first byte of it went out. */
    attemptedAt: Type.Optional(Instant),
    sentAt: Type.Optional(Instant),
    sentBy: Type.Optional(Type.Enum([...WAYS])),
    /** When the recipient confirmed it. */
    receivedAt: Type.Optional(Instant),
    /** When an authority ordered it, where its order starts the clock. */
    orderedAt: Type.Optional(Instant),
    overdueAt: Type.Optional(Instant),
    answeredAt: Type.Optional(Instant),
    answer: Type.Optional(Type.Enum([...ANSWERS])),
    closedAt: Type.Optional(Instant),
    /** What was sent, to the letter. */
    letter: Type.Optional(Type.Object({ subject: Text(1000), body: Text(MAX_LETTER_LENGTH) }, closed)),
  },
  closed,
);
export type CaseNotice = Static<typeof CaseNotice>;

export const CaseReply = Type.Object(
  {
    id: Id,
    notice: Id,
    at: Instant,
    from: Type.Optional(Text(400)),
    subject: Type.Optional(Text(1000)),
    text: Type.String({ maxLength: MAX_REPLY_LENGTH }),
  },
  closed,
);
export type CaseReply = Static<typeof CaseReply>;

export const CaseFile = Type.Object(
  {
    version: Type.Literal(1),
    facts: Facts,
    notices: Type.Array(CaseNotice, { maxItems: MAX_NOTICES }),
    replies: Type.Array(CaseReply, { maxItems: MAX_REPLIES }),
  },
  { ...closed, $id: "recourse-case-1" },
);
export type CaseFile = Static<typeof CaseFile>;

export type CaseOutcome =
  | { readonly ok: true; readonly case: CaseFile }
  /** `at`: the path of what is wrong within the case, never what stands there. */
  | { readonly ok: false; readonly code: "case_invalid" | "case_version_unknown"; readonly at: string }
  | { readonly ok: false; readonly code: "notice_under_18" };

const isAdult = ({ ageWhenTaken }: Facts): boolean => ageWhenTaken === "adult";

/** Nothing is kept before the person said that they were 18 or older in the picture. */
export const startCase = (facts: Facts): CaseOutcome =>
  isAdult(facts)
    ? { ok: true, case: { version: 1, facts, notices: [], replies: [] } }
    : { ok: false, code: "notice_under_18" };

/** A case from what was read as JSON: its form, and that everything in it belongs together. Never throws. */
export const readCase = (value: unknown): CaseOutcome => {
  if (typeof value === "object" && value !== null && "version" in value && value.version !== 1)
    return { ok: false, code: "case_version_unknown", at: "/version" };
  if (!Value.Check(CaseFile, value)) {
    const [first] = Value.Errors(CaseFile, value);
    return { ok: false, code: "case_invalid", at: first?.instancePath ?? "" };
  }
  if (!isAdult(value.facts)) return { ok: false, code: "notice_under_18" };
  const ids = new Set(value.notices.map(({ id }) => id));
  const wrongNotice = value.notices.findIndex(
    ({ id, follows, attemptedAt, sentAt, state }, index) =>
      value.notices.findIndex((other) => other.id === id) !== index ||
      (follows !== undefined && (!ids.has(follows) || follows === id)) ||
      ((state === "sent" || state === "overdue") && sentAt === undefined) ||
      (state === "unsure" && attemptedAt === undefined),
  );
  if (wrongNotice !== -1) return { ok: false, code: "case_invalid", at: `/notices/${wrongNotice}` };
  const wrongReply = value.replies.findIndex(({ notice }) => !ids.has(notice));
  return wrongReply === -1
    ? { ok: true, case: value }
    : { ok: false, code: "case_invalid", at: `/replies/${wrongReply}` };
};
