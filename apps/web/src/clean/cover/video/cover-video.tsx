import {
  type DoorErrorCode,
  followRegion,
  type OpenedVideo,
  openVideo,
  redactVideo,
  type ShownFrame,
} from "@recourse/redact/browser";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../../design/button.tsx";
import { Notice } from "../../../design/notice.tsx";
import { Progress } from "../../../design/progress.tsx";
import { RadioChoice } from "../../../design/radio-choice.tsx";
import { fileProblemKey } from "../../../messages/problem-keys.ts";
import { useText } from "../../../messages/translate.tsx";
import type { CoveredSound } from "../../clean-file.ts";
import { FILLS } from "../drawing.ts";
import { useMarking } from "../marking.ts";
import {
  CoverProblem,
  FillChoice,
  MarkButtons,
  Opening,
  SelectedMark,
  ToolChoice,
  UndoKeys,
} from "../marking-tools.tsx";
import { boundsOf, type Shape } from "../shape.ts";
import { Stage } from "../stage.tsx";
import { type Proposal, SuggestionsPanel } from "../suggestions.tsx";
import { pictureOfFrame } from "./frame-picture.ts";
import { type MarkTrack, regionTrackOf, withFollowed } from "./mark-track.ts";
import { MarksList } from "./marks-list.tsx";
import { Timeline, timeText } from "./timeline.tsx";
import { TrackPanel } from "./track-panel.tsx";
import { usePlayer } from "./use-player.ts";
import { useVideoDrawing } from "./use-video-drawing.ts";

interface CoverVideoProps {
  readonly file: Blob;
  readonly name: string;
  readonly onCovered: (covered: Blob, sound: CoveredSound) => void;
  readonly onBack: () => void;
}

type State =
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly video: OpenedVideo; readonly first: ShownFrame }
  | { readonly kind: "problem"; readonly code: DoorErrorCode };

/** Opens a video to cover parts of it: blurred until the person asks to see it. */
export const CoverVideo = (props: CoverVideoProps) => {
  const { file, name, onBack } = props;
  const [state, setState] = useState<State>({ kind: "opening" });
  useEffect(() => {
    const abort = new AbortController();
    const open = async (): Promise<State> => {
      const opened = await openVideo(file, { signal: abort.signal });
      if (!opened.ok) return { kind: "problem", code: opened.code };
      const first = await opened.value.frameAt(opened.value.startSec);
      return first.ok
        ? { kind: "open", video: opened.value, first: first.value }
        : { kind: "problem", code: first.code };
    };
    void open().then((next) => {
      if (!abort.signal.aborted) setState(next);
    });
    return () => abort.abort();
  }, [file]);
  return (
    <Opening
      media="video"
      name={name}
      isOpening={state.kind === "opening"}
      problem={state.kind === "problem" ? state.code : undefined}
      onBack={onBack}
    >
      {state.kind === "open" ? <VideoEditor {...props} video={state.video} first={state.first} /> : null}
    </Opening>
  );
};

/** What goes on in the background; the rest of the screen waits. */
type Work = { readonly kind: "following" | "covering"; readonly fraction: number };

interface VideoEditorProps extends CoverVideoProps {
  readonly video: OpenedVideo;
  readonly first: ShownFrame;
}

const VideoEditor = ({ file, onCovered, onBack, video, first }: VideoEditorProps) => {
  const t = useText();
  const { width, height } = video;
  const player = usePlayer(video, first);
  const { frame } = player;
  const drawing = useVideoDrawing(frame.timeSec);
  const { tracks, editing } = drawing;
  const { shapes } = editing.drawing;
  const marking = useMarking(editing, width, height);
  const { selected, select, nameOf } = marking;
  const [isBlurred, setBlurred] = useState(true);
  const [suggested, setSuggested] = useState<{ readonly timeSec: number; readonly proposals: readonly Proposal[] }>();
  const [pointed, setPointed] = useState<Proposal>();
  const [sound, setSound] = useState<"remove" | "keep">("remove");
  const [work, setWork] = useState<Work>();
  const [problem, setProblem] = useState<DoorErrorCode>();
  const [said, setSaid] = useState("");
  const abort = useRef<AbortController>(undefined);
  const left = useRef<HTMLParagraphElement>(null);
  const waiting = useRef<HTMLDivElement>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const isWorking = work !== undefined;
  useEffect(() => {
    // The button that was pressed waits with the rest.
    if (isWorking) waiting.current?.focus();
  }, [isWorking]);
  // What was suggested is right at its own moment only.
  const proposals = suggested?.timeSec === frame.timeSec ? suggested.proposals : [];

  const chosen = tracks.find(({ id }) => id === selected);
  const here = shapes.find(({ id }) => id === selected);

  const removeTrack = (id: number): void => {
    drawing.remove(id);
    select(undefined);
    left.current?.focus();
  };
  const choose = (track: MarkTrack): void => {
    select(track.id);
    const { fromSec = video.startSec, untilSec = Number.POSITIVE_INFINITY } = track;
    if (frame.timeSec < fromSec || frame.timeSec >= untilSec) player.seek(fromSec);
  };
  /** Begins a piece of work that can be stopped. */
  const begin = (kind: Work["kind"]): { signal: AbortSignal; onProgress: (fraction: number) => void } => {
    player.pause();
    setProblem(undefined);
    setSaid("");
    setWork({ kind, fraction: 0 });
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    const onProgress = (fraction: number): void => {
      if (!signal.aborted) setWork({ kind, fraction });
    };
    return { signal, onProgress };
  };
  const stop = (): void => {
    abort.current?.abort();
    setWork(undefined);
    setSaid(t("cover.video.stopped"));
    left.current?.focus();
  };

  /** From the moment shown on, one mark after the other; says when the first of them was lost, and goes there. */
  const follow = async (marks: readonly { readonly shape: Shape; readonly untilSec?: number }[]): Promise<void> => {
    const fromSec = frame.timeSec;
    const { signal, onProgress } = begin("following");
    let lostAtSec = Number.POSITIVE_INFINITY;
    for (const [index, { shape, untilSec }] of marks.entries()) {
      const outcome = await followRegion(file, boundsOf(shape), {
        fromSec,
        ...(untilSec !== undefined && { untilSec }),
        signal,
        onProgress: (fraction) => onProgress((index + fraction) / marks.length),
      });
      if (signal.aborted) return;
      if (!outcome.ok) {
        setWork(undefined);
        setProblem(outcome.code);
        return;
      }
      drawing.change(shape.id, (each) => withFollowed(each, outcome.value, shape));
      lostAtSec = Math.min(lostAtSec, outcome.value.lostAtSec ?? Number.POSITIVE_INFINITY);
    }
    setWork(undefined);
    if (Number.isFinite(lostAtSec)) {
      setSaid(t("cover.video.lost", { time: timeText(lostAtSec - video.startSec) }));
      player.seek(lostAtSec);
    } else setSaid(t("cover.video.followed"));
    left.current?.focus();
  };

  const apply = async (): Promise<void> => {
    const options = begin("covering");
    const redaction = { tracks: tracks.map(regionTrackOf), sound, fill: FILLS[drawing.fill] };
    const outcome = await redactVideo(file, redaction, options);
    if (options.signal.aborted) return;
    setWork(undefined);
    if (!outcome.ok) {
      setProblem(outcome.code);
      return;
    }
    const { hasSound } = outcome.value;
    onCovered(outcome.value.file, !video.hasSound ? "none" : hasSound ? "kept" : sound === "keep" ? "lost" : "removed");
  };

  return (
    <UndoKeys onUndo={editing.undo}>
      <div className="cover" inert={isWorking}>
        <p>{t("cover.tip")}</p>
        <p className="soft">{t("cover.video.how")}</p>
        <div className="row">
          <Button kind={isBlurred ? "primary" : "quiet"} onPress={() => setBlurred(!isBlurred)}>
            {t(isBlurred ? "cover.video.show" : "cover.video.blur")}
          </Button>
        </div>
        <ToolChoice marking={marking} />
        <Stage
          preview={frame.bitmap}
          isBlurred={isBlurred}
          marking={marking}
          onRemove={(shape) => removeTrack(shape.id)}
          onSelect={(id) => {
            player.pause();
            select(id);
          }}
          proposals={proposals}
          pointed={pointed}
        />
        <Timeline video={video} player={player} tracks={tracks} selected={selected} />
        {player.problem !== undefined && (
          <Notice kind="attention" isAlert>
            <p>{t(fileProblemKey(player.problem, "video"))}</p>
          </Notice>
        )}
        <MarkButtons marking={marking} onAdd={player.pause} />
        <SelectedMark marking={marking} shape={here} onRemove={(shape) => removeTrack(shape.id)} />
        {chosen !== undefined && (
          <TrackPanel
            track={chosen}
            name={nameOf(chosen)}
            video={video}
            player={player}
            isHere={here !== undefined}
            onChange={(how) => drawing.change(chosen.id, how)}
            onFollow={() => {
              const { untilSec } = chosen;
              if (here !== undefined) void follow([{ shape: here, ...(untilSec !== undefined && { untilSec }) }]);
            }}
          />
        )}
        {tracks.length > 0 && (
          <MarksList
            video={video}
            tracks={tracks}
            selected={selected}
            nameOf={nameOf}
            onSelect={choose}
            onRemove={(track) => removeTrack(track.id)}
          />
        )}
        <SuggestionsPanel
          // Another moment is another picture: what was said of the one before goes.
          key={frame.timeSec}
          pictureOf={() => {
            player.pause();
            return pictureOfFrame(frame.bitmap);
          }}
          width={width}
          height={height}
          note={`${t("cover.video.suggest.note")} ${t("cover.suggest.note")}`}
          proposals={proposals}
          onProposals={(next) => setSuggested({ timeSec: frame.timeSec, proposals: next })}
          onPoint={setPointed}
          onAccept={(accepted) => {
            const fresh = accepted.map(({ shape }) => ({ ...shape, id: marking.takeId() }));
            editing.set({ ...editing.drawing, shapes: [...shapes, ...fresh] });
            void follow(fresh.map((shape) => ({ shape })));
          }}
        />
        <FillChoice fill={drawing.fill} onChange={drawing.chooseFill} />
        {video.hasSound ? (
          <>
            <RadioChoice
              isRow
              label={t("cover.video.sound")}
              value={sound}
              onChange={setSound}
              options={(["remove", "keep"] as const).map((value) => ({
                value,
                text: t(`cover.video.sound.${value}`),
              }))}
            />
            <p className="soft small">{t("cover.video.sound.note")}</p>
          </>
        ) : (
          <p className="soft">{t("cover.video.silent")}</p>
        )}
      </div>
      <CoverProblem media="video" problem={problem} />
      <p role="status" className="soft" ref={left} tabIndex={-1}>
        {said !== "" && <>{said} </>}
        {tracks.length > 0 ? t("cover.marked", { count: tracks.length }) : t("cover.video.none")}
      </p>
      {work !== undefined && (
        <div ref={waiting} tabIndex={-1} className="cover-working">
          <Progress
            label={t(work.kind === "covering" ? "cover.video.covering" : "cover.video.following", {
              percent: work.fraction,
            })}
            fraction={work.fraction}
          />
          <Button kind="secondary" onPress={stop}>
            {t("clean.stop")}
          </Button>
        </div>
      )}
      {work === undefined && (
        <div className="row end">
          <Button kind="quiet" onPress={onBack}>
            {t("app.back")}
          </Button>
          <Button onPress={() => void apply()} isDisabled={tracks.length === 0}>
            {t("cover.apply")}
          </Button>
        </div>
      )}
    </UndoKeys>
  );
};
