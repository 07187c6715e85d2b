/** A step that rests on a regime says what the regime says: who learns the name, how long, what comes next. */
import { freshness, leastVerified } from "../law/regimes.ts";
import type { Regime } from "../law/schema.ts";
import { act, type PlanContext, type Step } from "./step.ts";

const confirmReason = (regime: Regime, nowMs: number): string | undefined => {
  if (regime.inForce.date === "unknown" && regime.kind !== "policy")
    return "It is not confirmed that this is in force.";
  if (freshness(regime, nowMs).stale) return "What is known of this is out of date.";
  if (leastVerified(regime) === "M") return "Parts of what is known of this were not checked yet.";
  return undefined;
};

/** Whether the regime is for pictures of this origin in this situation. What was not answered excludes nothing. */
export const fitsFacts = ({ fits }: Regime, { origin = "unknown", situation }: PlanContext["facts"]): boolean =>
  (origin === "unknown"
    ? fits.origins.length > 1 || fits.origins.includes("unknown")
    : fits.origins.includes(origin)) &&
  (situation === undefined || fits.situations.includes(situation));

const MAX_LINKS_A_STEP = 500;

export const regimeStep = (
  regime: Regime,
  { nowMs }: PlanContext,
  what: string,
  why: string,
  { links, ...more }: Partial<Omit<Step, "rule" | "stage">> = {},
): Omit<Step, "rule" | "stage"> => {
  const { deadline, identity } = regime;
  const confirm = confirmReason(regime, nowMs);
  return act(what, why, {
    regime: regime.id,
    identity: { seenBy: identity.seenBy, says: identity.says },
    time: {
      hours: deadline.hours,
      ...(deadline.months === undefined ? {} : { months: deadline.months }),
      trigger: deadline.trigger,
      says: deadline.says,
    },
    ifRefused: regime.escalation.map(({ says }) => says),
    verified: leastVerified(regime),
    ...(confirm === undefined ? {} : { confirm }),
    ...(links === undefined ? {} : { links: links.slice(0, MAX_LINKS_A_STEP), linkCount: links.length }),
    ...more,
  });
};
