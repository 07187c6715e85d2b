import { Fold } from "../design/fold.tsx";
import { useLanguage } from "../messages/translate.tsx";
import { SUPPORT, type SupportEntry } from "./directory.ts";

const Entry = ({ entry }: { readonly entry: SupportEntry }) => {
  const { code, translate: t } = useLanguage();
  const country =
    entry.country === undefined ? undefined : new Intl.DisplayNames(code, { type: "region" }).of(entry.country);
  return (
    <li>
      <div className="list-head">
        <strong>
          <bdi>{entry.name}</bdi>
        </strong>
        {country !== undefined && <span className="soft">{country}</span>}
      </div>
      {entry.phone !== undefined && (
        <div>
          <a className="code" href={`tel:${entry.phone.replaceAll(/[^+\d]/g, "")}`}>
            {entry.phone}
          </a>
          {entry.hours !== undefined && <bdi className="soft"> ({entry.hours})</bdi>}
        </div>
      )}
      {entry.site !== undefined && (
        <div>
          <a className="code" href={`https://${entry.site}`} rel="noreferrer noopener">
            {entry.site}
          </a>
        </div>
      )}
      <div className="soft small">
        {entry.adultsOnly === true && <>{t("help.adults")} · </>}
        {entry.verifiedOn === undefined
          ? t("help.unverified")
          : t("help.verified", { date: new Date(`${entry.verifiedOn}T12:00:00Z`) })}
      </div>
    </li>
  );
};

/** Helplines: always at the same place, folded, so that nobody has to scroll past them. */
export const Support = () => {
  const { translate: t } = useLanguage();
  return (
    <section aria-labelledby="support-title">
      <h2 id="support-title">{t("help.title")}</h2>
      <p className="soft">{t("help.lead")}</p>
      <Fold title={t("help.show")} level={3}>
        <ul className="list">
          {SUPPORT.map((entry) => (
            <Entry key={`${entry.country ?? ""}${entry.name}`} entry={entry} />
          ))}
        </ul>
      </Fold>
    </section>
  );
};
