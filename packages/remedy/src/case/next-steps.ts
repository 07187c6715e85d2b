/**
 * What comes next for each letter: nothing while its time runs; then a second letter; then whoever the law names, and
 * the authority of the person's country. By data: the regimes' own `escalation`, and the regimes of authorities.
 */
import { isFor } from "../law/places.ts";
import { allRegimes, findRegime } from "../law/regimes.ts";
import type { Regime, Verification } from "../law/schema.ts";
import { clockOfLetter } from "./apply.ts";
import type { CaseFile, CaseNotice } from "./case.ts";

export type NextStep =
  /** Something is missing still, or it waits to be sent. */
  | { readonly id: string; readonly kind: "complete" | "send" }
  /** It may have gone out: to be looked up among what was sent, never sent again unseen. */
  | { readonly id: string; readonly kind: "find_out" }
  /** `until`: the end of its time; left out where the law sets none or it has not begun. */
  | { readonly id: string; readonly kind: "wait"; readonly until?: string }
  /** Looked at whether it is gone, and whether search engines know. */
  | { readonly id: string; readonly kind: "check_removed" }
  /** The recipient asked for something. */
  | { readonly id: string; readonly kind: "answer_them" }
  | { readonly id: string; readonly kind: "follow_up"; readonly because: "overdue" | "silent" | "refused" | "partly" }
  | {
      readonly id: string;
      readonly kind: "complaint";
      readonly because: "overdue" | "silent" | "refused" | "partly";
      /** As in the regime's escalation ("ftc", "ofcom", "dsc", "gac", "dpa"), or the id of an authority's regime. */
      readonly to: string;
      readonly says: string;
      readonly url?: string;
      /** Present where it is a regime of its own, whose notice is composed like others. */
      readonly regime?: string;
      readonly verified: Verification;
    };

/** Where the law sets no time, a second letter is proposed after this. */
export const SILENCE_DAYS = 7;

const isAbout = (notice: CaseNotice, root: CaseNotice): boolean => notice.follows === root.id;

const becauseOf = (notice: CaseNotice, nowMs: number): "overdue" | "silent" | "refused" | "partly" | undefined => {
  if (notice.state === "answered")
    return notice.answer === "refused" || notice.answer === "partly" ? notice.answer : undefined;
  if (notice.state === "overdue") return "overdue";
  if (notice.state !== "sent" || notice.sentAt === undefined) return undefined;
  const clock = clockOfLetter(notice, nowMs);
  if (clock.state === "over") return "overdue";
  return clock.state === "none" && nowMs - Date.parse(notice.sentAt) >= SILENCE_DAYS * 86_400_000
    ? "silent"
    : undefined;
};

const complaints = (
  notice: CaseNotice,
  because: "overdue" | "silent" | "refused" | "partly",
  country: string | undefined,
  done: ReadonlySet<string>,
): readonly NextStep[] => {
  const regime = findRegime(notice.regime);
  const own = (regime?.escalation ?? []).map(({ to, says, url, verified }): NextStep => ({
    id: notice.id,
    kind: "complaint",
    because,
    to,
    says,
    ...(url === null ? {} : { url }),
    verified,
  }));
  const authorities = allRegimes()
    .filter((each) => each.kind === "authority" && isFor(each.jurisdiction, country) && each.id !== notice.regime)
    .map((each: Regime): NextStep => ({
      id: notice.id,
      kind: "complaint",
      because,
      to: each.id,
      says: each.name,
      ...(each.url === null ? {} : { url: each.url }),
      regime: each.id,
      verified: each.whoMaySend.verified,
    }));
  return [...own, ...authorities].filter((step) => step.kind === "complaint" && !done.has(step.to));
};

/** For every letter that is not closed, in their order. `nowMs` decides what is over. */
export const nextSteps = ({ facts, notices }: CaseFile, nowMs: number): readonly NextStep[] =>
  notices.flatMap((notice): readonly NextStep[] => {
    const { id, state } = notice;
    if (state === "closed") return [];
    if (state === "draft") return [{ id, kind: "complete" }];
    if (state === "ready") return [{ id, kind: "send" }];
    if (state === "unsure") return [{ id, kind: "find_out" }];
    if (state === "answered" && notice.answer === "removed") return [{ id, kind: "check_removed" }];
    if (state === "answered" && (notice.answer === "asks_more" || notice.answer === "other"))
      return [{ id, kind: "answer_them" }];
    const because = becauseOf(notice, nowMs);
    if (because === undefined) {
      const { endsAt } = { endsAt: undefined, ...clockOfLetter(notice, nowMs) };
      return [{ id, kind: "wait", ...(endsAt === undefined ? {} : { until: endsAt }) }];
    }
    const following = notices.filter((other) => isAbout(other, notice));
    const second = following.find(({ kind }) => kind === "follow_up");
    const done = new Set(following.flatMap(({ authority }) => (authority === undefined ? [] : [authority])));
    // A second letter first, once; where it was refused outright, or is itself the second, the next is a complaint.
    if (notice.kind === "notice" && second === undefined && because !== "refused")
      return [{ id, kind: "follow_up", because }];
    if (notice.kind === "notice" && second !== undefined && because !== "refused") return [];
    if (notice.kind === "complaint") return [{ id, kind: "wait" }];
    return complaints(notice, because, facts.person?.country, done);
  });
