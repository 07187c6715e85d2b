import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Progress } from "../design/progress.tsx";
import { useText } from "../messages/translate.tsx";
import { type CleanFile, isBusy } from "./clean-file.ts";
import { describeFindings } from "./describe-findings.ts";
import { FindingsView } from "./findings-view.tsx";
import { isVideo } from "./formats.ts";

interface FileCardProps {
  readonly file: CleanFile;
  /** What it gives away is seen without asking. */
  readonly isOpen: boolean;
  readonly onRemove: () => void;
  readonly onCover: (() => void) | undefined;
  readonly onUncover: () => void;
}

/** What to call a file that says nothing of it: its kind and a number. */
export const useFileName = (): ((file: CleanFile) => string) => {
  const t = useText();
  return ({ number, file, state }) => {
    const format = "seen" in state ? state.seen.report.format : undefined;
    if (format === "pdf" || (format === undefined && file.type === "application/pdf"))
      return t("clean.name.document", { number });
    const video = format === undefined ? file.type.startsWith("video/") : isVideo(format);
    return t(video ? "clean.name.video" : "clean.name.picture", { number });
  };
};

/** A chosen file: where it stands, and what it gives away. */
export const FileCard = ({ file, isOpen, onRemove, onCover, onUncover }: FileCardProps) => {
  const t = useText();
  const name = useFileName()(file);
  const { state } = file;
  const seen = "seen" in state ? state.seen : undefined;
  const revealed = seen === undefined ? [] : describeFindings(seen.report.findings);
  const stop = isBusy(file);
  return (
    <li>
      <div className="list-head">
        <h3>
          {name} <bdi className="soft small">{file.file.name}</bdi>
        </h3>
        <Button kind="quiet" onPress={onRemove} label={`${t(stop ? "clean.stop" : "clean.remove")}: ${name}`}>
          {t(stop ? "clean.stop" : "clean.remove")}
        </Button>
      </div>
      {state.kind === "waiting" && <span className="soft">{t("choose.waiting")}</span>}
      {state.kind === "looking" && (
        <Progress label={t("clean.looking", { percent: state.fraction })} fraction={state.fraction} />
      )}
      {state.kind === "problem" && <p className="field-error">{t(`clean.problem.${state.code}`)}</p>}
      {seen !== undefined && revealed.length === 0 && (
        <p>
          <span className="tag tag-good">{t("clean.nothing")}</span>{" "}
          <span className="soft small">{t("clean.nothing.text")}</span>
        </p>
      )}
      {seen !== undefined && revealed.length > 0 && (
        <>
          <ul className="kinds">
            {revealed.map(({ kind, severity }) => (
              <li key={kind} className={`tag clue-${severity}`}>
                {t(`clean.kind.${kind}`)}
              </li>
            ))}
          </ul>
          <Fold title={t("clean.what")} level={4} startsOpen={isOpen}>
            <FindingsView file={file} seen={seen} revealed={revealed} />
          </Fold>
        </>
      )}
      {seen?.report.format === "pdf" && revealed.length > 0 && <p className="soft small">{t("clean.pdf")}</p>}
      {file.covered !== undefined && (
        <p className="soft small">
          {t("clean.covered")}
          {file.covered.sound !== undefined && <> {t(`clean.sound.${file.covered.sound}`)}</>}
        </p>
      )}
      {onCover !== undefined && (
        <div className="row">
          <Button kind="secondary" onPress={onCover} label={`${t("clean.cover")}: ${name}`}>
            {t("clean.cover")}
          </Button>
          {file.covered !== undefined && (
            <Button kind="quiet" onPress={onUncover} label={`${t("clean.uncover")}: ${name}`}>
              {t("clean.uncover")}
            </Button>
          )}
        </div>
      )}
    </li>
  );
};
