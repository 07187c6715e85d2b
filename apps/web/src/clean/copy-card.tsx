import { Button } from "../design/button.tsx";
import { useLanguage, useText } from "../messages/translate.tsx";
import type { CleanFile } from "./clean-file.ts";
import { describeFindings } from "./describe-findings.ts";
import { useFileName } from "./file-card.tsx";
import { isVideo } from "./formats.ts";
import { saveFile } from "./save-files.ts";

/** What scrub says it kept, and our word for it. What is not here is called "needed to show it". */
const KEPT = {
  orientation: "orientation",
  "pixel density": "density",
  "colour profile": "colour",
  "colour transform": "colour",
  "colour description": "colour",
  "loop count": "animation",
  "hidden samples that decoding needs": "hiddenMoments",
  animation: "animation",
  transparency: "transparency",
  "visible text": "text",
  "language of the text": "text",
  "pictures within": "pictures",
} as const;

const keptKey = (name: string) => KEPT[name as keyof typeof KEPT] ?? "other"; // any other name has no entry

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A size as people say it, in the person's language. */
export const useSizeText = (): ((sizeBytes: number) => string) => {
  const { code } = useLanguage();
  return (sizeBytes) => {
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3));
    return new Intl.NumberFormat(`${code}-u-nu-latn`, {
      style: "unit",
      unit: UNITS[step] ?? "byte",
      unitDisplay: step === 0 ? "long" : "short",
      maximumFractionDigits: step < 2 ? 0 : 1,
    }).format(sizeBytes / 1000 ** step);
  };
};

interface CopyCardProps {
  readonly file: CleanFile;
  readonly isOnly: boolean;
  readonly onSaved: (name: string) => void;
}

/** What was done with one file: taken out, kept, size, pixels; and a way to save the copy. */
export const CopyCard = ({ file, isOnly, onSaved }: CopyCardProps) => {
  const t = useText();
  const sizeText = useSizeText();
  const name = useFileName()(file);
  const { state } = file;
  if (state.kind === "problem") {
    return (
      <li>
        <h3>
          {name} <bdi className="soft small">{file.file.name}</bdi>
        </h3>
        <p className="field-error">{t(`clean.problem.${state.code}`)}</p>
      </li>
    );
  }
  if (state.kind !== "cleaned") return null;
  const { seen, copy, copyName } = state;
  const isCovered = file.covered !== undefined;
  const removed = describeFindings(seen.report.findings).map(({ kind }) => t(`clean.kind.${kind}`));
  const kept = [...new Set(copy.report.kept.map(keptKey))].map((each) => t(`clean.kept.${each}`));
  const pixels = isCovered ? "covered" : isVideo(copy.report.format) ? "video" : copy.pixels;
  return (
    <li>
      <div className="list-head">
        <h3>
          {/* Which of fifty it is; the copy has a name of its own. */}
          {name} <bdi className="soft small">{file.file.name}</bdi>
        </h3>
        <span className="tag tag-good">{t(isCovered ? "clean.fact.covered" : "clean.fact.clean")}</span>
      </div>
      <dl className="facts">
        <dt>{t("clean.fact.removed")}</dt>
        <dd>
          {removed.length === 0
            ? t("clean.fact.removedNothing")
            : `${removed.join(" · ")} (${t("clean.fact.count", { count: seen.report.findings.length })})`}
        </dd>
        {kept.length > 0 && (
          <>
            <dt>{t("clean.fact.kept")}</dt>
            <dd>{kept.join(" · ")}</dd>
          </>
        )}
        <dt>{t("clean.fact.looks")}</dt>
        <dd>
          {copy.drawnPages === undefined
            ? t(`clean.pixels.${pixels}`)
            : t("clean.pixels.pages", { count: copy.drawnPages })}
        </dd>
        {file.covered?.sound !== undefined && (
          <>
            <dt>{t("cover.video.sound")}</dt>
            <dd>{t(`clean.sound.${file.covered.sound}`)}</dd>
          </>
        )}
        <dt>{t("clean.fact.size")}</dt>
        <dd>{t("clean.fact.sizes", { before: sizeText(file.file.size), after: sizeText(copy.file.size) })}</dd>
        <dt>{t("clean.fact.again")}</dt>
        <dd>{t("clean.fact.againNothing")}</dd>
        <dt>{t("clean.fact.name")}</dt>
        <dd>
          <bdi className="code">{copyName}</bdi>
        </dd>
      </dl>
      <Button
        kind={isOnly ? "primary" : "secondary"}
        label={`${t("clean.save")}: ${name}`}
        onPress={() => {
          saveFile(copy.file, copyName);
          onSaved(copyName);
        }}
      >
        {t("clean.save")}
      </Button>
    </li>
  );
};
