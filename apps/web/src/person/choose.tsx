import { CASE_LIMITS } from "@recourse/protocol/constants";
import { useCallback, useRef, useState } from "react";
import type { Picture } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { FileDrop } from "../design/file-drop.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { PictureRow } from "./picture-row.tsx";
import type { Pictures } from "./use-pictures.ts";

/** What may be chosen; some systems know no type for the endings. */
const ACCEPTED = ["image/*", ".heic", ".heif", "video/*", ".mp4", ".mov", ".webm", ".mkv"];

const isBusy = ({ state }: Picture): boolean => state.kind === "waiting" || state.kind === "reading";
const isReady = ({ state }: Picture): boolean => state.kind === "ready";

/** How many are ready and on their way, of one kind; nothing of a kind that was not chosen. */
const Summary = ({ shown, media }: { readonly shown: readonly Picture[]; readonly media: Picture["media"] }) => {
  const t = useText();
  const chosen = shown.filter((picture) => picture.media === media);
  if (chosen.length === 0) return null;
  return (
    <span>
      {t(`choose.summary.${media}`, {
        ready: chosen.filter(isReady).length,
        waiting: chosen.filter(isBusy).length,
      })}{" "}
    </span>
  );
};

interface ChooseProps {
  readonly pictures: Pictures;
  /** Items the case holds already. */
  readonly held: number;
  readonly onContinue: () => void;
  readonly onBack: () => void;
}

/** Choosing pictures and videos: dropped, pasted or picked; each is read at once, on this device. */
export const Choose = ({ pictures, held, onContinue, onBack }: ChooseProps) => {
  const t = useText();
  const [isFull, setFull] = useState(false);
  const shown = pictures.all.filter((picture) => !picture.sent);
  const ready = shown.filter(isReady).length;
  const busy = shown.filter(isBusy).length;
  const { add } = pictures;
  const room = CASE_LIMITS.itemsPerCase - held - ready - busy;
  const list = useRef<HTMLHeadingElement>(null);

  const take = useCallback(
    (files: readonly File[]): void => {
      setFull(files.length > room);
      add(files.slice(0, Math.max(0, room)));
    },
    [add, room],
  );

  const remove = (id: string): void => {
    pictures.remove(id);
    // The button that was pressed is gone with its row.
    list.current?.focus();
  };

  return (
    <Step title={t("choose.title")}>
      <p className="lead">{t("choose.lead")}</p>
      <FileDrop
        label={t("choose.drop")}
        button={t("choose.button")}
        accept={ACCEPTED}
        isPrimary={shown.length === 0}
        onFiles={take}
      >
        <span className="soft small">{t("choose.videos")}</span>
      </FileDrop>
      {isFull && (
        <Notice kind="attention" isAlert>
          <p>{t("choose.tooMany", { limit: CASE_LIMITS.itemsPerCase })}</p>
        </Notice>
      )}
      <h2 className="visually-hidden" ref={list} tabIndex={-1}>
        {t("choose.list")}
      </h2>
      {shown.length === 0 ? (
        <p className="soft">{t("choose.empty")}</p>
      ) : (
        <ul className="list">
          {shown.map((picture) => (
            <PictureRow key={picture.id} picture={picture} onRemove={() => remove(picture.id)} />
          ))}
        </ul>
      )}
      <p role="status" className="soft">
        <Summary shown={shown} media="image" />
        <Summary shown={shown} media="video" />
      </p>
      <div className="row end">
        <Button kind="quiet" onPress={onBack}>
          {t("app.back")}
        </Button>
        <Button onPress={onContinue} isDisabled={ready === 0 || busy > 0}>
          {t("choose.continue")}
        </Button>
      </div>
    </Step>
  );
};
