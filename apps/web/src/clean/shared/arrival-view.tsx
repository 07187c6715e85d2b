import { Button } from "../../design/button.tsx";
import { Notice } from "../../design/notice.tsx";
import { Progress } from "../../design/progress.tsx";
import { useText } from "../../messages/translate.tsx";
import type { Arrival } from "./use-arrival.ts";

/** Files that are on their way from another app, or why they did not come. */
export const ArrivalView = ({ arrival }: { readonly arrival: Arrival }) => {
  const t = useText();
  const { state, stop } = arrival;
  switch (state.kind) {
    case "none":
      return null;
    case "taking":
      return (
        <div className="row spaced">
          <div className="grow">
            <Progress label={t("share.taking", { percent: state.fraction })} fraction={state.fraction} />
          </div>
          <Button kind="quiet" onPress={stop}>
            {t("clean.stop")}
          </Button>
        </div>
      );
    case "problem":
      return (
        <Notice kind="attention" isAlert>
          <p>{t(`share.problem.${state.code}`)}</p>
        </Notice>
      );
  }
};
