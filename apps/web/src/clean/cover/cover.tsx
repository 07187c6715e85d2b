import { type DoorErrorCode, type PictureType, redactPicture } from "@recourse/redact/browser";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { Progress } from "../../design/progress.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { useText } from "../../messages/translate.tsx";
import type { OpenOutcome } from "./open-messages.ts";
import { openPicture } from "./open-picture.ts";
import { CropEdges } from "./crop-edges.tsx";
import { doesSomething, redactionOf, useDrawing } from "./drawing.ts";
import { useMarking } from "./marking.ts";
import {
  CoverProblem,
  FillChoice,
  MarkButtons,
  Opening,
  SelectedMark,
  ToolChoice,
  UndoKeys,
} from "./marking-tools.tsx";
import type { Shape } from "./shape.ts";
import { type Proposal, SuggestionsPanel } from "./suggestions.tsx";
import { Stage } from "./stage.tsx";

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
    <Opening
      media="image"
      name={name}
      isOpening={opened === undefined}
      problem={opened?.ok === false ? opened.code : undefined}
      onBack={onBack}
    >
      {opened?.ok === true ? <Editor {...props} opened={opened} /> : null}
    </Opening>
  );
};

const Editor = ({ file, type, isAnimation, onCovered, onBack, opened }: CoverProps & { readonly opened: Opened }) => {
  const t = useText();
  const { preview, width, height } = opened;
  const editing = useDrawing();
  const { drawing, set } = editing;
  const marking = useMarking(editing, width, height);
  const [isBlurred, setBlurred] = useState(true);
  const [proposals, setProposals] = useState<readonly Proposal[]>([]);
  const [pointed, setPointed] = useState<Proposal>();
  const [isApplying, setApplying] = useState(false);
  const [problem, setProblem] = useState<DoorErrorCode>();
  const left = useRef<HTMLParagraphElement>(null);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const remove = (shape: Shape): void => {
    set({ ...drawing, shapes: drawing.shapes.filter(({ id }) => id !== shape.id) });
    marking.select(undefined);
    // What was pressed is gone with it.
    left.current?.focus();
  };

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
    <UndoKeys onUndo={editing.undo}>
      <p>{t("cover.tip")}</p>
      {isAnimation && <p className="soft">{t("cover.animation")}</p>}
      <div className="row">
        <Button kind={isBlurred ? "primary" : "quiet"} onPress={() => setBlurred(!isBlurred)}>
          {t(isBlurred ? "cover.show" : "cover.blur")}
        </Button>
      </div>
      <ToolChoice marking={marking} />
      <Stage
        preview={preview}
        isBlurred={isBlurred}
        marking={marking}
        onRemove={remove}
        onSelect={marking.select}
        proposals={proposals}
        pointed={pointed}
      />
      <MarkButtons marking={marking} />
      <SelectedMark
        marking={marking}
        shape={drawing.shapes.find(({ id }) => id === marking.selected)}
        onRemove={remove}
      />
      <SuggestionsPanel
        pictureOf={async () => file}
        width={width}
        height={height}
        note={t("cover.suggest.note")}
        proposals={proposals}
        onProposals={setProposals}
        onPoint={setPointed}
        onAccept={(accepted) => {
          const shapes = accepted.map(({ shape }) => ({ ...shape, id: marking.takeId() }));
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
      <FillChoice fill={drawing.fill} onChange={(fill) => set({ ...drawing, fill })} />
      <CropEdges edges={drawing.edges} onChange={(edges) => set({ ...drawing, edges })} />
      <CoverProblem media="image" problem={problem} />
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
    </UndoKeys>
  );
};
