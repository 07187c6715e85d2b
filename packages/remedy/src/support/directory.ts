/**
 * People to talk to, from `support/support.json`. Each entry says when it was seen on its own site, or that it was not;
 * whoever shows it shows that too. Names, numbers and hours are data, the same in every language.
 */
import file from "../../support/support.json" with { type: "json" };

export interface SupportEntry {
  readonly id: string;
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
  /** For the worst hour: an emergency number, a line against suicide, a line against violence. */
  readonly crisis?: "emergency" | "suicide" | "violence";
  /** Day it was seen; left out: from memory, shown as not checked. */
  readonly verifiedOn?: string;
}

// The first page shows this directory, so it is a test that holds the file to its form, and no library at run-time.
export const SUPPORT = file as readonly SupportEntry[];

const byId = (id: string): SupportEntry => {
  const found = SUPPORT.find((entry) => entry.id === id);
  if (found === undefined) throw new TypeError("support.json lacks an entry that is named by its id");
  return found;
};

/** For pictures of people under 18; the first is the one to begin with. */
export const YOUTH_SUPPORT = {
  takeItDown: byId("take-it-down"),
  ncmec: byId("ncmec"),
  reportRemove: byId("report-remove"),
  iwf: byId("iwf"),
} as const;

/** Numbers and hours change: an entry seen longer ago, or never, is shown as not checked (`nowMs` in milliseconds). */
export const SUPPORT_REVIEW_DAYS = 180;
export const isSupportStale = ({ verifiedOn }: SupportEntry, nowMs: number): boolean =>
  verifiedOn === undefined || nowMs - Date.parse(`${verifiedOn}T00:00:00Z`) > SUPPORT_REVIEW_DAYS * 86_400_000;

export interface CountrySupport {
  /** Left out: worldwide. */
  readonly country?: string;
  readonly entries: readonly SupportEntry[];
}

const byChecked = (a: SupportEntry, b: SupportEntry): number =>
  Number(a.verifiedOn === undefined) - Number(b.verifiedOn === undefined);

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
      entries: SUPPORT.filter((entry) => entry.country === country).toSorted(byChecked),
    }))
    .toSorted(
      (a, b) => rank(a.country) - rank(b.country) || nameOf(a.country ?? "").localeCompare(nameOf(b.country ?? "")),
    );
};

const CRISIS_ORDER = ["emergency", "suicide", "violence"] as const;

/**
 * Whom to call or write to in this case: of the person's country and of everywhere; in danger the lines for that come
 * first, an emergency number before all others. For pictures of people under 18, or who may have been, the services for
 * them. A line of the European Union counts where `isUnion` says so of the country (ISO 3166).
 */
export const supportFor = (
  {
    country,
    danger = false,
    ageWhenTaken,
  }: { readonly country?: string; readonly danger?: boolean; readonly ageWhenTaken?: "adult" | "minor" | "unsure" },
  isUnion: (country: string) => boolean,
): readonly SupportEntry[] => {
  const isYoung = ageWhenTaken === "minor" || ageWhenTaken === "unsure";
  const near = SUPPORT.filter(
    (entry) =>
      entry.country === undefined ||
      entry.country === country ||
      (entry.country === "EU" && country !== undefined && isUnion(country)),
  );
  const crisisRank = ({ crisis }: SupportEntry): number =>
    danger && crisis !== undefined ? CRISIS_ORDER.indexOf(crisis) : CRISIS_ORDER.length;
  const youth: readonly SupportEntry[] = Object.values(YOUTH_SUPPORT);
  const fitting = near.filter((entry) =>
    isYoung ? entry.age === "youth" || entry.crisis !== undefined || youth.includes(entry) : entry.age !== "youth",
  );
  return fitting.toSorted(
    (a, b) =>
      crisisRank(a) - crisisRank(b) || Number(a.country !== country) - Number(b.country !== country) || byChecked(a, b),
  );
};
