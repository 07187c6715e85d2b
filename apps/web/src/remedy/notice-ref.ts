/** Which notice is meant, and which of a plan's steps can become one. */
import { findRegime, groupLinks, type Plan, type Step } from "@recourse/remedy";
import { placeOf } from "./questions/paste-links.tsx";

export interface NoticeRef {
  readonly regime: string;
  readonly recipient: string;
  /** What it is about, all of them. */
  readonly urls: readonly string[];
}

/** One notice of one law to one recipient. */
export const keyOfNotice = ({ regime, recipient }: Pick<NoticeRef, "regime" | "recipient">): string =>
  `${regime}\n${recipient}`;

/** undefined: it is for the person alone, or for the police or a court, or comes after a notice that was sent. */
export const noticeOfStep = (step: Step, plan: Plan): NoticeRef | undefined => {
  const { regime: id, recipient, links, linkCount, rule } = step;
  // What comes next is another letter, and to do even though the first was sent.
  if (rule === "clock_ran_out") return undefined;
  const regime = id === undefined ? undefined : findRegime(id);
  if (regime === undefined || recipient === undefined || regime.elements.length === 0) return undefined;
  // A step names the first of many links only; the notice is about all of them.
  const isCut = links !== undefined && linkCount !== undefined && linkCount > links.length;
  const whole = isCut ? groupLinks(plan.links.links).find((group) => placeOf(group) === recipient.name) : undefined;
  return { regime: regime.id, recipient: recipient.name, urls: whole?.links.map(({ url }) => url) ?? links ?? [] };
};
