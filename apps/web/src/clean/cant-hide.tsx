import { Fold } from "../design/fold.tsx";
import { useText } from "../messages/translate.tsx";

const POINTS = ["scene", "noise", "tables", "size", "hum", "other"] as const;

/** What no cleaning takes out, said plainly, so that nobody relies on more than there is. */
export const CantHide = () => {
  const t = useText();
  return (
    <Fold title={t("clean.cant")} level={2}>
      <p>{t("clean.cant.lead")}</p>
      <ul>
        {POINTS.map((point) => (
          <li key={point}>
            <strong>{t(`clean.cant.head.${point}`)}</strong> {t(`clean.cant.${point}`)}
          </li>
        ))}
      </ul>
    </Fold>
  );
};
