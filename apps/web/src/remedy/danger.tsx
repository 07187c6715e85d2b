import { SUPPORT } from "../support/directory.ts";
import { Entry } from "../support/entry.tsx";
import { useWords } from "./words.tsx";

/** Numbers of the police that are not for emergencies: in danger, they would be the wrong ones to try first. */
const NOT_URGENT: ReadonlySet<string> = new Set(["Police 101", "FBI"]);

/** Who can be called: of the person's country if it is known, else of the browser's; and those of everywhere. */
const callable = (country: string | undefined) => {
  const own =
    country === undefined
      ? navigator.languages.flatMap((locale) => /-([A-Z]{2})\b/.exec(locale)?.[1] ?? [])
      : [country];
  const near = SUPPORT.filter(
    ({ name, phone, country: of }) => phone !== undefined && own.includes(of ?? "") && !NOT_URGENT.has(name),
  );
  // A line for whoever thinks of hurting themselves comes before all others.
  return near.toSorted((a, b) => Number(b.name.startsWith("988")) - Number(a.name.startsWith("988"))).slice(0, 4);
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
            <Entry key={entry.name} entry={entry} />
          ))}
        </ul>
      )}
      <p className="soft small">{t("danger.more")}</p>
    </section>
  );
};
