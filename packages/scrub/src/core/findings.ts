/** Collects findings, bounded: a file may hold a hundred thousand comments, a report may not. */
import type { Finding, FindingKind, Severity } from "../types.ts";

const MAX_FINDINGS = 2000;
const MAX_VALUE_CHARACTERS = 200;

/** What a terminal or page could take for a command, and line ends, become spaces. */
const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu, " ").trim();

export class Findings {
  readonly list: Finding[] = [];
  #more = 0;

  /** `value` may be a function, which is not called when there is no room left. */
  add(kind: FindingKind, where: string, name: string, value: string | (() => string), severity: Severity): void {
    if (this.list.length >= MAX_FINDINGS) {
      this.#more += 1;
      return;
    }
    const text = printable((typeof value === "string" ? value : value()).slice(0, 4 * MAX_VALUE_CHARACTERS));
    const short = text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : text;
    this.list.push({
      kind,
      where: printable(where).slice(0, 100),
      name: printable(name).slice(0, 60),
      value: short,
      // A field that is there and empty leads to nobody.
      severity: short === "" ? "low" : severity,
    });
  }

  /** All, and one more that says how many did not fit. */
  all(): readonly Finding[] {
    if (this.#more === 0) return this.list;
    const rest: Finding = {
      kind: "other",
      where: "throughout",
      name: "more findings",
      value: String(this.#more),
      severity: "medium",
    };
    return [...this.list, rest];
  }
}

/** "1 byte", "12 bytes": what is said of something binary. */
export const sizeText = (bytes: number): string => (bytes === 1 ? "1 byte" : `${bytes} bytes`);
