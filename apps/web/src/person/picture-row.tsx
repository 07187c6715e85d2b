import { isExactOnly, type Picture, type Reading } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Progress } from "../design/progress.tsx";
import { fileProblemKey } from "../messages/problem-keys.ts";
import { type Translate, useText } from "../messages/translate.tsx";

/** Whole seconds, and one at least of what is there. */
const wholeSeconds = (seconds: number): number => Math.max(1, Math.round(seconds));

const readingSentence = (t: Translate, { state }: Picture): string => {
  if (state.kind !== "reading") return "";
  const { fraction, seconds } = state;
  if (seconds === undefined) return t("choose.reading", { percent: fraction });
  const done = Math.floor(seconds.done);
  return seconds.total === undefined
    ? t("choose.readingSeconds", { done })
    : t("choose.readingVideo", { done, total: wholeSeconds(seconds.total) });
};

/** What more there is to say of something that is ready. */
const readySentence = (t: Translate, reading: Reading): string | undefined => {
  if (reading.media === "image") {
    const { frames } = reading.fingerprint;
    return frames === undefined ? undefined : t("choose.frames", { count: frames.length });
  }
  const { frames, durationSec, complete } = reading.fingerprint;
  const seconds = wholeSeconds(durationSec);
  return complete ? t("choose.moments", { count: frames.length, seconds }) : t("choose.partial", { seconds });
};

/** A chosen picture or video: where it stands, and a way to take it out or stop it. */
export const PictureRow = ({ picture, onRemove }: { readonly picture: Picture; readonly onRemove: () => void }) => {
  const t = useText();
  const { state, media } = picture;
  const name = t(`choose.name.${media}`, { number: picture.number });
  const isBusy = state.kind === "waiting" || state.kind === "reading";
  const more = state.kind === "ready" ? readySentence(t, state.reading) : undefined;
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
      {state.kind === "reading" && <Progress label={readingSentence(t, picture)} fraction={state.fraction} />}
      {state.kind === "ready" && (
        <span>
          <span className="tag tag-good">{t(isExactOnly(state.reading) ? "choose.exactOnly" : "choose.ready")}</span>{" "}
          {more !== undefined && <span className="soft small">{more}</span>}
        </span>
      )}
      {state.kind === "duplicate" && <span className="soft">{t("choose.duplicate")}</span>}
      {state.kind === "problem" && <span className="field-error">{t(fileProblemKey(state.code, media))}</span>}
    </li>
  );
};
