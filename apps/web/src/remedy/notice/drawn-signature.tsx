import { readStrokes } from "@recourse/remedy";
import { useWords } from "../words.tsx";

/** The drawing area is 600 by 180. */
const HEIGHT = 0.3;

/** A signature as it was drawn; nothing for what is no drawing. */
export const DrawnSignature = ({ value }: { readonly value: string }) => {
  const t = useWords();
  const strokes = readStrokes(value);
  if (strokes === undefined) return null;
  return (
    <svg className="drawn-signature" viewBox={`0 0 1000 ${1000 * HEIGHT}`} role="img" aria-label={t("sign.drawn")}>
      {strokes.map((stroke) => {
        const points = stroke.map(([x, y]) => `${x},${y * HEIGHT}`).join(" ");
        return <polyline key={points} points={points} fill="none" stroke="currentColor" strokeWidth={5} />;
      })}
    </svg>
  );
};
