import type { Signal } from "@recourse/protocol";
import { useState } from "react";
import { isExactOnly, type Picture } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Pattern } from "../design/pattern.tsx";
import { type MessageKey, type Translate, useText } from "../messages/translate.tsx";

/** A video has thousands of numbers: so many more are shown at each asking. */
const ROWS_AT_ONCE = 500;

const pdqKey = (kind: Extract<Signal, { type: "pdq" }>["kind"] = "original"): MessageKey => {
  if (kind === "original" || kind === "flattened" || kind === "frame") return `numbers.kind.${kind}`;
  if (/^(?:trimmed|barsCut|centre)/.test(kind))
    return kind.includes("-") ? "numbers.kind.partTurned" : "numbers.kind.part";
  return "numbers.kind.turned";
};

const kindOf = (t: Translate, signal: Signal): string => {
  switch (signal.type) {
    case "md5":
    case "sha256":
      return t(`numbers.kind.${signal.type}`);
    case "pdq":
      return t(pdqKey(signal.kind));
    case "pdq-local":
      return t("numbers.kind.patch");
    case "vpdq": {
      const at = Math.round(signal.timestampMs / 10) / 100;
      return t(signal.kind === "flipY" ? "numbers.kind.momentTurned" : "numbers.kind.moment", { at });
    }
  }
};

const keyOf = (signal: Signal): string =>
  signal.type === "vpdq" ? `${signal.timestampMs}${signal.kind ?? ""}${signal.value}` : `${signal.type}${signal.value}`;

/** One picture or video: its pattern, and behind a fold each of its numbers. */
export const PictureNumbers = ({ picture }: { readonly picture: Picture }) => {
  const t = useText();
  const [shown, setShown] = useState(0);
  if (picture.state.kind !== "ready") return null;
  const { reading, signals } = picture.state;
  const name = t(`choose.name.${reading.media}`, { number: picture.number });
  const patches = signals.filter(({ type }) => type === "pdq-local").length;
  return (
    <li>
      <div className="row top">
        {reading.media === "image" && !isExactOnly(reading) && (
          <Pattern hash={reading.fingerprint.pdq} label={t("numbers.drawing", { number: picture.number })} />
        )}
        <div className="grow">
          <strong>{name}</strong>
          {patches > 0 && <p className="soft small">{t("numbers.patches", { count: patches })}</p>}
          <Fold
            title={t("numbers.show", { count: signals.length })}
            level={2}
            onOpen={() => setShown((before) => Math.max(before, ROWS_AT_ONCE))}
          >
            {/* Can scroll, so it must take the focus for the keyboard to scroll it. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div className="numbers" tabIndex={0} role="region" aria-label={name}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("numbers.kind")}</th>
                    <th scope="col">{t("numbers.value")}</th>
                  </tr>
                </thead>
                <tbody>
                  {signals.slice(0, shown).map((signal) => (
                    <tr key={keyOf(signal)}>
                      <td>{kindOf(t, signal)}</td>
                      <td className="code">{signal.value}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {shown < signals.length && (
              <Button kind="quiet" onPress={() => setShown(shown + ROWS_AT_ONCE)}>
                {t("numbers.more", { count: signals.length - shown })}
              </Button>
            )}
          </Fold>
        </div>
      </div>
    </li>
  );
};
