import type { Picture } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { useText } from "../messages/translate.tsx";
import { PictureNumbers } from "./picture-numbers.tsx";

interface NumbersProps {
  readonly pictures: readonly Picture[];
  /** Files that were chosen but could not be used. */
  readonly leftOut: number;
  /** Stronger recognition was chosen. */
  readonly isStronger: boolean;
  readonly onSend: () => void;
  readonly onBack: () => void;
}

/** Shows exactly what will be sent: the very numbers, and what they can and can't tell. */
export const Numbers = ({ pictures, leftOut, isStronger, onSend, onBack }: NumbersProps) => {
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
          {isStronger && <li>{t("numbers.stronger")}</li>}
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
