import { Button } from "../../design/button.tsx";
import { useText } from "../../messages/translate.tsx";
import { boundsOf, movedBy, resizedTo, type Shape } from "./shape.ts";

interface SelectedPanelProps {
  readonly shape: Shape;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly onChange: (shape: Shape) => void;
  readonly onRemove: () => void;
}

/** A press is two hundredths of the picture. */
const STEP = 0.02;

/** Moving and resizing without dragging. */
export const SelectedPanel = ({ shape, name, width, height, onChange, onRemove }: SelectedPanelProps) => {
  const t = useText();
  const [dx, dy] = [width * STEP, height * STEP];
  const bounds = boundsOf(shape);
  const moves = {
    left: () => movedBy(shape, -dx, 0),
    right: () => movedBy(shape, dx, 0),
    up: () => movedBy(shape, 0, -dy),
    down: () => movedBy(shape, 0, dy),
    wider: () => resizedTo(shape, bounds.width + dx, bounds.height),
    narrower: () => resizedTo(shape, bounds.width - dx, bounds.height),
    taller: () => resizedTo(shape, bounds.width, bounds.height + dy),
    lower: () => resizedTo(shape, bounds.width, bounds.height - dy),
  } as const;
  return (
    <section className="card cover-selected" aria-label={name}>
      <div className="list-head">
        <strong>{name}</strong>
        <Button kind="quiet" onPress={onRemove} label={`${t("clean.remove")}: ${name}`}>
          {t("clean.remove")}
        </Button>
      </div>
      <div className="cover-moves">
        {(["left", "right", "up", "down", "wider", "narrower", "taller", "lower"] as const).map((move) => (
          <Button key={move} kind="secondary" onPress={() => onChange(moves[move]())}>
            {t(`cover.move.${move}`)}
          </Button>
        ))}
      </div>
    </section>
  );
};
