/** A notice: what a regime asks for, element by element, and the text that is sent. */
import { type Facts, senderOf } from "../facts.ts";
import { freshness } from "../law/regimes.ts";
import type { Regime, Verification } from "../law/schema.ts";
import { ELEMENTS, type Missing } from "./elements.ts";
import { plain } from "./plain.ts";
import { noticeLanguage, type NoticeLanguage, wordsIn } from "./words.ts";

export interface NoticeElement {
  readonly id: string;
  readonly says: string;
  readonly citation: string;
  readonly verified: Verification;
  /** What stands in the notice for it; left out when something is missing. */
  readonly text?: string;
  /** Paths within the facts that have to be filled in, or statements to be confirmed. */
  readonly missing: readonly Missing[];
}

export interface Notice {
  readonly regime: string;
  readonly recipient: string;
  readonly language: NoticeLanguage;
  readonly elements: readonly NoticeElement[];
  /** Every element is there. Only then may it be called a notice; before, it is a draft. */
  readonly complete: boolean;
  readonly subject: string;
  readonly body: string;
  /** To be read and agreed to before it is sent. */
  readonly warnings: readonly string[];
  readonly urls: readonly string[];
}

export interface NoticeOptions {
  readonly regime: Regime;
  readonly recipient: string;
  readonly urls: readonly string[];
  /** ISO 639; used if the regime takes it and there are words in it. */
  readonly language?: string;
  readonly nowMs: number;
}

/**
 * `no_notice_procedure`: the regime is for the police or a court. `notice_under_18`: never made here.
 * `notice_incomplete`: an element is missing, and the form that was asked for is not made of a draft.
 */
export type NoticeErrorCode = "no_notice_procedure" | "notice_under_18" | "notice_incomplete";

export type NoticeOutcome =
  | { readonly ok: true; readonly notice: Notice }
  | { readonly ok: false; readonly code: Exclude<NoticeErrorCode, "notice_incomplete"> };

const clean = (facts: Facts): Facts => {
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return plain(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
    return value;
  };
  // The shape stays as it was; only marks within texts are gone.
  return walk({ ...facts, places: undefined }) as Facts;
};

const warningsOf = (regime: Regime, nowMs: number): readonly string[] => [
  ...(regime.inForce.date === "unknown" && regime.kind !== "policy"
    ? ["It is not confirmed that this is in force."]
    : []),
  ...(freshness(regime, nowMs).stale ? ["What is known of this is out of date: check it before you send."] : []),
  ...(regime.elements.some(({ verified }) => verified === "M")
    ? ["Not every element was checked against its source."]
    : []),
  ...(regime.identity.seenBy.includes("uploader") ? [regime.identity.says] : []),
  ...(regime.perjury.required ? [regime.perjury.says] : []),
  ...(regime.recipients.some((kind) => kind === "host" || kind === "cdn")
    ? ["Hosts often pass notices on, and some operators answer with spite. The notice asks them not to."]
    : []),
];

export const composeNotice = (given: Facts, options: NoticeOptions): NoticeOutcome => {
  if (given.ageWhenTaken !== "adult") return { ok: false, code: "notice_under_18" };
  const { regime, recipient, urls, nowMs } = options;
  if (regime.elements.length === 0) return { ok: false, code: "no_notice_procedure" };
  const facts = clean(given);
  const language = noticeLanguage(options.language ?? facts.person?.language, regime.languages);
  const words = wordsIn(language);
  const elements = regime.elements.map(({ id, needs, says, citation, verified }): NoticeElement => {
    const made = ELEMENTS[needs]({ facts, urls, words });
    return made.ok
      ? { id, says, citation, verified, text: made.text, missing: [] }
      : { id, says, citation, verified, missing: made.missing };
  });
  const fill = (key: string, values: Readonly<Record<string, string>>): string =>
    (words[key] ?? key).replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? "");
  const name = senderOf(facts).name;
  // The law's own sentence is quoted in English only: a translation of it would be ours.
  const body = [
    fill("greeting", { recipient: plain(recipient) }),
    "",
    fill("intro", { regime: regime.name, citation: regime.citation }),
    "",
    ...elements.flatMap(({ text, citation }, index) => [`${index + 1}. [${citation}]`, text ?? "[ … ]", ""]),
    fill("ask", {}),
    ...(regime.deadline.hours !== null || regime.deadline.months !== undefined
      ? [fill("deadline", { says: regime.deadline.says })]
      : []),
    fill("no_forward", {}),
    fill("no_image", {}),
    ...(name !== undefined && needsName(regime) ? ["", name] : []),
  ].join("\n");
  return {
    ok: true,
    notice: {
      regime: regime.id,
      recipient,
      language,
      elements,
      complete: elements.every(({ missing }) => missing.length === 0),
      subject: fill("subject", { name: regime.name }),
      body,
      warnings: warningsOf(regime, nowMs),
      urls,
    },
  };
};

/** The name stands below only where an element asks for it: a signature carries its own. */
const needsName = ({ elements }: Regime): boolean =>
  elements.some(({ needs }) => needs === "name_email" || needs === "contact_full");
