import { DEFAULT_PADDING_PX, type Point } from "@recourse/redact";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { useText } from "../../messages/translate.tsx";
import { doesSomething } from "./drawing.ts";
import type { Marking } from "./marking.ts";
import { boundsOf, movedBy, resizedTo, type Shape, thinned } from "./shape.ts";
import { Outline } from "./shape-view.tsx";
import type { Proposal } from "./suggestions.tsx";

/** A step of an arrow key: a hundredth of the picture. */
const STEP = 0.01;

interface StageProps {
  readonly preview: ImageBitmap;
  readonly isBlurred: boolean;
  readonly marking: Marking;
  readonly onRemove: (shape: Shape) => void;
  readonly onSelect: (id: number | undefined) => void;
  /** What was suggested and neither taken nor left, and which of it is pointed at in its list. */
  readonly proposals: readonly Proposal[];
  readonly pointed: Proposal | undefined;
}

type Drag =
  | { readonly is: "draw"; readonly from: Point; readonly id: number }
  | { readonly is: "move"; readonly from: Point; readonly shape: Shape }
  | { readonly is: "resize"; readonly from: Point; readonly shape: Shape };

/** The picture with what is marked on it; drawn in by finger, pen or mouse, and by keys once a shape has the focus. */
export const Stage = ({ preview, isBlurred, marking, onRemove, onSelect, proposals, pointed }: StageProps) => {
  const { width, height, editing, tool, brushPx, selected, nameOf, takeId, corners, setCorners } = marking;
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag>(undefined);
  const { drawing, set, goOn } = editing;

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.drawImage(preview, 0, 0);
  }, [preview]);

  const pointOf = (event: PointerEvent): Point => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined) return { x: 0, y: 0 };
    return {
      x: Math.min(width, Math.max(0, ((event.clientX - box.left) / box.width) * width)),
      y: Math.min(height, Math.max(0, ((event.clientY - box.top) / box.height) * height)),
    };
  };

  const replaced = (shape: Shape): typeof drawing => ({
    ...drawing,
    shapes: drawing.shapes.map((each) => (each.id === shape.id ? shape : each)),
  });

  const onDown = (event: PointerEvent): void => {
    if (isBlurred || event.button !== 0) return;
    const from = pointOf(event);
    // A finger that leaves the picture goes on drawing at its edge.
    svg.current?.setPointerCapture(event.pointerId);
    const target = event.target instanceof Element ? event.target.closest<SVGElement>("[data-shape]") : null;
    const shape = drawing.shapes.find(({ id }) => String(id) === target?.dataset["shape"]);
    if (tool === "select" || target?.dataset["part"] === "handle") {
      onSelect(shape?.id);
      if (shape === undefined) return;
      drag.current = { is: target?.dataset["part"] === "handle" ? "resize" : "move", from, shape };
      set(drawing);
    } else if (tool === "polygon") setCorners([...corners, from]);
    else {
      const id = takeId();
      const radiusPx = tool === "stroke" ? brushPx : 0;
      set({
        ...drawing,
        shapes: [...drawing.shapes, { id, kind: tool, points: tool === "stroke" ? [from] : [from, from], radiusPx }],
      });
      drag.current = { is: "draw", from, id };
      onSelect(id);
    }
  };

  const onMove = (event: PointerEvent): void => {
    const current = drag.current;
    if (current === undefined) return;
    const to = pointOf(event);
    const [dx, dy] = [to.x - current.from.x, to.y - current.from.y];
    if (current.is === "move") goOn(replaced(movedBy(current.shape, dx, dy)));
    else if (current.is === "resize") {
      const bounds = boundsOf(current.shape);
      goOn(replaced(resizedTo(current.shape, bounds.width + dx, bounds.height + dy)));
    } else {
      const { id: drawn } = current;
      const shape = drawing.shapes.find(({ id }) => id === drawn);
      if (shape === undefined) return;
      goOn(replaced({ ...shape, points: shape.kind === "stroke" ? [...shape.points, to] : [current.from, to] }));
    }
  };

  const onUp = (): void => {
    const current = drag.current;
    drag.current = undefined;
    if (current === undefined || current.is !== "draw") return;
    // A tap makes no rectangle; a brush leaves a dot.
    const { id: drawn } = current;
    const shape = drawing.shapes.find(({ id }) => id === drawn);
    if (shape === undefined) return;
    if (shape.kind === "stroke") {
      goOn(replaced(thinned(shape)));
      return;
    }
    const { width: w, height: h } = boundsOf(shape);
    if (w < 4 || h < 4) editing.undo();
  };

  const onKey = (shape: Shape, event: KeyboardEvent): void => {
    const bounds = boundsOf(shape);
    const [dx, dy] = [width * STEP, height * STEP];
    const next = ((): Shape | null | undefined => {
      switch (event.key) {
        case "ArrowLeft":
          return movedBy(shape, -dx, 0);
        case "ArrowRight":
          return movedBy(shape, dx, 0);
        case "ArrowUp":
          return movedBy(shape, 0, -dy);
        case "ArrowDown":
          return movedBy(shape, 0, dy);
        case "+":
          return resizedTo(shape, bounds.width + dx, bounds.height + dy);
        case "-":
          return resizedTo(shape, bounds.width - dx, bounds.height - dy);
        case "Delete":
        case "Backspace":
          return null;
        default:
          return undefined;
      }
    })();
    if (next === undefined) return;
    event.preventDefault();
    if (next === null) onRemove(shape);
    else set(replaced(next));
  };

  // Handles are as large on a small screen as on a large one: in pixels of the picture.
  const unit = Math.max(width, height) / 100;
  const { edges } = drawing;
  const left = (edges.left * width) / 100;
  const top = (edges.top * height) / 100;
  const right = width - (edges.right * width) / 100;
  const bottom = height - (edges.bottom * height) / 100;
  const isRest = drawing.isRest && doesSomething(drawing) && drawing.shapes.length > 0;

  return (
    <div
      className={isBlurred ? "stage blurred" : "stage"}
      style={{ aspectRatio: `${width} / ${height}`, inlineSize: `min(100%, calc(75vh * ${width / height}))` }}
    >
      <canvas ref={canvas} width={preview.width} height={preview.height} aria-hidden="true" />
      <svg
        ref={svg}
        viewBox={`0 0 ${width} ${height}`}
        className={`stage-marks fill-${drawing.fill} tool-${tool}`}
        role="group"
        aria-label={t("cover.stage")}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
      >
        <mask id="stage-rest">
          <rect width={width} height={height} fill="white" />
          {drawing.shapes.map((shape) => (
            <g key={shape.id} fill="black" stroke="black">
              <Outline shape={shape} />
            </g>
          ))}
        </mask>
        {isRest && <rect width={width} height={height} className="stage-cover" mask="url(#stage-rest)" />}
        {drawing.shapes.map((shape) => {
          const bounds = boundsOf(shape);
          return (
            <g key={shape.id} data-shape={shape.id} className={shape.id === selected ? "mark selected" : "mark"}>
              <g
                // A shape is pressed to choose it, and moved by keys; the buttons below do the same.
                tabIndex={isBlurred ? -1 : 0}
                role="button"
                aria-pressed={shape.id === selected}
                aria-label={nameOf(shape)}
                onFocus={() => onSelect(shape.id)}
                onKeyDown={(event) => onKey(shape, event)}
                className={isRest ? "stage-kept" : "stage-cover"}
              >
                <Outline shape={shape} paddingPx={isRest ? 0 : DEFAULT_PADDING_PX} />
              </g>
              {shape.id === selected && (
                <>
                  <rect {...bounds} className="stage-frame" />
                  <rect
                    data-part="handle"
                    x={bounds.x + bounds.width - unit}
                    y={bounds.y + bounds.height - unit}
                    width={2 * unit}
                    height={2 * unit}
                    className="stage-handle"
                  />
                  <rect
                    data-part="handle"
                    x={bounds.x + bounds.width - 3 * unit}
                    y={bounds.y + bounds.height - 3 * unit}
                    width={6 * unit}
                    height={6 * unit}
                    className="stage-grip"
                  />
                </>
              )}
            </g>
          );
        })}
        {proposals.map((proposal) => (
          <g
            key={`${proposal.kind} ${proposal.number}`}
            aria-hidden="true"
            className={proposal === pointed ? "stage-proposal pointed" : "stage-proposal"}
          >
            <Outline shape={proposal.shape} />
          </g>
        ))}
        {corners.length > 0 && (
          <g className="stage-corners">
            <polyline points={corners.map(({ x, y }) => `${x},${y}`).join(" ")} />
            {corners.map(({ x, y }) => (
              <circle key={`${x} ${y}`} cx={x} cy={y} r={unit} />
            ))}
          </g>
        )}
        <path
          className="stage-cut"
          fillRule="evenodd"
          d={`M0 0H${width}V${height}H0ZM${left} ${top}V${bottom}H${right}V${top}Z`}
        />
      </svg>
    </div>
  );
};
