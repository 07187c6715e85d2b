import { type PointerEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { AnswerField } from "../answer-field.tsx";
import { textAt } from "../facts-at.ts";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

/** The day as it is where the person is. */
const today = (): string => {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
};

type Point = readonly [x: number, y: number];

/** As the facts have it: strokes of x,y pairs in 0..1000. The bounds keep it within the facts' 20,000 characters. */
const MAX_POINTS = 2000;
const toValue = (strokes: readonly (readonly Point[])[]): string =>
  strokes.map((stroke) => stroke.map(([x, y]) => `${x},${y}`).join(" ")).join(";");
const fromValue = (value: string): readonly (readonly Point[])[] =>
  value.split(";").map((stroke) =>
    stroke.split(" ").flatMap((pair): Point[] => {
      const [x, y] = pair.split(",").map(Number);
      return x === undefined || y === undefined || Number.isNaN(x + y) ? [] : [[x, y]];
    }),
  );

const WIDTH = 600;
const HEIGHT = 180;

interface DrawProps {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Strokes of a pen, a finger or a mouse. Typing does the same without dragging. */
const Draw = ({ value, onChange }: DrawProps) => {
  const t = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = useRef<Point[][]>([]);
  useEffect(() => {
    strokes.current = value === undefined ? [] : fromValue(value).map((stroke) => [...stroke]);
    const context = canvas.current?.getContext("2d");
    if (context === undefined || context === null) return;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.strokeStyle = getComputedStyle(context.canvas).color;
    context.lineWidth = 3;
    context.lineCap = "round";
    for (const stroke of strokes.current) {
      context.beginPath();
      for (const [x, y] of stroke) context.lineTo((x / 1000) * WIDTH, (y / 1000) * HEIGHT);
      context.stroke();
    }
  }, [value]);

  const pointOf = (event: PointerEvent<HTMLCanvasElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (at: number, from: number, size: number) =>
      Math.min(1000, Math.max(0, Math.round(((at - from) / size) * 1000)));
    return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
  };

  return (
    <div className="stack">
      <canvas
        ref={canvas}
        className="sign-area"
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={t("sign.area")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          strokes.current.push([pointOf(event)]);
        }}
        onPointerMove={(event) => {
          const stroke = strokes.current.at(-1);
          if (!event.currentTarget.hasPointerCapture(event.pointerId) || stroke === undefined) return;
          if (strokes.current.reduce((sum, { length }) => sum + length, 0) >= MAX_POINTS) return;
          const from = stroke.at(-1);
          const to = pointOf(event);
          stroke.push(to);
          const context = event.currentTarget.getContext("2d");
          if (context === null || from === undefined) return;
          context.beginPath();
          context.moveTo((from[0] / 1000) * WIDTH, (from[1] / 1000) * HEIGHT);
          context.lineTo((to[0] / 1000) * WIDTH, (to[1] / 1000) * HEIGHT);
          context.stroke();
        }}
        onPointerUp={() => onChange(toValue(strokes.current))}
      />
      <div className="row">
        <Button kind="quiet" onPress={() => onChange(undefined)}>
          {t("sign.clear")}
        </Button>
      </div>
    </div>
  );
};

/** Typed or drawn. A name that is known is not typed again; a name that is typed here is known from then on. */
export const Signature = ({ remedyCase: { draft, facts, tell } }: { readonly remedyCase: RemedyCase }) => {
  const t = useWords();
  const who = facts.helper === undefined ? "person" : "helper";
  const [knownName] = useState(() => textAt(facts, `/${who}/name`));
  const { signature } = draft;
  const typed = signature?.kind === "typed" ? signature.value : "";
  const sign = (name: string): void => {
    tell("/signature", name.trim() === "" ? undefined : { kind: "typed", value: name, signedOn: today() });
  };
  return (
    <div className="field-group">
      {knownName === "" ? (
        <AnswerField
          label={t("sign.type")}
          hint={t("sign.type.hint")}
          value={typed}
          onChange={(name) => {
            sign(name);
            tell(`/${who}/name`, name.trim());
          }}
          maxLength={200}
        />
      ) : (
        <p>
          {typed === "" ? (
            <Button kind="secondary" onPress={() => sign(knownName)}>
              {t("sign.as", { name: knownName })}
            </Button>
          ) : (
            t("sign.signed", { name: typed })
          )}
        </p>
      )}
      <Fold title={t("sign.draw")} level={3} startsOpen={signature?.kind === "drawn"}>
        <Draw
          value={signature?.kind === "drawn" ? signature.value : undefined}
          onChange={(value) =>
            tell("/signature", value === undefined ? undefined : { kind: "drawn", value, signedOn: today() })
          }
        />
      </Fold>
    </div>
  );
};
