import type { HiddenMedia } from "@recourse/scrub";
import { useEffect, useMemo, useState } from "react";
import { Button } from "../design/button.tsx";
import { useText } from "../messages/translate.tsx";

/** What it is called. */
export const kindOf = ({ media, place }: HiddenMedia): "picture" | "thumbnail" | "video" =>
  media === "video" || place === "after_end" ? media : "thumbnail";

interface HiddenViewProps {
  readonly file: Blob;
  readonly hidden: HiddenMedia;
  /** Counted from 1 among those of its kind. */
  readonly number: number;
}

/** A hidden picture or video: shown only when asked for, blurred until asked once more. */
export const HiddenView = ({ file, hidden, number }: HiddenViewProps) => {
  const t = useText();
  const [shown, setShown] = useState<"no" | "blurred" | "clear">("no");
  const [isBroken, setBroken] = useState(false);
  const name = t(`clean.hidden.${kindOf(hidden)}`, { number });
  return (
    <li className="hidden-view">
      <span>{name}</span>
      <span className="row">
        <Button
          kind="secondary"
          onPress={() => setShown(shown === "no" ? "blurred" : "no")}
          label={`${t(shown === "no" ? "clean.hidden.show" : "clean.hidden.hide")}: ${name}`}
        >
          {t(shown === "no" ? "clean.hidden.show" : "clean.hidden.hide")}
        </Button>
        {shown !== "no" && !isBroken && (
          <Button
            kind="quiet"
            onPress={() => setShown(shown === "clear" ? "blurred" : "clear")}
            label={`${t(shown === "clear" ? "clean.hidden.blur" : "clean.hidden.clear")}: ${name}`}
          >
            {t(shown === "clear" ? "clean.hidden.blur" : "clean.hidden.clear")}
          </Button>
        )}
      </span>
      {shown !== "no" &&
        (isBroken ? (
          <p className="soft" role="status">
            {t("clean.hidden.broken")}
          </p>
        ) : (
          <HiddenFrame
            file={file}
            hidden={hidden}
            name={name}
            isClear={shown === "clear"}
            onBroken={() => setBroken(true)}
          />
        ))}
    </li>
  );
};

interface HiddenFrameProps {
  readonly file: Blob;
  readonly hidden: HiddenMedia;
  readonly name: string;
  readonly isClear: boolean;
  readonly onBroken: () => void;
}

const HiddenFrame = ({ file, hidden, name, isClear, onBroken }: HiddenFrameProps) => {
  // A part of the chosen file, looked at where it lies.
  const address = useMemo(
    () => URL.createObjectURL(file.slice(hidden.offset, hidden.offset + hidden.length, hidden.mediaType)),
    [file, hidden],
  );
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <div className={isClear ? "hidden-frame" : "hidden-frame blurred"}>
      {hidden.media === "video" ? (
        // Nobody has captions for what nobody knew of.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          src={address}
          controls={isClear}
          muted
          playsInline
          preload="metadata"
          aria-label={name}
          onError={onBroken}
        />
      ) : (
        <img src={address} alt={name} onError={onBroken} />
      )}
    </div>
  );
};
