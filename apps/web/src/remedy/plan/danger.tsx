import { isInUnion } from "@recourse/remedy";
import { supportFor, type SupportEntry } from "../../support/directory.ts";
import { Entry } from "../../support/entry.tsx";
import { useWords } from "../words.tsx";

/** Lines of the police that are not for emergencies: in danger, they would be the wrong ones to try first. */
const NOT_URGENT: ReadonlySet<string> = new Set(["gb-police-101", "us-fbi"]);
const SHOWN = 4;

/**
 * Who can be called, lines for the worst hour first: of the person's country if it is known, else of the browser's;
 * and those of everywhere.
 */
const callable = (country: string | undefined): readonly SupportEntry[] => {
  const own =
    country === undefined
      ? navigator.languages.flatMap((locale) => /-([A-Z]{2})\b/.exec(locale)?.[1] ?? [])
      : [country];
  const near = own.flatMap((of) => supportFor({ country: of, danger: true }, isInUnion));
  return [...new Set(near)].filter(({ id, phone }) => phone !== undefined && !NOT_URGENT.has(id)).slice(0, SHOWN);
};

/** People to talk to, before anything else: no colours of alarm, nothing to fill in. */
export const Danger = ({ country }: { readonly country: string | undefined }) => {
  const t = useWords();
  const entries = callable(country);
  return (
    <section className="card danger" aria-labelledby="danger-title">
      <h2 id="danger-title">{t("danger.title")}</h2>
      <p>{t("danger.text")}</p>
      {entries.length > 0 && (
        <ul className="list">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      <p className="soft small">{t("danger.more")}</p>
    </section>
  );
};
