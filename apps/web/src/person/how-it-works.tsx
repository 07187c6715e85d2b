import type { ReactNode } from "react";
import { useText } from "../messages/translate.tsx";

/** Squares of the second drawing, row by row; a pattern as PDQ has, smaller. */
const SQUARES = ["110100", "011010", "100111", "010100", "111001", "001011"];

const Drawing = ({ children }: { readonly children: ReactNode }) => (
  <svg className="how-drawing" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

/** A telephone with a picture in it, the numbers as a pattern, a shield: what happens, before anyone has to read. */
const DRAWINGS = {
  1: (
    <Drawing>
      <rect x="13" y="4" width="22" height="40" rx="4.5" className="how-line" />
      <rect x="17.5" y="12" width="13" height="17" rx="1.5" className="how-fill" />
      <path d="M17.5 26l4.2-5 3.2 3.6 2.2-2.4 3.4 4" className="how-line" />
      <path d="M22 38.5h4" className="how-line" />
    </Drawing>
  ),
  2: (
    <Drawing>
      <rect x="7" y="7" width="34" height="34" rx="3" className="how-line" />
      {SQUARES.flatMap((row, y) =>
        [...row].map((square, x) =>
          square === "1" ? (
            // Squares never change place.
            // oxlint-disable-next-line react/no-array-index-key
            <rect key={`${x} ${y}`} x={9 + 5 * x} y={9 + 5 * y} width="5" height="5" className="how-ink" />
          ) : null,
        ),
      )}
    </Drawing>
  ),
  3: (
    <Drawing>
      <path d="M24 4.5l15 5.2v11.6c0 9.6-6 17.2-15 22.2-9-5-15-12.6-15-22.2V9.7z" className="how-line how-fill" />
      <path d="M17 23.5l5.2 5.2L31.5 19" className="how-line" />
    </Drawing>
  ),
} as const;

/** The way of a picture in three small drawings. */
export const HowItWorks = () => {
  const t = useText();
  return (
    <section aria-labelledby="how-title">
      <h2 id="how-title">{t("start.how")}</h2>
      <ol className="how">
        {([1, 2, 3] as const).map((part) => (
          <li key={part}>
            {DRAWINGS[part]}
            <span>{t(`start.how.${part}`)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
};
