import type { VideoFacts } from "@recourse/redact/browser";
import { Button } from "../../../design/button.tsx";
import { useText } from "../../../messages/translate.tsx";
import type { MarkTrack } from "./mark-track.ts";
import { useSpanText } from "./track-panel.tsx";

interface MarksListProps {
  readonly video: VideoFacts;
  readonly tracks: readonly MarkTrack[];
  readonly selected: number | undefined;
  readonly nameOf: (track: MarkTrack) => string;
  readonly onSelect: (track: MarkTrack) => void;
  readonly onRemove: (track: MarkTrack) => void;
}

/** All marks, also those that cover nothing at the moment shown. */
export const MarksList = ({ video, tracks, selected, nameOf, onSelect, onRemove }: MarksListProps) => {
  const t = useText();
  const spanText = useSpanText(video);
  return (
    <ul className="marks-list" aria-label={t("cover.video.marks")}>
      {tracks.map((track) => (
        <li key={track.id} className={track.id === selected ? "selected" : undefined}>
          <div className="marks-row">
            <Button kind="quiet" onPress={() => onSelect(track)} label={`${nameOf(track)}: ${t("cover.video.choose")}`}>
              {nameOf(track)}
            </Button>
            <span className="soft small">{spanText(track)}</span>
            <Button kind="quiet" onPress={() => onRemove(track)} label={`${t("clean.remove")}: ${nameOf(track)}`}>
              {t("clean.remove")}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
};
