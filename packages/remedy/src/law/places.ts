/** Which regimes a country's people can use. */

/** The European Union; the Digital Services Act and the GDPR also apply in Iceland, Liechtenstein and Norway. */
const UNION = new Set(
  "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split(" "),
);

/** ISO 3166 code; undefined is no country. */
export const isInUnion = (country: string | undefined): boolean => country !== undefined && UNION.has(country);

/** Whether a regime of `jurisdiction` is for people of `country`. What is a company's own is for all. */
export const isFor = (jurisdiction: string, country: string | undefined): boolean =>
  jurisdiction === "WORLD" || jurisdiction === country || (jurisdiction === "EU" && isInUnion(country));
