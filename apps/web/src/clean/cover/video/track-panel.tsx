import type { VideoFacts } from "@recourse/redact/browser";
import { Button } from "../../../design/button.tsx";
import { useText } from "../../../messages/translate.tsx";
import {
  endingAt,
  hasPlaceAt,
  type MarkTrack,
  placesAround,
  startingAt,
  wholeTime,
  withoutPlace,
} from "./mark-track.ts";
import { timeText } from "./timeline.tsx";
import type { Player } from "./use-player.ts";

interface TrackPanelProps {
  readonly track: MarkTrack;
  readonly name: string;
  readonly video: VideoFacts;
  readonly player: Player;
  /** The mark covers something at the moment shown. */
  readonly isHere: boolean;
  readonly onChange: (how: (track: MarkTrack) => MarkTrack) => void;
  readonly onFollow: () => void;
}

/** From when until when a mark covers, as a sentence's part. */
export const useSpanText = (video: VideoFacts): ((track: MarkTrack) => string) => {
  const t = useText();
  return ({ fromSec = video.startSec, untilSec = video.endSec }) =>
    fromSec <= video.startSec && untilSec >= video.endSec
      ? t("cover.video.whole")
      : t("cover.video.span", {
          from: timeText(fromSec - video.startSec),
          until: timeText(Math.min(untilSec, video.endSec) - video.startSec),
        });
};

/** A chosen mark over time: following, beginning and end, and the places it has. */
export const TrackPanel = ({ track, name, video, player, isHere, onChange, onFollow }: TrackPanelProps) => {
  const t = useText();
  const spanText = useSpanText(video);
  const { frame } = player;
  const { before, after } = placesAround(track, frame.timeSec);
  const canForget = track.places.length > 1 && hasPlaceAt(track, frame.timeSec);
  return (
    <section className="card cover-selected" aria-label={t("cover.video.times", { name })}>
      <strong>{t("cover.video.times", { name })}</strong>
      <p className="soft small">
        {spanText(track)} · {t("cover.video.places", { count: track.places.length })}
      </p>
      <div className="cover-moves">
        <Button kind="secondary" isDisabled={!isHere} onPress={onFollow}>
          {t("cover.video.follow")}
        </Button>
        <Button kind="secondary" onPress={() => onChange((each) => startingAt(each, frame.timeSec))}>
          {t("cover.video.from")}
        </Button>
        <Button
          kind="secondary"
          onPress={() => onChange((each) => endingAt(each, frame.timeSec + frame.durationSec - 0.0001))}
        >
          {t("cover.video.until")}
        </Button>
        <Button kind="secondary" onPress={() => onChange(wholeTime)}>
          {t("cover.video.always")}
        </Button>
        <Button
          kind="quiet"
          isDisabled={before === undefined}
          onPress={() => before !== undefined && player.seek(before)}
        >
          {t("cover.video.placeBefore")}
        </Button>
        <Button kind="quiet" isDisabled={after === undefined} onPress={() => after !== undefined && player.seek(after)}>
          {t("cover.video.placeAfter")}
        </Button>
        <Button
          kind="quiet"
          isDisabled={!canForget}
          onPress={() => onChange((each) => withoutPlace(each, frame.timeSec))}
        >
          {t("cover.video.forget")}
        </Button>
      </div>
    </section>
  );
};
