import { useRef } from "react";
import { Button } from "../design/button.tsx";
import { FileDrop } from "../design/file-drop.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { CantHide } from "./cant-hide.tsx";
import { type CleanFile, isBusy } from "./clean-file.ts";
import { FileCard } from "./file-card.tsx";
import { ArrivalView } from "./shared/arrival-view.tsx";
import { ShareTarget } from "./shared/share-target.tsx";
import type { Arrival } from "./shared/use-arrival.ts";
import { type CleanFiles, FILES_LIMIT } from "./use-clean-files.ts";

/** What may be chosen; some systems know no type for the endings. What can't be cleaned is refused by its bytes. */
const ACCEPTED = ["image/*", ".heic", ".heif", ".avif", ".jxl", "video/*", ".mp4", ".mov", ".webm", ".mkv", ".pdf"];

/** What this browser can't decode or write says so when it is opened. A drawing is cleaned, and has no pixels to cover. */
const canCover = ({ state }: CleanFile): boolean =>
  "seen" in state && state.seen.report.format !== "pdf" && state.seen.report.format !== "svg";

interface LookProps {
  readonly files: CleanFiles;
  /** More were chosen than there is room for. */
  readonly isFull: boolean;
  /** What comes from another app. */
  readonly arrival: Arrival;
  /** Must not change with every drawing. */
  readonly onFiles: (files: readonly File[]) => void;
  readonly onClean: () => void;
  readonly onCover: (file: CleanFile) => void;
  readonly onYoung: () => void;
  readonly onBack: (() => void) | undefined;
}

/** Choosing files, and seeing what each gives away. */
export const Look = ({ files, isFull, arrival, onFiles, onClean, onCover, onYoung, onBack }: LookProps) => {
  const t = useText();
  const list = useRef<HTMLHeadingElement>(null);
  const { all, remove, cover } = files;
  const busy = all.filter(isBusy).length;
  const refused = all.filter(({ state }) => state.kind === "problem").length;
  const ready = all.length - busy - refused;
  const revealing = all.filter(({ state }) => "seen" in state && state.seen.report.findings.length > 0).length;

  return (
    <Step title={t("clean.title")}>
      <p className="lead">{t("clean.lead")}</p>
      <FileDrop
        label={t("clean.drop")}
        button={t("clean.choose")}
        accept={ACCEPTED}
        isPrimary={all.length === 0}
        onFiles={onFiles}
      >
        <span className="soft small">{t("clean.local")}</span>
      </FileDrop>
      <ArrivalView arrival={arrival} />
      {isFull && (
        <Notice kind="attention" isAlert>
          <p>{t("clean.tooMany", { limit: FILES_LIMIT })}</p>
        </Notice>
      )}
      <h2 className="visually-hidden" ref={list} tabIndex={-1}>
        {t("clean.list")}
      </h2>
      {all.length === 0 ? (
        <p className="soft">{t("clean.empty")}</p>
      ) : (
        <ul className="list clean-list">
          {all.map((file) => (
            <FileCard
              key={file.id}
              file={file}
              isOpen={all.length === 1}
              onRemove={() => {
                remove(file.id);
                // The button that was pressed is gone with its row.
                list.current?.focus();
              }}
              onCover={canCover(file) ? () => onCover(file) : undefined}
              onUncover={() => cover(file.id, null)}
            />
          ))}
        </ul>
      )}
      <p role="status" className="soft">
        {all.length > 0 && t("clean.summary", { ready, revealing, busy, refused })}
      </p>
      <div className="row end">
        {onBack === undefined ? (
          <span />
        ) : (
          <Button kind="quiet" onPress={onBack}>
            {t("app.back")}
          </Button>
        )}
        <Button onPress={onClean} isDisabled={ready === 0 || busy > 0}>
          {t("clean.all", { count: Math.max(1, ready) })}
        </Button>
      </div>
      <section className="after">
        <CantHide />
        <div className="clean-young">
          <span className="soft small">{t("clean.young")}</span>
          <Button kind="quiet" onPress={onYoung}>
            {t("clean.young.button")}
          </Button>
        </div>
        <ShareTarget />
      </section>
    </Step>
  );
};
