/** What a plan is made of, and what the rules that make it are given. */
import type { Facts } from "../facts.ts";
import type { LinkGroup, LinksFound } from "../links/find-links.ts";
import type { RecipientKind, Regime, Verification } from "../law/schema.ts";

/** Where in the plan a step stands; steps of one stage keep the order of the rules. */
export const STAGES = [
  "first",
  "save",
  "protect",
  "remove",
  "search",
  "authority",
  "police",
  "later",
  "support",
] as const;
export type Stage = (typeof STAGES)[number];

export interface Step {
  /** The rule that produced it: its reason to be here, and a key for translations. */
  readonly rule: string;
  readonly stage: Stage;
  readonly what: string;
  readonly why: string;
  /** Left out for what the person does alone. */
  readonly recipient?: { readonly kind: RecipientKind; readonly name: string; readonly to?: string };
  readonly regime?: string;
  /** Which links it is about, at most 500; `linkCount` says how many there are. */
  readonly links?: readonly string[];
  readonly linkCount?: number;
  /** Who learns the person's name and address by it. */
  readonly identity?: { readonly seenBy: readonly string[]; readonly says: string };
  readonly time?: {
    readonly hours: number | null;
    readonly months?: number;
    readonly trigger: string;
    readonly says: string;
  };
  readonly ifRefused: readonly string[];
  /** How far what it rests on was checked; left out where it rests on no law. */
  readonly verified?: Verification;
  /** The person must be told and agree before it is sent: unchecked, out of date, or not known to be in force. */
  readonly confirm?: string;
  /** May be left out without harm to the rest. */
  readonly isChoice: boolean;
}

export interface PlanContext {
  readonly facts: Facts;
  readonly found: LinksFound;
  readonly groups: readonly LinkGroup[];
  readonly regimes: readonly Regime[];
  readonly nowMs: number;
}

export interface Rule {
  readonly id: string;
  readonly stage: Stage;
  /** No step: it does not apply. Never looks at a clock or anything outside of its context. */
  readonly steps: (context: PlanContext) => readonly Omit<Step, "rule" | "stage">[];
}

export const act = (
  what: string,
  why: string,
  more: Partial<Omit<Step, "rule" | "stage">> = {},
): Omit<Step, "rule" | "stage"> => ({
  what,
  why,
  ifRefused: [],
  isChoice: false,
  ...more,
});
