/** The parts of the screens that pictures and videos are marked with alike. */
import type { DoorErrorCode } from "@recourse/redact/browser";
import type { ReactNode } from "react";
import { Button } from "../../design/button.tsx";
import { Notice } from "../../design/notice.tsx";
import { Progress } from "../../design/progress.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Step } from "../../design/step.tsx";
import { fileProblemKey } from "../../messages/problem-keys.ts";
import { useText } from "../../messages/translate.tsx";
import type { FillName } from "./drawing.ts";
import { type Marking, TOOLS } from "./marking.ts";
import { SelectedPanel } from "./selected-panel.tsx";
import type { Shape } from "./shape.ts";

interface OpeningProps {
  readonly media: "image" | "video";
  readonly name: string;
  readonly isOpening: boolean;
  readonly problem: DoorErrorCode | undefined;
  readonly onBack: () => void;
  /** The editor, once the file is open. */
  readonly children: ReactNode;
}

/** The screen around the editor: its title, and what is said until the file is open, or if it can't be opened. */
export const Opening = ({ media, name, isOpening, problem, onBack, children }: OpeningProps) => {
  const t = useText();
  return (
    <Step title={t("cover.title")}>
      <p className="lead">{t(media === "video" ? "cover.video.lead" : "cover.lead")}</p>
      {isOpening && <Progress label={t("cover.opening", { name })} />}
      <CoverProblem media={media} problem={problem} />
      {children ?? (
        <div className="row end">
          <Button kind="quiet" onPress={onBack}>
            {t("app.back")}
          </Button>
        </div>
      )}
    </Step>
  );
};

interface CoverProblemProps {
  readonly media: "image" | "video";
  readonly problem: DoorErrorCode | undefined;
}

/** What went wrong, and that the file is as it was. */
export const CoverProblem = ({ media, problem }: CoverProblemProps) => {
  const t = useText();
  if (problem === undefined) return null;
  return (
    <Notice kind="attention" isAlert>
      <p>{t(fileProblemKey(problem, media))}</p>
      <p>{t(media === "video" ? "cover.video.failed" : "cover.failed")}</p>
    </Notice>
  );
};

interface UndoKeysProps {
  readonly onUndo: () => void;
  readonly children: ReactNode;
}

/** Control or command and Z takes back a step, wherever on the screen the focus is. */
export const UndoKeys = ({ onUndo, children }: UndoKeysProps) => (
  <div
    onKeyDown={(event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onUndo();
    }}
    role="presentation"
    className="cover"
  >
    {children}
  </div>
);

interface MarkingProps {
  readonly marking: Marking;
}

/** What to mark with, how thick, and how that is done. */
export const ToolChoice = ({ marking: { tool, chooseTool, brush, chooseBrush } }: MarkingProps) => {
  const t = useText();
  return (
    <>
      <RadioChoice
        isRow
        label={t("cover.tool")}
        value={tool}
        onChange={chooseTool}
        options={TOOLS.map((value) => ({ value, text: t(`cover.tool.${value}`) }))}
      />
      {tool === "stroke" && (
        <RadioChoice
          isRow
          label={t("cover.brush")}
          value={brush}
          onChange={chooseBrush}
          options={(["thin", "medium", "thick"] as const).map((value) => ({ value, text: t(`cover.brush.${value}`) }))}
        />
      )}
      <p className="soft small">{t(`cover.how.${tool}`)}</p>
    </>
  );
};

/** Adding without drawing, ending an outline, taking back. `onAdd` is told before anything is added. */
export const MarkButtons = ({ marking, onAdd }: MarkingProps & { readonly onAdd?: () => void }) => {
  const t = useText();
  const { tool, corners, editing } = marking;
  return (
    <div className="row">
      {tool !== "select" && (
        <Button
          kind="secondary"
          onPress={() => {
            onAdd?.();
            marking.addInMiddle();
          }}
        >
          {t("cover.add")}
        </Button>
      )}
      {corners.length > 2 && <Button onPress={marking.closeOutline}>{t("cover.close")}</Button>}
      <Button kind="secondary" onPress={editing.undo} isDisabled={!editing.canUndo}>
        {t("cover.undo")}
      </Button>
    </div>
  );
};

interface SelectedMarkProps extends MarkingProps {
  /** The chosen mark, if it is there. */
  readonly shape: Shape | undefined;
  readonly onRemove: (shape: Shape) => void;
}

/** Where the chosen mark is, said as it changes, and moving it without dragging. */
export const SelectedMark = ({ marking, shape, onRemove }: SelectedMarkProps) => (
  <>
    <p role="status" className="soft small said">
      {shape !== undefined && marking.whereOf(shape)}
    </p>
    {shape !== undefined && (
      <SelectedPanel
        shape={shape}
        name={marking.nameOf(shape)}
        width={marking.width}
        height={marking.height}
        onChange={marking.change}
        onRemove={() => onRemove(shape)}
      />
    )}
  </>
);

interface FillChoiceProps {
  readonly fill: FillName;
  readonly onChange: (fill: FillName) => void;
}

/** The colour of what is covered. */
export const FillChoice = ({ fill, onChange }: FillChoiceProps) => {
  const t = useText();
  return (
    <RadioChoice<FillName>
      isRow
      label={t("cover.fill")}
      value={fill}
      onChange={onChange}
      options={(["black", "grey", "white"] as const).map((value) => ({ value, text: t(`cover.fill.${value}`) }))}
    />
  );
};
