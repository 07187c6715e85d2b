import type { VideoFacts } from "@recourse/redact/browser";
import { Button } from "../../../design/button.tsx";
import { useText } from "../../../messages/translate.tsx";
import type { MarkTrack } from "./mark-track.ts";
import type { Player } from "./use-player.ts";

/** A step of an arrow key, in seconds; single frames have their buttons. */
const STEP_SEC = 0.1;

/** Minutes, seconds and tenths: 1:02.3. */
export const timeText = (seconds: number): string => {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${Math.floor(tenths / 600)}:${rest}`;
};

interface TimelineProps {
  readonly video: VideoFacts;
  readonly player: Player;
  readonly tracks: readonly MarkTrack[];
  readonly selected: number | undefined;
}

/** Where in the video one is: a slider, single frames, playing; below it, when each mark covers. */
export const Timeline = ({ video, player, tracks, selected }: TimelineProps) => {
  const t = useText();
  const { startSec, endSec } = video;
  const lengthSec = Math.max(0.001, endSec - startSec);
  const { frame, isPlaying } = player;
  const share = (timeSec: number): number => Math.min(1, Math.max(0, (timeSec - startSec) / lengthSec));
  const percent = (timeSec: number): string => `${100 * share(timeSec)}%`;
  const now = t("cover.video.time", { now: timeText(frame.timeSec - startSec), all: timeText(lengthSec) });
  return (
    <section className="timeline" aria-label={t("cover.video.timeline")}>
      <div className="timeline-scale">
        <input
          type="range"
          aria-label={t("cover.video.moment")}
          aria-valuetext={now}
          min={startSec}
          max={endSec}
          step={STEP_SEC}
          value={frame.timeSec}
          onChange={(event) => player.seek(Number(event.target.value))}
        />
        <div className="timeline-marks" aria-hidden="true">
          {tracks.map(({ id, places, fromSec = startSec, untilSec = endSec }) => (
            <div key={id} className={id === selected ? "timeline-mark selected" : "timeline-mark"}>
              <span
                className="timeline-span"
                style={{
                  insetInlineStart: percent(fromSec),
                  inlineSize: `${100 * (share(untilSec) - share(fromSec))}%`,
                }}
              />
              {places
                .filter(({ isFollowed }) => !isFollowed)
                .map(({ timeSec }) => (
                  <span key={timeSec} className="timeline-place" style={{ insetInlineStart: percent(timeSec) }} />
                ))}
            </div>
          ))}
        </div>
      </div>
      <div className="row">
        <Button kind="secondary" onPress={isPlaying ? player.pause : player.play}>
          {t(isPlaying ? "cover.video.pause" : "cover.video.play")}
        </Button>
        <Button kind="quiet" onPress={() => player.step(-1)}>
          {t("cover.video.previous")}
        </Button>
        <Button kind="quiet" onPress={() => player.step(1)}>
          {t("cover.video.next")}
        </Button>
        <span className="soft small timeline-now">
          <bdi>{now}</bdi>
        </span>
      </div>
    </section>
  );
};
