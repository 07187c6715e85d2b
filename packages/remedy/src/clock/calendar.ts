/**
 * The end of a clock as an entry for a calendar (iCalendar, RFC 5545). Its title is neutral: calendars show on locked
 * screens and are shared in families. What it is about stands nowhere in it.
 */
import type { Clock } from "./clock.ts";

export interface CalendarEntry {
  /** Unique; says nothing. */
  readonly uid: string;
  readonly clock: Clock;
  /** The person's own word, if they want one. */
  readonly title?: string;
}

const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/gu, "");
const escape = (text: string): string =>
  text.replaceAll(/[\\;,]/gu, (mark) => `\\${mark}`).replaceAll(/\r?\n/gu, "\\n");

/** Lines of at most 75 octets, folded between code points. */
const fold = (line: string): string => {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (octets + size > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = "";
      octets = 0;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join("\r\n ");
};

/** Clocks that do not run give no entry. Each has an alarm an hour before its end. */
export const toCalendar = (entries: readonly CalendarEntry[], nowMs: number): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Recourse//Calendar//EN",
    ...entries.flatMap(({ uid, clock, title = "Reminder" }) =>
      clock.endsAt === undefined
        ? []
        : [
            "BEGIN:VEVENT",
            `UID:${escape(uid)}`,
            `DTSTAMP:${stamp(nowMs)}`,
            `DTSTART:${stamp(Date.parse(clock.endsAt))}`,
            "DURATION:PT15M",
            `SUMMARY:${escape(title)}`,
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            `DESCRIPTION:${escape(title)}`,
            "TRIGGER:-PT1H",
            "END:VALARM",
            "END:VEVENT",
          ],
    ),
    "END:VCALENDAR",
    "",
  ]
    .map(fold)
    .join("\r\n");
