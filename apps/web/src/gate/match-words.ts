/** By which way a match was found and how strong it is, in words. */
import type { Match } from "@recourse/protocol";
import type { MessageKey, Translate } from "../messages/translate.tsx";

/** Which part of the known picture was found. */
const partKey = (kind: NonNullable<Match["kind"]>): MessageKey => {
  if (kind.startsWith("trimmed")) return "try.part.trimmed";
  if (kind.startsWith("barsCut")) return "try.part.barsCut";
  if (kind.startsWith("centre")) return "try.part.centre";
  return kind === "frame" ? "try.part.frame" : "try.part.whole";
};

const isTurned = (kind: NonNullable<Match["kind"]>): boolean => /(?:^|-)(?:rot|flip)/.test(kind);

const tenths = (seconds: number): number => Math.round(10 * seconds) / 10;

const spansText = (t: Translate, spans: readonly (readonly number[])[]): string =>
  spans.map(([from = 0, to = 0]) => t("try.span", { from: tenths(from), to: tenths(to) })).join(", ");

const secondsSentences = (t: Translate, { seconds }: Match): readonly string[] =>
  seconds === undefined
    ? []
    : [
        ...(seconds.upload.length === 0 ? [] : [t("try.seconds.upload", { spans: spansText(t, seconds.upload) })]),
        ...(seconds.item.length === 0 ? [] : [t("try.seconds.item", { spans: spansText(t, seconds.item) })]),
      ];

/** One sentence each; the first says the way. */
export const matchSentences = (t: Translate, match: Match): readonly string[] => [
  ...waySentences(t, match),
  ...secondsSentences(t, match),
];

const waySentences = (t: Translate, { signalType, kind, votes, frames, distance }: Match): readonly string[] => {
  const turned = kind !== undefined && isTurned(kind) ? [t("try.turned")] : [];
  switch (signalType) {
    case "md5":
    case "sha256":
      return [t("try.way.exact", { signal: signalType.toUpperCase() })];
    case "pdq":
      return [t("try.way.pdq", { bits: distance }), ...(kind === undefined ? [] : [t(partKey(kind))]), ...turned];
    case "pdq-local":
      return [t("try.way.patches", { votes: votes ?? 0 })];
    case "vpdq":
      return [t("try.way.video", { frames: frames ?? 0, bits: distance }), ...turned];
  }
};
