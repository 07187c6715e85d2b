import { Fold } from "../../design/fold.tsx";
import { useText } from "../../messages/translate.tsx";
import type { Edges } from "./drawing.ts";

/** Of each edge, so that something stays in between. */
const MAX_PERCENT = 48;

/** Cutting off edges: pressed, dragged or moved by arrow keys, as the browser's sliders are. */
export const CropEdges = ({
  edges,
  onChange,
}: {
  readonly edges: Edges;
  readonly onChange: (edges: Edges) => void;
}) => {
  const t = useText();
  return (
    <Fold title={t("cover.crop")} level={2}>
      <div className="cover-edges">
        {(["left", "right", "top", "bottom"] as const).map((edge) => (
          <label key={edge}>
            <span>{t(`cover.crop.${edge}`, { percent: edges[edge] / 100 })}</span>
            <input
              type="range"
              min={0}
              max={MAX_PERCENT}
              value={edges[edge]}
              onChange={(event) => onChange({ ...edges, [edge]: Number(event.target.value) })}
            />
          </label>
        ))}
      </div>
    </Fold>
  );
};
