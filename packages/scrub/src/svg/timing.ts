/** Times of SMIL (SMIL Animation, 3.6.7), as far as a picture that nobody touches can come to them. */
import { keyword } from "./words.ts";
import type { Reference, Told, Value } from "./values.ts";

const CLOCK = String.raw`(?:\d{1,9}(?::\d{1,2}){1,2}(?:\.\d{1,9})?|(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:h|min|s|ms)?)`;
const DURATION = new RegExp(`^(?:${CLOCK}|indefinite|media)$`, "u");
const OFFSET = new RegExp(String.raw`^[+-]?\s*${CLOCK}$`, "u");
const SYNCBASE = new RegExp(String.raw`^((?:[^\s.;\\]|\\.)+)\.(begin|end)\s*([+-]\s*${CLOCK})?$`, "u");

export const cleanDuration = (text: string): Value | null => (DURATION.test(text.trim()) ? [text.trim()] : null);

/** When an animation begins or ends; what waits for somebody's doing never comes, and is told and left out. */
export const cleanTimes = (text: string, told: Told): Value | null => {
  const all: (string | Reference)[] = [];
  for (const part of text.split(";").map((each) => each.trim())) {
    const sync = SYNCBASE.exec(part);
    const before = all.length === 0 ? "" : ";";
    if (part === "indefinite" || OFFSET.test(part)) all.push(before + part.replaceAll(/\s+/gu, ""));
    else if (sync !== null) {
      const id = (sync[1] ?? "").replaceAll(/\\(.)/gu, "$1");
      all.push(before, { id }, `.${sync[2] ?? ""}${(sync[3] ?? "").replaceAll(/\s+/gu, "")}`);
    } else if (part !== "") told("event", part);
  }
  if (all.length === 0) return text.trim() === "" ? null : ["indefinite"];
  return all;
};

/** Words that are told apart by case. */
export const cleanWord = (text: string): Value | null => {
  const word = text.trim();
  return keyword(word) === word ? [word] : null;
};
