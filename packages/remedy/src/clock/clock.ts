/** When the time a regime gives is over, and what triggers it. */
import type { Regime } from "../law/schema.ts";

export type ClockState =
  /** The regime sets no time. */
  | "none"
  /** What starts it has not happened, or nobody knows. */
  | "waiting"
  | "running"
  | "over";

export interface Clock {
  readonly state: ClockState;
  /** ISO 8601 in UTC; left out where nothing runs. */
  readonly startsAt?: string;
  readonly endsAt?: string;
}

export interface SentNotice {
  /** With its zone. */
  readonly sentAt: string;
  /** When the recipient confirmed it. Without it a notice through the recipient's own form counts as received when sent. */
  readonly receivedAt?: string | undefined;
  /** When an authority ordered it, where its order is what starts the clock. */
  readonly orderedAt?: string | undefined;
}

/** A month later by the calendar: 31 January becomes the last day of February (Regulation 1182/71, Art. 3). */
const addMonths = (ms: number, months: number): number => {
  const from = new Date(ms);
  const to = new Date(ms);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), last));
  return to.getTime();
};

export const clockOf = ({ deadline }: Regime, sent: SentNotice, nowMs: number): Clock => {
  const { hours, months, trigger } = deadline;
  if (trigger === "none" || (hours === null && months === undefined)) return { state: "none" };
  const start = trigger === "authority_order" ? sent.orderedAt : (sent.receivedAt ?? sent.sentAt);
  if (start === undefined) return { state: "waiting" };
  const startMs = Date.parse(start);
  if (Number.isNaN(startMs)) return { state: "waiting" };
  const endMs = (months === undefined ? startMs : addMonths(startMs, months)) + (hours ?? 0) * 3_600_000;
  return {
    state: nowMs >= endMs ? "over" : "running",
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(endMs).toISOString(),
  };
};
