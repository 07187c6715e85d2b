/** Which notice is meant, and which of a plan's steps can become one. */
import { findRegime, groupLinks, type Plan, type Step } from "@recourse/remedy";
import { placeOf } from "./paste-links.tsx";

export interface NoticeRef {
  readonly regime: string;
  readonly recipient: string;
  /** What it is about, all of them. */
  readonly urls: readonly string[];
}

/** One notice of one law to one recipient. */
export const keyOfNotice = ({ regime, recipient }: Pick<NoticeRef, "regime" | "recipient">): string =>
  `${regime}\n${recipient}`;

/** undefined: it is for the person alone, or for the police or a court. */
export const noticeOfStep = ({ regime: id, recipient, links, linkCount }: Step, plan: Plan): NoticeRef | undefined => {
  const regime = id === undefined ? undefined : findRegime(id);
  if (regime === undefined || recipient === undefined || regime.elements.length === 0) return undefined;
  // A step names the first of many links only; the notice is about all of them.
  const isCut = links !== undefined && linkCount !== undefined && linkCount > links.length;
  const whole = isCut ? groupLinks(plan.links.links).find((group) => placeOf(group) === recipient.name) : undefined;
  return { regime: regime.id, recipient: recipient.name, urls: whole?.links.map(({ url }) => url) ?? links ?? [] };
};
