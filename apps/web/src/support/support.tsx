import { Fold } from "../design/fold.tsx";
import { OutsideLink } from "../design/outside-link.tsx";
import { type Translate, useLanguage } from "../messages/translate.tsx";
import { SUPPORT, type SupportEntry } from "./directory.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Numbers and hours change; after half a year an entry says so. */
const FRESH_DAYS = 180;

const checkedSentence = (t: Translate, verifiedOn: string | undefined): string => {
  if (verifiedOn === undefined) return t("help.unverified");
  const date = new Date(`${verifiedOn}T12:00:00Z`);
  return t(Date.now() - date.getTime() < FRESH_DAYS * DAY_MS ? "help.verified" : "help.expired", { date });
};

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
          {entry.hours !== undefined && (
            <div className="soft small">{t("help.hours", { hours: `\u2066${entry.hours}\u2069` })}</div>
          )}
        </div>
      )}
      {entry.site !== undefined && (
        <div>
          <OutsideLink site={entry.site}>
            <bdi>{entry.site}</bdi>
          </OutsideLink>
        </div>
      )}
      <div className="soft small">
        {entry.adultsOnly === true && <>{t("help.adults")} · </>}
        {checkedSentence(t, entry.verifiedOn)}
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
