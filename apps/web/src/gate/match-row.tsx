import type { Match, Opinion } from "@recourse/protocol";
import { OPINIONS } from "@recourse/protocol/constants";
import { useState } from "react";
import { codeOf } from "../ask-server.ts";
import { Button } from "../design/button.tsx";
import { problemKey } from "../messages/problem-keys.ts";
import { useText } from "../messages/translate.tsx";
import { matchSentences } from "./match-words.ts";

interface MatchRowProps {
  readonly match: Match;
  /** Rejects with a ServerError. */
  readonly onOpinion: (opinion: Opinion) => Promise<void>;
}

/** A match: by which way, how strong in words and as a bar, and the reviewer's opinion to send back. */
export const MatchRow = ({ match, onOpinion }: MatchRowProps) => {
  const t = useText();
  const [said, setSaid] = useState("");
  const [isBusy, setBusy] = useState(false);

  const give = async (opinion: Opinion): Promise<void> => {
    setBusy(true);
    setSaid("");
    try {
      await onOpinion(opinion);
      setSaid(t("try.opinion.sent"));
    } catch (error) {
      setSaid(t(problemKey(codeOf(error))));
    } finally {
      setBusy(false);
    }
  };

  return (
    <li>
      {matchSentences(t, match).map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
      {/* Rounded down: only the same bytes are 100%. */}
      <p className="spaced">{t("try.strength", { percent: Math.floor(100 * match.score) / 100, bank: match.bank })}</p>
      <div className="strength" aria-hidden="true">
        <div style={{ inlineSize: `${Math.max(3, 100 * match.score)}%` }} />
      </div>
      <p className="spaced">{t("try.opinion")}</p>
      <div className="row">
        {OPINIONS.map((opinion) => (
          <Button key={opinion} kind="secondary" isDisabled={isBusy} onPress={() => void give(opinion)}>
            {t(`try.opinion.${opinion}`)}
          </Button>
        ))}
      </div>
      <p role="status" className="soft">
        {said}
      </p>
    </li>
  );
};
