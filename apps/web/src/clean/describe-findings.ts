/** From findings as formats name them to what they reveal about a person, in plain sentences. */
import type { Finding, FindingKind, Severity } from "@recourse/scrub";
import type english from "../messages/en.json";
import { placesOf, placeText } from "./coordinates.ts";

type MessageKey = keyof typeof english;

export interface Statement {
  readonly key: MessageKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface Revealed {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly statements: readonly Statement[];
  readonly findings: readonly Finding[];
}

/** In this order they are shown: what leads to a person first. */
const KINDS: readonly FindingKind[] = ["location", "time", "device", "author", "hidden_media", "editing", "other"];
const RANK: Readonly<Record<Severity, number>> = { high: 2, medium: 1, low: 0 };
const SHOWN_VALUES = 3;

/** A size of something binary, as scrub tells it: no words to show. */
const IS_SIZE = /^(?:a small picture of )?\d+ (?:bytes?|values?|entr(?:y|ies)|samples?)\b/u;

/** Different values, the first few. Isolated, so that each keeps its own direction. */
const wordsOf = (findings: readonly Finding[], limit = SHOWN_VALUES): string => {
  const words = [...new Set(findings.map(({ value }) => value.trim()))].filter(
    (value) => value !== "" && !IS_SIZE.test(value),
  );
  return words
    .slice(0, limit)
    .map((word) => `\u2068${word}\u2069`)
    .join(" · ");
};

/** Takes those whose name fits out of the rest. */
class Rest {
  findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    this.findings = findings;
  }
  take(name: RegExp): readonly Finding[] {
    const taken = this.findings.filter((finding) => name.test(finding.name));
    this.findings = this.findings.filter((finding) => !taken.includes(finding));
    return taken;
  }
}

const aboutLocation = (findings: readonly Finding[]): readonly Statement[] => {
  const said: Statement[] = placesOf(findings)
    .slice(0, SHOWN_VALUES)
    .map((place) => ({ key: "clean.say.position", values: { place: `\u2066${placeText(place)}\u2069` } }));
  const rest = new Rest(findings);
  const words = wordsOf(rest.take(/City|State|Country|Location|Area|place name|Region/iu));
  if (rest.take(/telemetry|camera motion|timed metadata/iu).length > 0) said.push({ key: "clean.say.telemetry" });
  if (words !== "") said.push({ key: "clean.say.placeWords", values: { words } });
  return said.length > 0 ? said : [{ key: "clean.say.placeParts" }];
};

/** When somebody made a colour profile: years before the picture, and the same in millions of them. */
const PROFILE_TIME = "ProfileDateTime";

const aboutTime = (all: readonly Finding[]): readonly Statement[] => {
  const findings = all.filter(({ name }) => name !== PROFILE_TIME);
  if (findings.length === 0) return [{ key: "clean.say.profileTime" }];
  // Times of one moment in different precision are one; a time without a date says nothing more.
  const dated = findings.filter(({ value }) => /\d{4}-\d{2}-\d{2}/u.test(value));
  const shortened = dated.map((finding) => ({ ...finding, value: finding.value.replace("T", " ").slice(0, 16) }));
  const told = shortened.filter(
    ({ value }) => !shortened.some((other) => other.value !== value && other.value.startsWith(value)),
  );
  const when = wordsOf(told.length > 0 ? told : findings);
  return [when === "" ? { key: "clean.say.timeParts" } : { key: "clean.say.time", values: { when } }];
};

/** Numbers and names that only one device has; those of four letters are GoPro's. */
const IS_ONE_DEVICE =
  /Serial|UniqueID|HostComputer|ImageNumber|DeviceID|content\.identifier|^(?:LENS|CAME|MUID|BCID|GUMI|SNum|slno)$/iu;

const aboutDevice = (findings: readonly Finding[]): readonly Statement[] => {
  const rest = new Rest(findings);
  const said: Statement[] = [];
  const unique = rest.take(IS_ONE_DEVICE);
  const models = wordsOf(rest.take(/(?:^|:|\.)(?:Make|Model|UniqueCameraModel|LensMake|LensModel|Lens)$/iu), 4);
  if (models !== "") said.push({ key: "clean.say.device", values: { device: models } });
  if (unique.length > 0) said.push({ key: "clean.say.serial" });
  if (rest.take(/MakerNote|DNGPrivateData/iu).length > 0) said.push({ key: "clean.say.makerNote" });
  if (rest.findings.length > 0) said.push({ key: "clean.say.deviceParts" });
  return said;
};

const aboutEditing = (findings: readonly Finding[]): readonly Statement[] => {
  const rest = new Rest(findings);
  const said: Statement[] = [];
  const software = wordsOf(rest.take(/Software|CreatorTool|Agent|Producer|Encod|App$|Program/iu));
  if (software !== "") said.push({ key: "clean.say.software", values: { software } });
  if (rest.take(/C2PA|JUMBF|credentials|provenance/iu).length > 0) said.push({ key: "clean.say.credentials" });
  if (rest.take(/DocumentID|InstanceID|History|UID$/iu).length > 0) said.push({ key: "clean.say.copies" });
  if (rest.findings.length > 0 && said.length === 0) said.push({ key: "clean.say.editingParts" });
  return said;
};

/** What a PDF says of an attached file that is no name of it. */
const IS_A_FILE = /^(?:a whole file|a collection of files|\w+\/[\w.+-]+|\w+, \d+ bytes?)$/u;

const aboutHiddenMedia = (findings: readonly Finding[]): readonly Statement[] => {
  const rest = new Rest(findings);
  const said: Statement[] = [];
  const has = (name: RegExp): boolean => rest.take(name).length > 0;
  const files = rest.take(/^attached file$/u);
  if (files.length > 0) {
    const words = wordsOf(files.filter(({ value }) => !IS_A_FILE.test(value)));
    said.push(words === "" ? { key: "clean.say.attached" } : { key: "clean.say.attachedWords", values: { words } });
  }
  if (has(/^earlier versions$/u)) said.push({ key: "clean.say.versions" });
  if (has(/^(?:invisible text|text that may be covered|marked to be blacked out)$/u))
    said.push({ key: "clean.say.coveredText" });
  if (has(/^(?:layer that is|comment or field that|parts that nothing)/u)) said.push({ key: "clean.say.unseenParts" });
  const isVideo = has(/video|motion/iu);
  const hiddenText = rest.take(/text that does not show| with text$/u);
  if (hiddenText.length > 0) {
    const words = wordsOf(hiddenText);
    said.push(words === "" ? { key: "clean.say.trailing" } : { key: "clean.say.hiddenText", values: { words } });
  }
  if (has(/thumb|JFXX|preview/iu)) said.push({ key: "clean.say.thumbnail" });
  if (isVideo) said.push({ key: "clean.say.hiddenVideo" });
  if (has(/^picture|GImage|xmpGImg|MPF/iu)) said.push({ key: "clean.say.hiddenPicture" });
  if (has(/depth|gain|matte|hdrgm|thermal|auxiliary/iu)) said.push({ key: "clean.say.layers" });
  if (rest.findings.length > 0 && said.length === 0) said.push({ key: "clean.say.trailing" });
  return said;
};

const aboutAuthor = (findings: readonly Finding[]): readonly Statement[] => {
  const words = wordsOf(findings, 4);
  return [words === "" ? { key: "clean.say.authorParts" } : { key: "clean.say.author", values: { words } }];
};

const aboutOther = (findings: readonly Finding[]): readonly Statement[] => {
  const rest = new Rest(findings);
  const said: Statement[] = [];
  if (rest.take(/^request to /u).length > 0) said.push({ key: "clean.say.requests" });
  if (rest.take(/^program$|^on[a-z]+$/iu).length > 0) said.push({ key: "clean.say.programs" });
  const count = rest.findings.length;
  if (count > 0) said.push({ key: "clean.say.other", values: { count } });
  return said;
};

const ABOUT: Readonly<Record<FindingKind, (findings: readonly Finding[]) => readonly Statement[]>> = {
  location: aboutLocation,
  time: aboutTime,
  device: aboutDevice,
  editing: aboutEditing,
  hidden_media: aboutHiddenMedia,
  author: aboutAuthor,
  other: aboutOther,
};

/** Grouped by what they reveal; a kind nothing was found of is not there. */
export const describeFindings = (findings: readonly Finding[]): readonly Revealed[] =>
  KINDS.flatMap((kind) => {
    const own = findings.filter((finding) => finding.kind === kind);
    const [worst] = own.map(({ severity }) => severity).toSorted((a, b) => RANK[b] - RANK[a]);
    return worst === undefined ? [] : [{ kind, severity: worst, statements: ABOUT[kind](own), findings: own }];
  });
