/** What a step of the plan says, in the page's language where there is a sentence for its rule. */
import { findRegime, type Step } from "@recourse/remedy";
import type { TranslateKeys } from "../../messages/translate.tsx";

export interface StepWords {
  readonly what: string;
  readonly why: string;
  /** ISO 639. */
  readonly language: string;
}

/** The key of a step's sentences; one rule makes two kinds of steps. */
export const stepKey = ({ rule, regime }: Pick<Step, "rule" | "regime">): string =>
  rule === "site_that_charges" && regime !== undefined ? `${rule}_report` : rule;

export const stepWords = (step: Step, translate: TranslateKeys<string>, code: string): StepWords => {
  const key = stepKey(step);
  const law = step.regime === undefined ? "" : (findRegime(step.regime)?.name ?? "");
  // Names that run from left to right must not turn the sentence around them.
  const values = { place: `\u2068${step.recipient?.name ?? ""}\u2069`, law: `\u2068${law}\u2069` };
  const [what, why] = [translate(`${key}.what`, values), translate(`${key}.why`, values)];
  return what === `${key}.what` || why === `${key}.why`
    ? { what: step.what, why: step.why, language: "en" }
    : { what, why, language: code };
};
