import { boundsOf, type Shape } from "./shape.ts";

interface OutlineProps {
  readonly shape: Shape;
  readonly className?: string;
  /** Drawn around it, in pixels of the picture. */
  readonly paddingPx?: number;
}

/** A shape as SVG draws it, with the padding that is covered around it. */
export const Outline = ({ shape, className, paddingPx = 0 }: OutlineProps) => {
  const { x, y, width, height } = boundsOf(shape);
  const common = { ...(className !== undefined && { className }), strokeWidth: 2 * paddingPx };
  const points = shape.points.map((point) => `${point.x},${point.y}`).join(" ");
  switch (shape.kind) {
    case "rectangle":
      return <rect x={x} y={y} width={width} height={height} {...common} />;
    case "ellipse":
      return <ellipse cx={x + width / 2} cy={y + height / 2} rx={width / 2} ry={height / 2} {...common} />;
    case "polygon":
      return <polygon points={points} strokeLinejoin="round" {...common} />;
    case "stroke":
      return (
        <polyline
          // A line to where it is draws a dot.
          points={shape.points.length === 1 ? `${points} ${points}` : points}
          {...common}
          fill="none"
          strokeLinecap="round"
          strokeLinejoin="round"
          strokeWidth={2 * (shape.radiusPx + paddingPx)}
        />
      );
  }
};
