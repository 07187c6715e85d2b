/** `Info` (RFC 9559, section 5.1.2): the unit of time and how long it lasts; all else names files, programs and dates. */
import type { Findings } from "../core/findings.ts";
import { damaged } from "../core/refuse.ts";
import {
  element,
  elementsIn,
  floatElement,
  onlyElement,
  readFloat,
  readUint,
  textElement,
  uintElement,
} from "./ebml.ts";
import { DURATION, INFO, MUXING_APP, TIMESTAMP_SCALE, WRITING_APP } from "./ids.ts";
import { reportOther } from "./others.ts";

export interface Info {
  /** Nanoseconds of one tick. */
  readonly tickNs: number;
  /** In ticks; null if it is not told. */
  readonly duration: number | null;
}

const MILLISECOND_NS = 1_000_000;
const MAX_TICK_NS = 1_000_000_000;
/** How much longer than its last frame a file may last: of some, frames do not say how long they are. */
const SLACK_NS = 60e9;

/** `bytes` is the element's content. */
export const readInfo = (bytes: Uint8Array, findings: Findings): Info => {
  const elements = elementsIn(bytes, 0, bytes.length);
  const scale = onlyElement(elements, TIMESTAMP_SCALE);
  const tickNs = scale === undefined ? MILLISECOND_NS : readUint(bytes, scale);
  if (tickNs < 1 || tickNs > MAX_TICK_NS) throw damaged("the file has no unit of time");
  const found = onlyElement(elements, DURATION);
  const duration = found === undefined ? null : readFloat(bytes, found);
  for (const one of elements)
    if (one.id !== TIMESTAMP_SCALE && one.id !== DURATION) reportOther(bytes, one, "Info", findings);
  return { tickNs, duration };
};

/** `end` is where the last frame ends, in ticks. A duration that is far from it tells something else. */
export const makeInfo = ({ tickNs, duration }: Info, end: number, findings: Findings): Uint8Array => {
  let told = duration;
  if (told !== null && !(told > 0 && told <= end + SLACK_NS / tickNs)) {
    findings.add(
      "time",
      "Info",
      "Duration",
      Number.isFinite(told) ? `${Math.round((told * tickNs) / 1e9)} s` : "no number",
      "low",
    );
    told = end > 0 ? end : null;
  }
  return element(
    INFO,
    uintElement(TIMESTAMP_SCALE, tickNs),
    ...(told === null ? [] : [floatElement(DURATION, told)]),
    // Both have to be there; they need not say anything.
    textElement(MUXING_APP, ""),
    textElement(WRITING_APP, ""),
  );
};
