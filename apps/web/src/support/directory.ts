/**
 * People to talk to. Each entry says when it was seen on its own site, or that it was not; the page shows both.
 * Names and numbers are data, the same in every language.
 */
export interface SupportEntry {
  readonly name: string;
  /** ISO 3166 code; left out: worldwide. */
  readonly country?: string;
  /** As the service itself gives it, to be dialled in its country. */
  readonly phone?: string;
  /** Host and path, https. */
  readonly site?: string;
  readonly hours?: string;
  readonly adultsOnly?: true;
  /** Day it was seen; left out: from memory, shown as not checked. */
  readonly verifiedOn?: string;
}

const SEEN = "2026-11-22";

export const SUPPORT: readonly SupportEntry[] = [
  { name: "StopNCII.org", site: "stopncii.org", adultsOnly: true, verifiedOn: SEEN },
  { name: "CCRI Image Abuse Helpline", country: "US", phone: "844-878-2274", verifiedOn: SEEN },
  { name: "988 Lifeline", country: "US", phone: "988", verifiedOn: SEEN },
  {
    name: "Revenge Porn Helpline",
    country: "GB",
    phone: "0345 6000 459",
    hours: "Mon-Fri 10-16",
    adultsOnly: true,
    verifiedOn: SEEN,
  },
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
  { name: "AEPD Canal prioritario", country: "ES", site: "aepd.es/canalprioritario", verifiedOn: SEEN },
  { name: "Hotline.ie", country: "IE", site: "hotline.ie/report", verifiedOn: SEEN },
  { name: "eSafety Commissioner", country: "AU", site: "esafety.gov.au", verifiedOn: SEEN },
  { name: "Netsafe", country: "NZ", phone: "0508 638 723", hours: "Mon-Fri 8-20, Sat-Sun 9-17", verifiedOn: SEEN },
  { name: "Cyber Crime Helpline", country: "IN", phone: "1930", verifiedOn: SEEN },
  { name: "Digital Rights Foundation", country: "PK", phone: "0800-39393", hours: "9-17", verifiedOn: SEEN },
  { name: "1366", country: "KR", phone: "1366", hours: "24/7", verifiedOn: SEEN },
  { name: "National Anti-Violence Helpline", country: "SG", phone: "1800-777-0000", verifiedOn: SEEN },
  { name: "PAPS", country: "JP", site: "paps.jp", verifiedOn: SEEN },
  { name: "Hilfetelefon", country: "DE", phone: "116 016" },
  { name: "1522", country: "IT", phone: "1522" },
  { name: "016", country: "ES", phone: "016" },
  { name: "IGVM", country: "BE", phone: "0800 12 800" },
  { name: "Frauenhelpline", country: "AT", phone: "0800 222 555" },
  { name: "Kvinnofridslinjen", country: "SE", phone: "020-50 50 50" },
  { name: "Acoso.online", site: "acoso.online" },
];
