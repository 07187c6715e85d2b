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
import { Step } from "../../../design/step.tsx";
import { fileProblemKey } from "../../../messages/problem-keys.ts";
import { useText } from "../../../messages/translate.tsx";
import type { CoveredSound } from "../../clean-file.ts";
import { type FillName, FILLS } from "../drawing.ts";
import { SelectedPanel } from "../selected-panel.tsx";
import { boundsOf, type Shape, shapeInMiddle } from "../shape.ts";
import { Stage } from "../stage.tsx";
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
  const t = useText();
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
    <Step title={t("cover.title")}>
      <p className="lead">{t("cover.video.lead")}</p>
      {state.kind === "opening" && <Progress label={t("cover.opening", { name })} />}
      {state.kind === "problem" && (
        <Notice kind="attention" isAlert>
          <p>{t(fileProblemKey(state.code, "video"))}</p>
          <p>{t("cover.video.failed")}</p>
        </Notice>
      )}
      {state.kind === "open" ? (
        <VideoEditor {...props} video={state.video} first={state.first} />
      ) : (
        <div className="row end">
          <Button kind="quiet" onPress={onBack}>
            {t("app.back")}
          </Button>
        </div>
      )}
    </Step>
  );
};

type Tool = "rectangle" | "ellipse" | "select";

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
  const [isBlurred, setBlurred] = useState(true);
  const [tool, setTool] = useState<Tool>("rectangle");
  const [selected, setSelected] = useState<number>();
  const [sound, setSound] = useState<"remove" | "keep">("remove");
  const [work, setWork] = useState<Work>();
  const [problem, setProblem] = useState<DoorErrorCode>();
  const [said, setSaid] = useState("");
  const lastId = useRef(0);
  const abort = useRef<AbortController>(undefined);
  const left = useRef<HTMLParagraphElement>(null);
  const waiting = useRef<HTMLDivElement>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const isWorking = work !== undefined;
  useEffect(() => {
    // The button that was pressed waits with the rest.
    if (isWorking) waiting.current?.focus();
  }, [isWorking]);

  const takeId = (): number => {
    lastId.current += 1;
    return lastId.current;
  };
  const nameOf = ({ kind, id }: Pick<Shape, "kind" | "id">): string => t(`cover.shape.${kind}`, { number: id });
  const whereOf = (shape: Shape): string => {
    const { x, y, width: w, height: h } = boundsOf(shape);
    const values = { left: x / width, top: y / height, width: w / width, height: h / height };
    return t("cover.where", { name: nameOf(shape), ...values });
  };
  const chosen = tracks.find(({ id }) => id === selected);
  const here = shapes.find(({ id }) => id === selected);

  const removeTrack = (id: number): void => {
    drawing.remove(id);
    setSelected(undefined);
    left.current?.focus();
  };
  const choose = (track: MarkTrack): void => {
    setSelected(track.id);
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

  const follow = async (track: MarkTrack, shape: Shape): Promise<void> => {
    const fromSec = frame.timeSec;
    const { untilSec } = track;
    const options = { fromSec, ...(untilSec !== undefined && { untilSec }), ...begin("following") };
    const outcome = await followRegion(file, boundsOf(shape), options);
    if (options.signal.aborted) return;
    setWork(undefined);
    if (!outcome.ok) {
      setProblem(outcome.code);
      return;
    }
    const { lostAtSec } = outcome.value;
    drawing.change(track.id, (each) => withFollowed(each, outcome.value));
    if (lostAtSec === undefined) setSaid(t("cover.video.followed"));
    else {
      setSaid(t("cover.video.lost", { time: timeText(lostAtSec - video.startSec) }));
      player.seek(lostAtSec);
    }
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
    <div
      onKeyDown={(event) => {
        if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        editing.undo();
      }}
      role="presentation"
      className="cover"
    >
      <div className="cover" inert={isWorking}>
        <p>{t("cover.tip")}</p>
        <p className="soft">{t("cover.video.how")}</p>
        <div className="row">
          <Button kind={isBlurred ? "primary" : "quiet"} onPress={() => setBlurred(!isBlurred)}>
            {t(isBlurred ? "cover.video.show" : "cover.video.blur")}
          </Button>
        </div>
        <RadioChoice
          isRow
          label={t("cover.tool")}
          value={tool}
          onChange={setTool}
          options={(["rectangle", "ellipse", "select"] as const).map((value) => ({
            value,
            text: t(`cover.tool.${value}`),
          }))}
        />
        <p className="soft small">{t(`cover.how.${tool}`)}</p>
        <Stage
          preview={frame.bitmap}
          width={width}
          height={height}
          isBlurred={isBlurred}
          tool={tool}
          brushPx={0}
          editing={editing}
          selected={selected}
          nameOf={nameOf}
          onRemove={(shape) => removeTrack(shape.id)}
          onSelect={(id) => {
            player.pause();
            setSelected(id);
          }}
          takeId={takeId}
          proposals={[]}
          pointed={undefined}
          corners={[]}
          onCorners={() => {}}
        />
        <Timeline video={video} player={player} tracks={tracks} selected={selected} />
        {player.problem !== undefined && (
          <Notice kind="attention" isAlert>
            <p>{t(fileProblemKey(player.problem, "video"))}</p>
          </Notice>
        )}
        <div className="row">
          {tool !== "select" && (
            <Button
              kind="secondary"
              onPress={() => {
                player.pause();
                const shape = shapeInMiddle(tool, takeId(), width, height);
                editing.set({ ...editing.drawing, shapes: [...shapes, shape] });
                setSelected(shape.id);
              }}
            >
              {t("cover.add")}
            </Button>
          )}
          <Button kind="secondary" onPress={editing.undo} isDisabled={!editing.canUndo}>
            {t("cover.undo")}
          </Button>
        </div>
        <p role="status" className="soft small said">
          {here !== undefined && whereOf(here)}
        </p>
        {here !== undefined && (
          <SelectedPanel
            shape={here}
            name={nameOf(here)}
            width={width}
            height={height}
            onChange={(shape) =>
              editing.set({ ...editing.drawing, shapes: shapes.map((each) => (each.id === shape.id ? shape : each)) })
            }
            onRemove={() => removeTrack(here.id)}
          />
        )}
        {chosen !== undefined && (
          <TrackPanel
            track={chosen}
            name={nameOf(chosen)}
            video={video}
            player={player}
            isHere={here !== undefined}
            onChange={(how) => drawing.change(chosen.id, how)}
            onFollow={() => here !== undefined && void follow(chosen, here)}
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
        <RadioChoice<FillName>
          isRow
          label={t("cover.fill")}
          value={drawing.fill}
          onChange={drawing.chooseFill}
          options={(["black", "grey", "white"] as const).map((value) => ({ value, text: t(`cover.fill.${value}`) }))}
        />
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
      {problem !== undefined && (
        <Notice kind="attention" isAlert>
          <p>{t(fileProblemKey(problem, "video"))}</p>
          <p>{t("cover.video.failed")}</p>
        </Notice>
      )}
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
    </div>
  );
};
