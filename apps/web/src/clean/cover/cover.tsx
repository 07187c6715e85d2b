import type { Point } from "@recourse/redact";
import { type DoorErrorCode, type PictureType, redactPicture } from "@recourse/redact/browser";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { Notice } from "../../design/notice.tsx";
import { Progress } from "../../design/progress.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Step } from "../../design/step.tsx";
import { fileProblemKey } from "../../messages/problem-keys.ts";
import { useText } from "../../messages/translate.tsx";
import type { OpenOutcome } from "./open-messages.ts";
import { openPicture } from "./open-picture.ts";
import { CropEdges } from "./crop-edges.tsx";
import { doesSomething, type FillName, redactionOf, useDrawing } from "./drawing.ts";
import { SelectedPanel } from "./selected-panel.tsx";
import { boundsOf, type Shape, shapeInMiddle } from "./shape.ts";
import { type Proposal, SuggestionsPanel } from "./suggestions.tsx";
import { Stage, type Tool } from "./stage.tsx";

interface CoverProps {
  readonly file: Blob;
  readonly name: string;
  readonly isAnimation: boolean;
  /** What the copy is written as. */
  readonly type: PictureType;
  readonly onCovered: (covered: Blob) => void;
  readonly onBack: () => void;
}

type Opened = Extract<OpenOutcome, { ok: true }>;

/** Opens a picture to cover parts of it: blurred until the person asks to see it. */
export const Cover = (props: CoverProps) => {
  const t = useText();
  const { file, name, onBack } = props;
  const [opened, setOpened] = useState<OpenOutcome>();
  useEffect(() => {
    const abort = new AbortController();
    let preview: ImageBitmap | undefined;
    void openPicture(file, abort.signal).then((outcome) => {
      if (outcome.ok) ({ preview } = outcome);
      if (abort.signal.aborted) preview?.close();
      else setOpened(outcome);
    });
    return () => {
      abort.abort();
      preview?.close();
    };
  }, [file]);
  return (
    <Step title={t("cover.title")}>
      <p className="lead">{t("cover.lead")}</p>
      {opened === undefined && <Progress label={t("cover.opening", { name })} />}
      {opened?.ok === false && (
        <Notice kind="attention" isAlert>
          <p>{t(fileProblemKey(opened.code, "image"))}</p>
          <p>{t("cover.failed")}</p>
        </Notice>
      )}
      {opened?.ok === true ? (
        <Editor {...props} opened={opened} />
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

const BRUSHES = { thin: 0.012, medium: 0.03, thick: 0.07 } as const;
type Brush = keyof typeof BRUSHES;

const Editor = ({ file, type, isAnimation, onCovered, onBack, opened }: CoverProps & { readonly opened: Opened }) => {
  const t = useText();
  const { preview, width, height } = opened;
  const editing = useDrawing();
  const { drawing, set } = editing;
  const [isBlurred, setBlurred] = useState(true);
  const [tool, setTool] = useState<Tool>("rectangle");
  const [brush, setBrush] = useState<Brush>("medium");
  const [selected, setSelected] = useState<number>();
  const [corners, setCorners] = useState<readonly Point[]>([]);
  const [proposals, setProposals] = useState<readonly Proposal[]>([]);
  const [pointed, setPointed] = useState<Proposal>();
  const [isApplying, setApplying] = useState(false);
  const [problem, setProblem] = useState<DoorErrorCode>();
  const left = useRef<HTMLParagraphElement>(null);
  const lastId = useRef(0);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const takeId = (): number => {
    lastId.current += 1;
    return lastId.current;
  };
  const nameOf = ({ kind, id }: Shape): string => t(`cover.shape.${kind}`, { number: id });
  const whereOf = (shape: Shape): string => {
    const { x, y, width: w, height: h } = boundsOf(shape);
    const values = { left: x / width, top: y / height, width: w / width, height: h / height };
    return t("cover.where", { name: nameOf(shape), ...values });
  };
  const add = (shape: Shape): void => {
    set({ ...drawing, shapes: [...drawing.shapes, shape] });
    setSelected(shape.id);
  };
  const closeOutline = (): void => {
    add({ id: takeId(), kind: "polygon", points: corners, radiusPx: 0 });
    setCorners([]);
  };
  const remove = (shape: Shape): void => {
    set({ ...drawing, shapes: drawing.shapes.filter(({ id }) => id !== shape.id) });
    setSelected(undefined);
    // What was pressed is gone with it.
    left.current?.focus();
  };
  const chosen = drawing.shapes.find(({ id }) => id === selected);

  const apply = async (): Promise<void> => {
    setProblem(undefined);
    setApplying(true);
    abort.current = new AbortController();
    const { signal } = abort.current;
    const outcome = await redactPicture(file, redactionOf(drawing, width, height), { type, signal });
    if (signal.aborted) return;
    setApplying(false);
    if (outcome.ok) onCovered(outcome.value.file);
    else setProblem(outcome.code);
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
      <p>{t("cover.tip")}</p>
      {isAnimation && <p className="soft">{t("cover.animation")}</p>}
      <div className="row">
        <Button kind={isBlurred ? "primary" : "quiet"} onPress={() => setBlurred(!isBlurred)}>
          {t(isBlurred ? "cover.show" : "cover.blur")}
        </Button>
      </div>
      <RadioChoice
        isRow
        label={t("cover.tool")}
        value={tool}
        onChange={(next) => {
          setTool(next);
          setCorners([]);
        }}
        options={(["rectangle", "ellipse", "polygon", "stroke", "select"] as const).map((value) => ({
          value,
          text: t(`cover.tool.${value}`),
        }))}
      />
      {tool === "stroke" && (
        <RadioChoice
          isRow
          label={t("cover.brush")}
          value={brush}
          onChange={setBrush}
          options={(["thin", "medium", "thick"] as const).map((value) => ({ value, text: t(`cover.brush.${value}`) }))}
        />
      )}
      <p className="soft small">{t(`cover.how.${tool}`)}</p>
      <Stage
        preview={preview}
        width={width}
        height={height}
        isBlurred={isBlurred}
        tool={tool}
        brushPx={BRUSHES[brush] * Math.max(width, height)}
        editing={editing}
        selected={selected}
        nameOf={nameOf}
        onRemove={remove}
        onSelect={setSelected}
        takeId={takeId}
        proposals={proposals}
        pointed={pointed}
        corners={corners}
        onCorners={setCorners}
      />
      <div className="row">
        {tool !== "select" && (
          <Button kind="secondary" onPress={() => add(shapeInMiddle(tool, takeId(), width, height))}>
            {t("cover.add")}
          </Button>
        )}
        {corners.length > 2 && <Button onPress={closeOutline}>{t("cover.close")}</Button>}
        <Button kind="secondary" onPress={editing.undo} isDisabled={!editing.canUndo}>
          {t("cover.undo")}
        </Button>
      </div>
      <p role="status" className="soft small">
        {chosen !== undefined && whereOf(chosen)}
      </p>
      {chosen !== undefined && (
        <SelectedPanel
          shape={chosen}
          name={nameOf(chosen)}
          width={width}
          height={height}
          onChange={(shape) =>
            set({ ...drawing, shapes: drawing.shapes.map((each) => (each.id === shape.id ? shape : each)) })
          }
          onRemove={() => remove(chosen)}
        />
      )}
      <SuggestionsPanel
        pictureOf={async () => file}
        width={width}
        height={height}
        proposals={proposals}
        onProposals={setProposals}
        onPoint={setPointed}
        onAccept={(accepted) => {
          const shapes = accepted.map(({ shape }) => ({ ...shape, id: takeId() }));
          set({ ...drawing, shapes: [...drawing.shapes, ...shapes] });
        }}
      />
      <RadioChoice
        isRow
        label={t("cover.mode")}
        value={drawing.isRest ? "rest" : "marked"}
        onChange={(value) => set({ ...drawing, isRest: value === "rest" })}
        options={(["marked", "rest"] as const).map((value) => ({ value, text: t(`cover.mode.${value}`) }))}
      />
      <RadioChoice<FillName>
        isRow
        label={t("cover.fill")}
        value={drawing.fill}
        onChange={(fill) => set({ ...drawing, fill })}
        options={(["black", "grey", "white"] as const).map((value) => ({ value, text: t(`cover.fill.${value}`) }))}
      />
      <CropEdges edges={drawing.edges} onChange={(edges) => set({ ...drawing, edges })} />
      {problem !== undefined && (
        <Notice kind="attention" isAlert>
          <p>{t(fileProblemKey(problem, "image"))}</p>
          <p>{t("cover.failed")}</p>
        </Notice>
      )}
      {isApplying && <Progress label={t("cover.applying")} />}
      <p role="status" className="soft" ref={left} tabIndex={-1}>
        {doesSomething(drawing) ? t("cover.marked", { count: drawing.shapes.length }) : t("cover.none")}
      </p>
      <div className="row end">
        <Button kind="quiet" onPress={onBack}>
          {t("app.back")}
        </Button>
        <Button onPress={() => void apply()} isDisabled={!doesSomething(drawing) || isApplying}>
          {t("cover.apply")}
        </Button>
      </div>
    </div>
  );
};
