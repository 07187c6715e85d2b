/**
 * Out of the search engines: which of their forms fit, what each demands, answers ready to be put in, addresses in lists
 * as long as a form takes, and the days to look again. What is left out of search is still where it was.
 */
import type { Facts } from "../facts.ts";
import { findRegime, freshness } from "../law/regimes.ts";
import type { Regime, Verification } from "../law/schema.ts";
import { composeNotice, type NoticeElement } from "../notice/notice.ts";

/** Where nobody has looked how many addresses a form takes. */
const CAREFUL_URLS = 100;

export interface SearchForm {
  readonly regime: string;
  readonly name: string;
  readonly url: string | null;
  /** `ready`: every demand is met. `not_for_this`: one of them is answered with no. `asks_more`: answers are missing. */
  readonly state: "ready" | "asks_more" | "not_for_this";
  /** What the form demands, with the answer to it. */
  readonly demands: readonly NoticeElement[];
  /** Addresses, a list a form. */
  readonly lists: readonly (readonly string[])[];
  /** null: not known, and the lists are cut carefully. */
  readonly maxUrls: number | null;
  readonly limitVerified: Verification;
  readonly stale: boolean;
}

export type SearchFormsOutcome =
  | { readonly ok: true; readonly forms: readonly SearchForm[] }
  | { readonly ok: false; readonly code: "notice_under_18" };

/** Which forms are looked at, the one that fits best first. */
const formsFor = ({ origin, searchTerms, asksMoneyForRemoval }: Facts): readonly string[] => [
  origin === "synthetic" ? "google-fake" : "google-intimate",
  ...(asksMoneyForRemoval === "yes" ? ["google-removal-fee"] : []),
  ...(searchTerms === undefined ? [] : ["google-name"]),
  "bing-concern",
];

/** An answer that rules a form out, as far as answers can: the others are only missing. */
const isRuledOut = ({ picture }: Facts, { elements }: Regime): boolean =>
  elements.some(({ needs }) => needs === "not_paid") && picture?.paidFor === "yes";

const listsOf = (urls: readonly string[], size: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(urls.length / size) }, (_, index) => urls.slice(index * size, (index + 1) * size));

/** `urls` are the pages, not the search results. The answers are in `language` where the form takes it. */
export const searchForms = (
  facts: Facts,
  urls: readonly string[],
  { nowMs, language }: { readonly nowMs: number; readonly language?: string },
): SearchFormsOutcome => {
  if (facts.ageWhenTaken !== "adult") return { ok: false, code: "notice_under_18" };
  const unique = [...new Set(urls)];
  return {
    ok: true,
    forms: formsFor(facts).flatMap((id): readonly SearchForm[] => {
      const regime = findRegime(id);
      if (regime === undefined) return [];
      const composed = composeNotice(facts, {
        regime,
        recipient: regime.name,
        urls: unique,
        nowMs,
        ...(language === undefined ? {} : { language }),
      });
      if (!composed.ok) return [];
      const maxUrls = regime.submission?.maxUrls ?? null;
      const { elements, complete } = composed.notice;
      return [
        {
          regime: id,
          name: regime.name,
          url: regime.url,
          state: isRuledOut(facts, regime) ? "not_for_this" : complete ? "ready" : "asks_more",
          demands: elements,
          lists: listsOf(unique, maxUrls ?? CAREFUL_URLS),
          maxUrls,
          limitVerified: regime.submission?.verified ?? "M",
          stale: freshness(regime, nowMs).stale,
        },
      ];
    }),
  };
};

/** Search engines need days, and pages come back: after these days it is looked again. */
export const LOOK_AGAIN_DAYS = [3, 7, 28, 90] as const;

export interface LookAgain {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The form the addresses were sent with. */
  readonly regime: string;
  readonly urls: readonly string[];
}

/** What to look at when, the soonest first, for addresses that were sent on these days (ISO 8601 in UTC). */
export const lookAgainList = (
  sent: readonly { readonly regime: string; readonly urls: readonly string[]; readonly sentAt: string }[],
): readonly LookAgain[] =>
  sent
    .flatMap(({ regime, urls, sentAt }) =>
      LOOK_AGAIN_DAYS.map((days): LookAgain => ({
        at: new Date(Date.parse(sentAt) + days * 86_400_000).toISOString(),
        regime,
        urls,
      })),
    )
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
