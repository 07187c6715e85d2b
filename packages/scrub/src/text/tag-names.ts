/** What the names of tags in videos say about their values, whatever the container. */
import type { Findings } from "../core/findings.ts";
import type { FindingKind, Severity } from "../types.ts";

type Known = readonly [pattern: RegExp, kind: FindingKind, severity: Severity];

/** Names of four characters and of `mdta` keys, the first that fits. */
const KNOWN: readonly Known[] = [
  // Adobe's time code: where it begins, its scale and size.
  [/^©(?:TIM|TSC|TSZ)$/u, "other", "low"],
  [/^©xyz$|location|gps|^loci$/iu, "location", "high"],
  [/^©day$|^date$|date|time|^yrrc$/iu, "time", "high"],
  [/^(?:CAME|MUID|LENS|HMMT|BCID|GUMI|SNum|slno)$|serial|identifier|uuid|^hash/u, "device", "high"],
  [
    /^(?:©mak|©mod|©fmt|FIRM|SETT|GPMF|INFO|manu|modl|MAKE|MODL|CNTH|CNMN|CNFV|pmcc)$|make|model|manufacturer|android|camera/iu,
    "device",
    "medium",
  ],
  [/^(?:©too|©swr|©enc|©req|swr|TAGS)$|software|encod|tool|version/iu, "editing", "medium"],
  [/^(?:thmb|covr|PXTH|NCTG|NCVW)$|artwork|thumbnail|preview/u, "hidden_media", "high"],
  [
    /^(?:©|cprt|auth|perf|titl|dscp|albm|gnre|desc|ldes|keyw|coll|kywd|name$|aART)|author|title|comment|description|copyright|artist|director|keyword/iu,
    "author",
    "high",
  ],
];

const knownOf = (name: string): readonly [FindingKind, Severity] => {
  const known = KNOWN.find(([pattern]) => pattern.test(name));
  return known === undefined ? ["other", "medium"] : [known[1], known[2]];
};

/** ISO 6709 as decimal degrees: "+47.3769+008.5417+408.000/" is "47.3769, 8.5417, 408 m". */
const placeText = (text: string): string => {
  const match = /^\s*([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?/u.exec(text);
  if (match === null) return text;
  const degrees = (part: string, digits: number): number => {
    const sign = part.startsWith("-") ? -1 : 1;
    const [whole = "", fraction = "0"] = part.slice(1).split(".");
    if (whole.length <= digits) return sign * Number(`${whole}.${fraction}`);
    // Degrees and minutes, and perhaps seconds, without anything between (6709, annex H).
    const rest = Number(`${whole.slice(digits)}.${fraction}`);
    const minutes = whole.length <= digits + 2 ? rest : Math.floor(rest / 100) + (rest % 100) / 60;
    return sign * (Number(whole.slice(0, digits)) + minutes / 60);
  };
  const round = (value: number): string => String(Number(value.toFixed(6)));
  const place = `${round(degrees(match[1] ?? "", 2))}, ${round(degrees(match[2] ?? "", 3))}`;
  return match[3] === undefined ? place : `${place}, ${round(Number(match[3]))} m`;
};

/** Adds a value under the name that the file gives it; a place in ISO 6709 as degrees. */
export const addValue = (name: string, value: string, where: string, findings: Findings): void => {
  const [kind, severity] = knownOf(name);
  const isPlace = kind === "location" && /^\s*[+-]\d/u.test(value);
  findings.add(kind, where, isPlace ? "GPSPosition" : name, isPlace ? placeText(value) : value, severity);
};
