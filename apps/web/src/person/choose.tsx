import { CASE_LIMITS } from "@recourse/protocol/constants";
import { useCallback, useEffect, useRef, useState } from "react";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Text } from "react-aria-components/Text";
import { isExactOnly, type Picture } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Progress } from "../design/progress.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import type { Pictures } from "./use-pictures.ts";

const PictureRow = ({ picture, onRemove }: { readonly picture: Picture; readonly onRemove: () => void }) => {
  const t = useText();
  const name = t("choose.picture", { number: picture.number });
  const { state } = picture;
  const isBusy = state.kind === "waiting" || state.kind === "reading";
  return (
    <li>
      <div className="list-head">
        <span>
          <strong>{name}</strong> <bdi className="soft small">{picture.fileName}</bdi>
        </span>
        <Button kind="quiet" onPress={onRemove} label={t(isBusy ? "choose.stop" : "choose.remove", { name })}>
          {t(isBusy ? "choose.stop" : "choose.remove", { name: "" }).trim()}
        </Button>
      </div>
      {state.kind === "waiting" && <span className="soft">{t("choose.waiting")}</span>}
      {state.kind === "reading" && (
        <Progress label={t("choose.reading", { percent: state.fraction })} fraction={state.fraction} />
      )}
      {state.kind === "ready" && (
        <span>
          <span className="tag tag-good">
            {t(isExactOnly(state.fingerprint) ? "choose.exactOnly" : "choose.ready")}
          </span>{" "}
          {state.fingerprint.frames !== undefined && (
            <span className="soft small">{t("choose.frames", { count: state.fingerprint.frames.length })}</span>
          )}
        </span>
      )}
      {state.kind === "duplicate" && <span className="soft">{t("choose.duplicate")}</span>}
      {state.kind === "problem" && <span className="field-error">{t(`file.${state.code}`)}</span>}
    </li>
  );
};

interface ChooseProps {
  readonly pictures: Pictures;
  /** Items the case holds already. */
  readonly held: number;
  readonly onContinue: () => void;
  readonly onBack: () => void;
}

/** Choosing pictures: dropped, pasted or picked; each is read at once, on this device. */
export const Choose = ({ pictures, held, onContinue, onBack }: ChooseProps) => {
  const t = useText();
  const [isFull, setFull] = useState(false);
  const shown = pictures.all.filter((picture) => !picture.sent);
  const ready = shown.filter(({ state }) => state.kind === "ready").length;
  const busy = shown.filter(({ state }) => state.kind === "waiting" || state.kind === "reading").length;
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

  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, [take]);

  const remove = (id: string): void => {
    pictures.remove(id);
    // The button that was pressed is gone with its row.
    list.current?.focus();
  };

  return (
    <Step title={t("choose.title")}>
      <p className="lead">{t("choose.lead")}</p>
      <DropZone
        className="drop-zone"
        getDropOperation={() => "copy"}
        onDrop={(event) => {
          const dropped = event.items.filter((item) => item.kind === "file");
          void Promise.all(dropped.map((item) => item.getFile())).then(take);
        }}
      >
        <Text slot="label">{t("choose.drop")}</Text>
        <FileTrigger
          allowsMultiple
          acceptedFileTypes={["image/*", ".heic", ".heif"]}
          onSelect={(files) => take([...(files ?? [])])}
        >
          <Button kind={shown.length === 0 ? "primary" : "secondary"}>{t("choose.button")}</Button>
        </FileTrigger>
        <span className="soft small">{t("choose.videos")}</span>
      </DropZone>
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
        {shown.length > 0 && t("choose.summary", { ready, waiting: busy })}
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
