import { Fold } from "../design/fold.tsx";
import { useLanguage } from "../messages/translate.tsx";
import { supportByCountry } from "./directory.ts";
import { Entry } from "./entry.tsx";

/** Helplines: always at the same place, folded, so that nobody has to scroll past them. */
export const Support = () => {
  const { code, translate: t } = useLanguage();
  const names = new Intl.DisplayNames(code, { type: "region" });
  const nameOf = (country: string): string => (country === "" ? "" : (names.of(country) ?? country));
  return (
    <section aria-labelledby="support-title">
      <h2 id="support-title">{t("help.title")}</h2>
      <p className="soft">{t("help.lead")}</p>
      <Fold title={t("help.show")} level={3}>
        <div className="support">
          {supportByCountry(navigator.languages, nameOf).map(({ country, entries }) => (
            <section key={country ?? ""} className="support-country">
              <h4>{country === undefined ? t("help.worldwide") : nameOf(country)}</h4>
              <ul className="list">
                {entries.map((entry) => (
                  <Entry key={entry.name} entry={entry} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </Fold>
    </section>
  );
};
