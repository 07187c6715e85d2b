/**
 * From the facts of a case to an ordered plan. The same facts at the same time give the same plan, and each step names
 * the rule that made it.
 */
import type { Facts } from "../facts.ts";
import { allRegimes } from "../law/regimes.ts";
import { findLinks, groupLinks, type LinksFound } from "../links/find-links.ts";
import { AUTHORITY_RULES, LATER_RULES } from "./authorities.ts";
import { FIRST_RULES, PROTECT_RULES, SAVE_RULES, THREAT_RULES, UNDER_18_RULES } from "./before-removal.ts";
import { REMOVE_RULES, SEARCH_RULES } from "./removal.ts";
import { type PlanContext, type Rule, STAGES, type Step } from "./step.ts";

/** In the order in which steps of one stage stand. */
export const RULES: readonly Rule[] = [
  ...FIRST_RULES,
  ...THREAT_RULES,
  ...SAVE_RULES,
  ...PROTECT_RULES,
  ...REMOVE_RULES,
  ...SEARCH_RULES,
  ...AUTHORITY_RULES,
  ...LATER_RULES,
];

export interface Plan {
  readonly steps: readonly Step[];
  /** What became of the pasted text. */
  readonly links: LinksFound;
  readonly disclaimer: string;
}

const DISCLAIMER =
  "This is information, not legal advice. No lawyer has reviewed it; each step says how far what it rests on was checked.";

const NO_LINKS: LinksFound = { links: [], problems: [], more: false };

/** `nowMs` decides which clocks ran out and what is stale. */
export const makePlan = (facts: Facts, nowMs: number): Plan => {
  const isAdult = facts.ageWhenTaken === "adult";
  // Of somebody under 18, not even the links are gone through.
  const found = isAdult && facts.places !== undefined ? findLinks(facts.places) : NO_LINKS;
  const context: PlanContext = { facts, found, groups: groupLinks(found.links), regimes: allRegimes(), nowMs };
  const steps = RULES.filter(({ id }) => isAdult || UNDER_18_RULES.has(id)).flatMap(({ id, stage, steps: make }) =>
    make(context).map((step): Step => ({ rule: id, stage, ...step })),
  );
  return {
    steps: STAGES.flatMap((stage) => steps.filter((step) => step.stage === stage)),
    links: found,
    disclaimer: DISCLAIMER,
  };
};
