import { type DoorErrorCode, type Suggestion, suggestRegions } from "@recourse/redact/browser";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { Progress } from "../../design/progress.tsx";
import { useText } from "../../messages/translate.tsx";

interface SuggestionsProps {
  readonly file: Blob;
  /** What the person wants covered. */
  readonly onAccept: (suggestions: readonly Suggestion[]) => void;
}

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "looking"; readonly fraction: number }
  | { readonly kind: "found"; readonly suggestions: readonly Suggestion[] }
  | { readonly kind: "problem"; readonly code: DoorErrorCode };

/** Looks for heads and codes when asked, on this device. What it finds is a proposal: nothing is covered by itself. */
export const SuggestionsPanel = ({ file, onAccept }: SuggestionsProps) => {
  const t = useText();
  const [state, setState] = useState<State>({ kind: "idle" });
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const look = async (): Promise<void> => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setState({ kind: "looking", fraction: 0 });
    const outcome = await suggestRegions(file, {
      signal,
      onProgress: (fraction) => setState({ kind: "looking", fraction }),
    });
    if (signal.aborted) return;
    setState(
      outcome.ok ? { kind: "found", suggestions: outcome.value.suggestions } : { kind: "problem", code: outcome.code },
    );
  };
  const stop = (): void => {
    abort.current?.abort();
    setState({ kind: "idle" });
  };
  const count = (kind: Suggestion["kind"]): number =>
    state.kind === "found" ? state.suggestions.filter((each) => each.kind === kind).length : 0;

  return (
    <section className="card cover-selected" aria-label={t("cover.suggest")}>
      {state.kind === "looking" ? (
        <>
          <Progress label={t("cover.suggest.looking")} fraction={state.fraction} />
          <Button kind="quiet" onPress={stop}>
            {t("clean.stop")}
          </Button>
        </>
      ) : (
        <Button kind="secondary" onPress={() => void look()}>
          {t("cover.suggest")}
        </Button>
      )}
      <p role="status">
        {state.kind === "found" &&
          t(state.suggestions.length === 0 ? "cover.suggest.none" : "cover.suggest.found", {
            heads: count("head"),
            codes: count("qr_code"),
          })}
        {state.kind === "problem" && t("cover.suggest.failed")}
      </p>
      {state.kind === "found" && state.suggestions.length > 0 && (
        <div className="row">
          <Button
            onPress={() => {
              onAccept(state.suggestions);
              setState({ kind: "idle" });
            }}
          >
            {t("cover.suggest.accept")}
          </Button>
          <Button kind="quiet" onPress={() => setState({ kind: "idle" })}>
            {t("cover.suggest.dismiss")}
          </Button>
        </div>
      )}
      <p className="soft small">{t("cover.suggest.note")}</p>
    </section>
  );
};
