import type { Signal } from "@recourse/protocol";
import { isExactOnly, itemOf, type Picture } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { Notice } from "../design/notice.tsx";
import { Pattern } from "../design/pattern.tsx";
import { Step } from "../design/step.tsx";
import { type MessageKey, useText } from "../messages/translate.tsx";

const kindKey = (signal: Signal): MessageKey => {
  if (signal.type === "md5" || signal.type === "sha256") return `numbers.kind.${signal.type}`;
  // The page makes no signals of other types yet.
  if (signal.type !== "pdq") return "numbers.kind.turned";
  const { kind } = signal;
  return kind === "original" || kind === "flattened" || kind === "frame"
    ? `numbers.kind.${kind}`
    : "numbers.kind.turned";
};

const PictureNumbers = ({ picture }: { readonly picture: Picture }) => {
  const t = useText();
  if (picture.state.kind !== "ready") return null;
  const { fingerprint } = picture.state;
  const { signals } = itemOf(picture, fingerprint);
  const name = t("choose.picture", { number: picture.number });
  return (
    <li>
      <div className="row top">
        {!isExactOnly(fingerprint) && (
          <Pattern hash={fingerprint.pdq} label={t("numbers.drawing", { number: picture.number })} />
        )}
        <div className="grow">
          <strong>{name}</strong>
          <Fold title={t("numbers.show", { count: signals.length })} level={2}>
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
                  {signals.map((signal) => (
                    <tr key={`${signal.type}${signal.value}`}>
                      <td>{t(kindKey(signal))}</td>
                      <td className="code">{signal.value}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Fold>
        </div>
      </div>
    </li>
  );
};

interface NumbersProps {
  readonly pictures: readonly Picture[];
  /** Pictures that were chosen but could not be used. */
  readonly leftOut: number;
  readonly onSend: () => void;
  readonly onBack: () => void;
}

/** Shows exactly what will be sent: the very numbers, and what they can and can't tell. */
export const Numbers = ({ pictures, leftOut, onSend, onBack }: NumbersProps) => {
  const t = useText();
  return (
    <Step title={t("numbers.title")}>
      <p className="lead">{t("numbers.lead", { count: pictures.length })}</p>
      {leftOut > 0 && (
        <Notice kind="attention">
          <p>{t("choose.leftOut", { count: leftOut })}</p>
        </Notice>
      )}
      <ul className="list">
        {pictures.map((picture) => (
          <PictureNumbers key={picture.id} picture={picture} />
        ))}
      </ul>
      <section className="card">
        <h2>{t("numbers.what")}</h2>
        <ul>
          {(["1", "2", "3", "4"] as const).map((part) => (
            <li key={part}>{t(`numbers.what.${part}`)}</li>
          ))}
        </ul>
      </section>
      <p className="spaced">{t("numbers.also")}</p>
      <div className="row end">
        <Button kind="quiet" onPress={onBack}>
          {t("app.back")}
        </Button>
        <Button onPress={onSend}>{t("numbers.send")}</Button>
      </div>
    </Step>
  );
};
