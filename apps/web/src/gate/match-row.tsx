import type { Match, Opinion } from "@recourse/protocol";
import { MATCH_RADIUS_BITS, OPINIONS } from "@recourse/protocol/constants";
import { useState } from "react";
import { codeOf } from "../ask-server.ts";
import { Button } from "../design/button.tsx";
import { problemKey, useText } from "../messages/translate.tsx";

interface MatchRowProps {
  readonly match: Match;
  /** Rejects with a ServerError. */
  readonly onOpinion: (opinion: Opinion) => Promise<void>;
}

/** A match: how far it is, as a bar up to the limit, and the reviewer's opinion to send back. */
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
      <p>{t("try.distance", { signal: match.signalType.toUpperCase(), bits: match.distance, bank: match.bank })}</p>
      <div className="distance" aria-hidden="true">
        <div style={{ inlineSize: `${Math.max(3, (100 * match.distance) / MATCH_RADIUS_BITS)}%` }} />
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
