import { useId, useMemo } from "react";
import { useLanguage } from "../messages/translate.tsx";
import { useWords } from "./words.tsx";

/** ISO 3166-1. */
const COUNTRIES =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split(
    " ",
  );

interface CountryChoiceProps {
  readonly value: string;
  readonly onChange: (country: string) => void;
}

/** A system's own list, which every phone knows how to search. The browser's own countries stand first; none is chosen. */
export const CountryChoice = ({ value, onChange }: CountryChoiceProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const id = useId();
  const all = useMemo(() => {
    const names = new Intl.DisplayNames(code, { type: "region" });
    return COUNTRIES.map((country) => ({ country, name: names.of(country) ?? country })).toSorted((a, b) =>
      a.name.localeCompare(b.name, code),
    );
  }, [code]);
  const near = navigator.languages.flatMap((locale) => /-([A-Z]{2})\b/.exec(locale)?.[1] ?? []);
  const option = ({ country, name }: (typeof all)[number]) => (
    <option key={country} value={country}>
      {name}
    </option>
  );
  return (
    <div className="field">
      <label htmlFor={id}>{t("country.label")}</label>
      <span id={`${id}-hint`} className="soft small">
        {t("country.hint")}
      </span>
      <select
        id={id}
        aria-describedby={`${id}-hint`}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t("country.none")}</option>
        {near.length > 0 && (
          <optgroup label={t("country.near")}>
            {all.filter(({ country }) => near.includes(country)).map(option)}
          </optgroup>
        )}
        <optgroup label={t("country.all")}>{all.filter(({ country }) => !near.includes(country)).map(option)}</optgroup>
      </select>
    </div>
  );
};
