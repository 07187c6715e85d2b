import type { Finding } from "@recourse/scrub";
import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { useText } from "../messages/translate.tsx";
import type { CleanFile } from "./clean-file.ts";
import { placesOf } from "./coordinates.ts";
import type { Revealed } from "./describe-findings.ts";
import { HiddenView, kindOf } from "./hidden-view.tsx";
import { MapSketch } from "./map-sketch.tsx";
import type { Inspected } from "./worker-messages.ts";

const PAGE_ROWS = 50;

/** What formats call it: for who wants to know exactly. */
const Details = ({ findings }: { readonly findings: readonly Finding[] }) => {
  const t = useText();
  const [shown, setShown] = useState(PAGE_ROWS);
  return (
    <>
      {/* A region that scrolls can be reached by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="numbers" tabIndex={0} role="region" aria-label={t("clean.details")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("clean.details.name")}</th>
              <th scope="col">{t("clean.details.value")}</th>
              <th scope="col">{t("clean.details.where")}</th>
            </tr>
          </thead>
          <tbody>
            {findings.slice(0, shown).map((finding, index) => (
              // The same thing may well be found twice; rows never change place.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index}>
                <td>
                  <bdi lang="en">{finding.name}</bdi>
                </td>
                <td>
                  <bdi>{finding.value === "" ? "–" : finding.value}</bdi>
                </td>
                <td>
                  <bdi lang="en">{finding.where}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {findings.length > shown && (
        <Button kind="quiet" onPress={() => setShown(shown + PAGE_ROWS)}>
          {t("numbers.more", { count: findings.length - shown })}
        </Button>
      )}
    </>
  );
};

interface FindingsViewProps {
  readonly file: CleanFile;
  readonly seen: Inspected;
  readonly revealed: readonly Revealed[];
}

/** All that one file gives away, by what it reveals. */
export const FindingsView = ({ file, seen, revealed }: FindingsViewProps) => {
  const t = useText();
  const [place] = placesOf(seen.report.findings);
  return (
    <>
      <ul className="revealed">
        {revealed.map(({ kind, severity, statements }) => (
          <li key={kind}>
            <span className="list-head">
              <strong>{t(`clean.kind.${kind}`)}</strong>
              <span className={`tag clue-${severity}`}>{t(`clean.severity.${severity}`)}</span>
            </span>
            {statements.map((statement) => (
              <span key={`${statement.key} ${JSON.stringify(statement.values)}`}>
                {t(statement.key, statement.values)}
              </span>
            ))}
            {kind === "location" && place !== undefined && <MapSketch place={place} />}
            {kind === "hidden_media" && seen.hidden.length > 0 && (
              <ul className="hidden-list">
                {seen.hidden.map((hidden, index) => (
                  <HiddenView
                    key={hidden.offset}
                    file={file.file}
                    hidden={hidden}
                    // Counted for each kind by itself.
                    number={seen.hidden.slice(0, index + 1).filter((other) => kindOf(other) === kindOf(hidden)).length}
                  />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <Fold title={t("clean.details")} level={4}>
        <Details findings={seen.report.findings} />
      </Fold>
    </>
  );
};
