/** What happens to the letters of a case: one event at a time, a new case each time; what can't be is refused. */
import { clockOf } from "../clock/clock.ts";
import { findRegime } from "../law/regimes.ts";
import {
  type Answer,
  type CaseFile,
  type CaseNotice,
  type CaseReply,
  MAX_NOTICES,
  MAX_REPLIES,
  MAX_REPLY_LENGTH,
  type NoticeState,
} from "./case.ts";

/** `at` is ISO 8601 in UTC; ids are chosen by the caller. */
export type CaseEvent =
  | {
      readonly type: "drafted";
      readonly at: string;
      readonly notice: Pick<CaseNotice, "id" | "kind" | "regime" | "recipient" | "urls"> &
        Partial<Pick<CaseNotice, "to" | "language" | "follows" | "authority">>;
    }
  /** Everything is there. */
  | { readonly type: "completed"; readonly at: string; readonly id: string }
  /** To be changed before it is sent. */
  | { readonly type: "reopened"; readonly at: string; readonly id: string }
  /** Kept before the first byte goes out, so that what breaks afterwards can't make it go out twice. */
  | {
      readonly type: "attempted";
      readonly at: string;
      readonly id: string;
      readonly by: NonNullable<CaseNotice["sentBy"]>;
      readonly letter: NonNullable<CaseNotice["letter"]>;
    }
  /** It is known that it did not go out. */
  | { readonly type: "not_sent"; readonly at: string; readonly id: string }
  | {
      readonly type: "sent";
      readonly at: string;
      readonly id: string;
      readonly by: NonNullable<CaseNotice["sentBy"]>;
      /** Left out: what was kept when it was attempted, or is kept elsewhere. */
      readonly letter?: NonNullable<CaseNotice["letter"]>;
    }
  /** The recipient confirmed it. */
  | { readonly type: "received"; readonly at: string; readonly id: string }
  /** An authority ordered the removal. */
  | { readonly type: "ordered"; readonly at: string; readonly id: string }
  | {
      readonly type: "answered";
      readonly at: string;
      readonly id: string;
      readonly answer: Answer;
      readonly reply?: Pick<CaseReply, "id" | "text"> & Partial<Pick<CaseReply, "from" | "subject">>;
    }
  | { readonly type: "closed"; readonly at: string; readonly id: string }
  /** Time went by: what is over becomes overdue. */
  | { readonly type: "time"; readonly at: string };

export type Applied =
  | { readonly ok: true; readonly case: CaseFile }
  /** `event_impossible`: not from the state the letter is in, or about a letter that is not there. */
  | { readonly ok: false; readonly code: "event_impossible" | "case_letters_full" };

/** From which states an event may come. What was closed can be answered still: late answers are answers. */
const FROM: Readonly<Record<Exclude<CaseEvent["type"], "drafted" | "time">, readonly NoticeState[]>> = {
  completed: ["draft"],
  reopened: ["ready"],
  attempted: ["ready"],
  not_sent: ["unsure"],
  sent: ["ready", "unsure"],
  received: ["sent", "overdue"],
  ordered: ["sent", "overdue", "answered"],
  answered: ["sent", "overdue", "answered", "closed"],
  closed: ["draft", "ready", "unsure", "sent", "overdue", "answered"],
};

const impossible: Applied = { ok: false, code: "event_impossible" };

const changed = (given: CaseFile, id: string, change: Partial<CaseNotice>): CaseFile => ({
  ...given,
  notices: given.notices.map((notice) => (notice.id === id ? { ...notice, ...change } : notice)),
});

/** The clock of a letter, by its regime. A follow-up has the same time again; a complaint has none of its own. */
export const clockOfLetter = (notice: CaseNotice, nowMs: number) => {
  const regime = findRegime(notice.regime);
  return regime === undefined || notice.sentAt === undefined || notice.kind === "complaint"
    ? ({ state: "none" } as const)
    : clockOf(regime, { sentAt: notice.sentAt, receivedAt: notice.receivedAt, orderedAt: notice.orderedAt }, nowMs);
};

const tick = (given: CaseFile, at: string): CaseFile => {
  const nowMs = Date.parse(at);
  return {
    ...given,
    notices: given.notices.map((notice) => {
      if (notice.state !== "sent") return notice;
      const clock = clockOfLetter(notice, nowMs);
      return clock.state === "over" ? { ...notice, state: "overdue", overdueAt: clock.endsAt ?? at } : notice;
    }),
  };
};

/** The case that was given stays as it was. */
export const applyToCase = (given: CaseFile, event: CaseEvent): Applied => {
  if (Number.isNaN(Date.parse(event.at))) return impossible;
  if (event.type === "time") return { ok: true, case: tick(given, event.at) };
  if (event.type === "drafted") {
    const { notice } = event;
    if (given.notices.length >= MAX_NOTICES) return { ok: false, code: "case_letters_full" };
    if (
      given.notices.some(({ id }) => id === notice.id) ||
      (notice.follows !== undefined && !given.notices.some(({ id }) => id === notice.follows))
    )
      return impossible;
    return {
      ok: true,
      case: { ...given, notices: [...given.notices, { ...notice, state: "draft", draftedAt: event.at }] },
    };
  }
  const notice = given.notices.find(({ id }) => id === event.id);
  if (notice === undefined || !FROM[event.type].includes(notice.state)) return impossible;
  switch (event.type) {
    case "completed":
      return { ok: true, case: changed(given, event.id, { state: "ready" }) };
    case "reopened":
      return { ok: true, case: changed(given, event.id, { state: "draft" }) };
    case "attempted":
      return {
        ok: true,
        case: changed(given, event.id, {
          state: "unsure",
          attemptedAt: event.at,
          sentBy: event.by,
          letter: event.letter,
        }),
      };
    case "not_sent":
      return { ok: true, case: changed(given, event.id, { state: "ready" }) };
    case "sent":
      return {
        ok: true,
        case: changed(given, event.id, {
          state: "sent",
          sentAt: event.at,
          sentBy: event.by,
          ...(event.letter === undefined ? {} : { letter: event.letter }),
        }),
      };
    case "received":
      // The clock starts anew from here, so what was overdue by the day of sending may be in time again.
      return { ok: true, case: tick(changed(given, event.id, { state: "sent", receivedAt: event.at }), event.at) };
    case "ordered":
      return { ok: true, case: changed(given, event.id, { state: "sent", orderedAt: event.at }) };
    case "answered": {
      if (event.reply !== undefined && given.replies.length >= MAX_REPLIES)
        return { ok: false, code: "case_letters_full" };
      if (event.reply !== undefined && given.replies.some(({ id }) => id === event.reply?.id)) return impossible;
      const replies =
        event.reply === undefined
          ? given.replies
          : [
              ...given.replies,
              {
                ...event.reply,
                text: event.reply.text.slice(0, MAX_REPLY_LENGTH),
                notice: event.id,
                at: event.at,
              },
            ];
      return {
        ok: true,
        case: {
          ...changed(given, event.id, { state: "answered", answeredAt: event.at, answer: event.answer }),
          replies,
        },
      };
    }
    case "closed":
      return { ok: true, case: changed(given, event.id, { state: "closed", closedAt: event.at }) };
  }
};
