import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Progress } from "../design/progress.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { CantHide } from "./cant-hide.tsx";
import { isBusy } from "./clean-file.ts";
import { CopyCard } from "./copy-card.tsx";
import { canShare, copiesOf, saveFile, saveTogether, share } from "./save-files.ts";
import type { CleanFiles } from "./use-clean-files.ts";

interface CleanedProps {
  readonly files: CleanFiles;
  readonly onBack: () => void;
  readonly onMore: () => void;
}

/** Cleaning, then what was done with each file, and ways to save them. */
export const Cleaned = ({ files, onBack, onMore }: CleanedProps) => {
  const t = useText();
  const [said, setSaid] = useState("");
  const { all } = files;
  const copies = copiesOf(all);
  const cleaning = all.filter(isBusy);
  const refused = all.filter(({ state }) => state.kind === "problem").length;
  const isDone = cleaning.length === 0;
  const fractions = all.map(({ state }) =>
    state.kind === "cleaning" ? state.fraction : isDone ? 1 : Number(state.kind !== "looked"),
  );
  const fraction = fractions.reduce((sum, each) => sum + each, 0) / Math.max(1, all.length);

  const saveAll = (): void => {
    const name = saveTogether(copies);
    if (name !== undefined) {
      setSaid(t("clean.saved", { name }));
      return;
    }
    for (const { file, name: each } of copies) saveFile(file, each);
    setSaid(t("clean.savedMany", { count: copies.length }));
  };

  if (!isDone) {
    return (
      <Step key="cleaning" title={t("clean.cleaning.title")}>
        <p className="lead">{t("clean.cleaning.lead")}</p>
        <Progress
          label={t("clean.cleaning", { done: all.length - cleaning.length, total: all.length })}
          fraction={fraction}
        />
        <p role="status" className="visually-hidden">
          {t("clean.cleaning", { done: all.length - cleaning.length, total: all.length })}
        </p>
        <div className="row end">
          <Button
            kind="secondary"
            onPress={() => {
              files.stop();
              onBack();
            }}
          >
            {t("clean.cleaning.stop")}
          </Button>
        </div>
      </Step>
    );
  }

  return (
    <Step key="cleaned" title={t(copies.length === 0 ? "clean.none.title" : "clean.done.title")}>
      <p className="lead">{t(copies.length === 0 ? "clean.none.lead" : "clean.done.lead", { count: copies.length })}</p>
      {refused > 0 && copies.length > 0 && (
        <Notice kind="attention">
          <p>{t("clean.done.refused", { count: refused })}</p>
        </Notice>
      )}
      {copies.length > 0 && (
        <div className="row spaced">
          {copies.length > 1 && <Button onPress={saveAll}>{t("clean.saveAll")}</Button>}
          {canShare(copies) && (
            <Button
              kind="secondary"
              onPress={() => {
                void share(copies).then((isShared) => setSaid(t(isShared ? "clean.shared" : "clean.notShared")));
              }}
            >
              {t("clean.share")}
            </Button>
          )}
        </div>
      )}
      <h2 className="visually-hidden">{t("clean.done.list")}</h2>
      <ul className="list clean-list">
        {all.map((file) => (
          <CopyCard
            key={file.id}
            file={file}
            isOnly={copies.length === 1}
            onSaved={(name) => setSaid(t("clean.saved", { name }))}
          />
        ))}
      </ul>
      <p role="status" className="said">
        {said}
      </p>
      {copies.length > 0 && (
        <Notice>
          <p>{t("clean.done.original")}</p>
        </Notice>
      )}
      <div className="row end">
        <Button kind="quiet" onPress={onBack}>
          {t("app.back")}
        </Button>
        <Button kind="secondary" onPress={onMore}>
          {t("clean.more")}
        </Button>
      </div>
      <section className="after">
        <CantHide />
      </section>
    </Step>
  );
};
