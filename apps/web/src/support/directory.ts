/**
 * People to talk to. Each entry says when it was seen on its own site, or that it was not; the page shows both.
 * Names, numbers and hours are data, the same in every language.
 */
export interface SupportEntry {
  readonly name: string;
  /** ISO 3166 code, or EU; left out: worldwide. */
  readonly country?: string;
  /** As the service itself gives it, to be dialled in its country. Letters are followed by their digits in brackets. */
  readonly phone?: string;
  /** Host and path, https. */
  readonly site?: string;
  readonly hours?: string;
  /** Whom it is for, where it is not for everybody. */
  readonly age?: "adults" | "youth";
  /** Day it was seen; left out: from memory, shown as not checked. */
  readonly verifiedOn?: string;
}

const SEEN = "2026-11-22";

/** For pictures of people under 18; the first is the one to begin with. */
export const YOUTH_SUPPORT = {
  takeItDown: { name: "Take It Down (NCMEC)", site: "takeitdown.ncmec.org", age: "youth", verifiedOn: SEEN },
  ncmec: { name: "NCMEC", country: "US", phone: "1-800-THE-LOST (843-5678)", verifiedOn: SEEN },
  reportRemove: {
    name: "Report Remove (Childline, IWF)",
    country: "GB",
    site: "www.childline.org.uk/remove",
    age: "youth",
  },
  iwf: { name: "Internet Watch Foundation", site: "report.iwf.org.uk" },
} as const satisfies Readonly<Record<string, SupportEntry>>;

export const SUPPORT: readonly SupportEntry[] = [
  { name: "StopNCII.org", site: "stopncii.org", age: "adults", verifiedOn: SEEN },
  YOUTH_SUPPORT.takeItDown,
  { name: "CCRI Image Abuse Helpline", country: "US", phone: "844-878-2274", verifiedOn: SEEN },
  YOUTH_SUPPORT.ncmec,
  { name: "FBI", country: "US", phone: "1-800-CALL-FBI (225-5324)", site: "tips.fbi.gov", verifiedOn: SEEN },
  { name: "988 Lifeline", country: "US", phone: "988", verifiedOn: SEEN },
  {
    name: "Revenge Porn Helpline",
    country: "GB",
    phone: "0345 6000 459",
    hours: "Mon-Fri 10-16",
    age: "adults",
    verifiedOn: SEEN,
  },
  YOUTH_SUPPORT.reportRemove,
  { name: "Police 101", country: "GB", phone: "101", verifiedOn: SEEN },
  {
    name: "HateAid",
    country: "DE",
    phone: "030 252 088 38",
    hours: "Mon 10-13, Tue 15-18, Thu 16-19",
    verifiedOn: SEEN,
  },
  { name: "Helpwanted", country: "NL", phone: "020-261 52 75", verifiedOn: SEEN },
  { name: "3018", country: "FR", phone: "3018", hours: "9-23", verifiedOn: SEEN },
  { name: "Permesso Negato", country: "IT", site: "permessonegato.it", verifiedOn: SEEN },
  { name: "Garante privacy", country: "IT", site: "gpdp.it/temi/revengeporn", verifiedOn: SEEN },
  { name: "AEPD Canal prioritario", country: "ES", site: "aepd.es/canalprioritario", verifiedOn: SEEN },
  { name: "Hotline.ie", country: "IE", site: "hotline.ie/report", verifiedOn: SEEN },
  { name: "eSafety Commissioner", country: "AU", site: "esafety.gov.au", verifiedOn: SEEN },
  { name: "Emergency 000", country: "AU", phone: "000", verifiedOn: SEEN },
  { name: "Netsafe", country: "NZ", phone: "0508 638 723", hours: "Mon-Fri 8-20, Sat-Sun 9-17", verifiedOn: SEEN },
  { name: "Cyber Crime Helpline", country: "IN", phone: "1930", verifiedOn: SEEN },
  { name: "Digital Rights Foundation", country: "PK", phone: "0800-39393", hours: "9-17", verifiedOn: SEEN },
  { name: "1366", country: "KR", phone: "1366", hours: "24/7", verifiedOn: SEEN },
  { name: "National Anti-Violence Helpline", country: "SG", phone: "1800-777-0000", verifiedOn: SEEN },
  { name: "SHECARES@SCWO", country: "SG", verifiedOn: SEEN },
  { name: "PAPS", country: "JP", site: "paps.jp", verifiedOn: SEEN },
  { name: "Acoso.online", site: "acoso.online" },
  YOUTH_SUPPORT.iwf,
  { name: "116 006", country: "EU", phone: "116 006" },
  { name: "Hilfetelefon", country: "DE", phone: "116 016" },
  { name: "1522", country: "IT", phone: "1522" },
  { name: "016", country: "ES", phone: "016" },
  { name: "017", country: "ES", phone: "017" },
  { name: "Women’s Aid", country: "IE", phone: "1800 341 900" },
  { name: "IGVM", country: "BE", phone: "0800 12 800" },
  { name: "Frauenhelpline", country: "AT", phone: "0800 222 555" },
  { name: "Kvinnofridslinjen", country: "SE", phone: "020-50 50 50" },
  { name: "1800RESPECT", country: "AU", phone: "1800 737 732" },
  { name: "Need Help Now", country: "CA", site: "needhelpnow.ca" },
  { name: "*765", country: "MX", phone: "*765" },
  { name: "Luchadoras", country: "MX" },
  { name: "Ligue 180", country: "BR", phone: "180" },
  { name: "SaferNet", country: "BR" },
  { name: "144", country: "AR", phone: "144" },
  { name: "0800 428 428", country: "ZA", phone: "0800 428 428" },
  { name: "113", country: "TW", phone: "113" },
];

export interface CountrySupport {
  /** Left out: worldwide. */
  readonly country?: string;
  readonly entries: readonly SupportEntry[];
}

/**
 * The directory a country at a time: first the countries of the person's own languages (`locales`, as a browser names
 * them: "es-MX"), then worldwide, then all others by the name that `nameOf` gives; within each, checked entries first.
 */
export const supportByCountry = (
  locales: readonly string[],
  nameOf: (country: string) => string,
): readonly CountrySupport[] => {
  const own = locales.flatMap((locale) => locale.match(/-([A-Z]{2})\b/)?.[1] ?? []);
  const rank = (country: string | undefined): number => {
    if (country === undefined) return own.length;
    const place = own.indexOf(country);
    return place === -1 ? own.length + 1 : place;
  };
  return [...new Set(SUPPORT.map(({ country }) => country))]
    .map((country) => ({
      ...(country === undefined ? {} : { country }),
      entries: SUPPORT.filter((entry) => entry.country === country).toSorted(
        (a, b) => Number(a.verifiedOn === undefined) - Number(b.verifiedOn === undefined),
      ),
    }))
    .toSorted(
      (a, b) => rank(a.country) - rank(b.country) || nameOf(a.country ?? "").localeCompare(nameOf(b.country ?? "")),
    );
};
