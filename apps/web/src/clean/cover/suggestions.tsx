import { type DoorErrorCode, type Suggestion, type SuggestionKind, suggestRegions } from "@recourse/redact/browser";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { Progress } from "../../design/progress.tsx";
import { useText } from "../../messages/translate.tsx";
import { boundsOf, type Shape, shapeOf } from "./shape.ts";

/** A suggestion that was neither taken nor left yet. */
export interface Proposal {
  readonly kind: SuggestionKind;
  /** Counted from 1 among those of its kind. */
  readonly number: number;
  readonly shape: Shape;
}

interface SuggestionsProps {
  /** The picture to look at. */
  readonly pictureOf: () => Promise<Blob>;
  /** Of the picture that is marked, which may be larger than the one looked at. */
  readonly width: number;
  readonly height: number;
  /** What it can't do, and what happens with what is taken. */
  readonly note: string;
  readonly proposals: readonly Proposal[];
  readonly onProposals: (proposals: readonly Proposal[]) => void;
  /** The one that a person points at or has the focus on. */
  readonly onPoint: (proposal: Proposal | undefined) => void;
  /** What the person wants covered. */
  readonly onAccept: (accepted: readonly Proposal[]) => void;
}

/** What one button looks for: each has a model of its own, which is loaded for it alone. */
const LOOKS = {
  faces: ["head", "qr_code"],
  writing: ["text"],
  screens: ["screen"],
} as const satisfies Readonly<Record<string, readonly SuggestionKind[]>>;
type Look = keyof typeof LOOKS;

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "looking"; readonly look: Look; readonly fraction: number }
  | { readonly kind: "found"; readonly look: Look; readonly suggestions: readonly Suggestion[] }
  | { readonly kind: "problem"; readonly code: DoorErrorCode };

const KINDS = ["head", "text", "screen", "qr_code"] as const satisfies readonly SuggestionKind[];

const proposalsOf = (suggestions: readonly Suggestion[], scale: number): readonly Proposal[] =>
  KINDS.flatMap((kind) =>
    suggestions
      .filter((suggestion) => suggestion.kind === kind)
      .map(({ region }, at): Proposal => {
        const { points, ...shape } = shapeOf(region, at);
        return {
          kind,
          number: at + 1,
          shape: { ...shape, points: points.map(({ x, y }) => ({ x: x * scale, y: y * scale })) },
        };
      }),
  );

/**
 * Looks for heads and codes, for writing, or for screens, when asked, on this device. What it finds is a proposal, taken or left one
 * by one or all together: nothing is covered by itself.
 */
export const SuggestionsPanel = ({
  pictureOf,
  width,
  height,
  note,
  proposals,
  onProposals,
  onPoint,
  onAccept,
}: SuggestionsProps) => {
  const t = useText();
  const [state, setState] = useState<State>({ kind: "idle" });
  const abort = useRef<AbortController>(undefined);
  const list = useRef<HTMLUListElement>(null);
  const status = useRef<HTMLParagraphElement>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const lookFor = async (look: Look): Promise<void> => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    const kinds: readonly SuggestionKind[] = LOOKS[look];
    const others = proposals.filter(({ kind }) => !kinds.includes(kind));
    onProposals(others);
    setState({ kind: "looking", look, fraction: 0 });
    const outcome = await suggestRegions(await pictureOf(), {
      look: kinds,
      signal,
      onProgress: (fraction) => setState({ kind: "looking", look, fraction }),
    });
    if (signal.aborted) return;
    if (!outcome.ok) {
      setState({ kind: "problem", code: outcome.code });
      return;
    }
    const { suggestions } = outcome.value;
    setState({ kind: "found", look, suggestions });
    onProposals([...others, ...proposalsOf(suggestions, width / outcome.value.width)]);
    status.current?.focus();
  };
  const stop = (): void => {
    abort.current?.abort();
    setState({ kind: "idle" });
  };
  /** Takes proposals off the list; the focus goes to the one that moves up, or to what is said above. */
  const settle = (settled: readonly Proposal[]): void => {
    const at = proposals.findIndex((each) => settled.includes(each));
    const rest = proposals.filter((each) => !settled.includes(each));
    onProposals(rest);
    onPoint(undefined);
    if (rest.length === 0) {
      setState({ kind: "idle" });
      status.current?.focus();
    } else {
      requestAnimationFrame(() => {
        list.current?.children[Math.min(at, rest.length - 1)]?.querySelector("button")?.focus();
      });
    }
  };
  const accept = (accepted: readonly Proposal[]): void => {
    onAccept(accepted);
    settle(accepted);
  };
  const count = (kind: SuggestionKind): number =>
    state.kind === "found" ? state.suggestions.filter((each) => each.kind === kind).length : 0;
  const nameOf = ({ kind, number }: Proposal): string => t(`cover.suggest.${kind}`, { number });
  const whereOf = ({ shape }: Proposal): string => {
    const { x, y } = boundsOf(shape);
    return t("cover.suggest.where", { left: Math.max(0, x / width), top: Math.max(0, y / height) });
  };

  return (
    <section className="card cover-selected suggestions" aria-label={t("cover.suggest")}>
      {state.kind === "looking" ? (
        <>
          <Progress label={t("cover.suggest.looking")} fraction={state.fraction} />
          <Button kind="quiet" onPress={stop}>
            {t("clean.stop")}
          </Button>
        </>
      ) : (
        <div className="row">
          <Button kind="secondary" onPress={() => void lookFor("faces")}>
            {t("cover.suggest.faces")}
          </Button>
          <Button kind="secondary" onPress={() => void lookFor("writing")}>
            {t("cover.suggest.writing")}
          </Button>
          <Button kind="secondary" onPress={() => void lookFor("screens")}>
            {t("cover.suggest.screens")}
          </Button>
        </div>
      )}
      <p role="status" ref={status} tabIndex={-1} className="said">
        {state.kind === "found" &&
          t(state.suggestions.length === 0 ? "cover.suggest.none" : `cover.suggest.found.${state.look}`, {
            heads: count("head"),
            codes: count("qr_code"),
            lines: count("text"),
            screens: count("screen"),
          })}
        {state.kind === "problem" && t("cover.suggest.failed")}
      </p>
      {proposals.length > 0 && (
        <>
          <ul className="marks-list" ref={list} aria-label={t("cover.suggest.list")}>
            {proposals.map((proposal) => (
              <li key={`${proposal.kind} ${proposal.number}`}>
                <div
                  role="presentation"
                  className="marks-row"
                  onPointerEnter={() => onPoint(proposal)}
                  onPointerLeave={() => onPoint(undefined)}
                  onFocus={() => onPoint(proposal)}
                  onBlur={() => onPoint(undefined)}
                >
                  <span>
                    {nameOf(proposal)} <span className="soft small">{whereOf(proposal)}</span>
                  </span>
                  <span className="row">
                    <Button
                      kind="secondary"
                      onPress={() => accept([proposal])}
                      label={`${t("cover.suggest.take")}: ${nameOf(proposal)}`}
                    >
                      {t("cover.suggest.take")}
                    </Button>
                    <Button
                      kind="quiet"
                      onPress={() => settle([proposal])}
                      label={`${t("cover.suggest.leave")}: ${nameOf(proposal)}`}
                    >
                      {t("cover.suggest.leave")}
                    </Button>
                  </span>
                </div>
              </li>
            ))}
          </ul>
          <div className="row">
            <Button onPress={() => accept(proposals)}>{t("cover.suggest.accept")}</Button>
            <Button kind="quiet" onPress={() => settle(proposals)}>
              {t("cover.suggest.dismiss")}
            </Button>
          </div>
        </>
      )}
      <p className="soft small">{note}</p>
    </section>
  );
};
