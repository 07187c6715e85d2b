/** The page docs/law.md: every regime and every claim, with its source and how far it was checked. */
import Value from "typebox/value";
import { type Claim, Regime } from "../src/law/schema.ts";

const MARKS = { S: "source seen", S2: "report seen", M: "**not checked**" } as const;

const cell = (text: string): string => text.replaceAll("|", "\\|");

const row = (regime: Regime, what: string, { says, source, verified, verifiedOn }: Claim, citation = ""): string => {
  const from = regime.sources[source];
  const title = from?.url === undefined || from.url === null ? (from?.title ?? "") : `[${from.title}](${from.url})`;
  const on = verified === "M" ? "" : ` ${verifiedOn ?? regime.verifiedOn}`;
  return `| ${what} | ${cell(says)} | ${citation} | ${MARKS[verified]}${on}: ${title} |`;
};

const section = (regime: Regime): string => {
  const { elements, enacted, inForce, escalation, notes } = regime;
  const rows = [
    ...(enacted === null ? [] : [row(regime, "enacted", enacted)]),
    row(regime, `in force: ${inForce.date}`, inForce),
    row(regime, "fits", regime.fits),
    row(regime, "who may send", regime.whoMaySend),
    row(regime, "where to", regime.channel),
    ...elements.map((element) => row(regime, `element: ${element.id}`, element, element.citation)),
    row(regime, "time", regime.deadline),
    row(regime, "copies", regime.copies),
    row(regime, "who learns your name", regime.identity),
    row(regime, "under penalty of perjury", regime.perjury),
    ...(regime.submission === undefined ? [] : [row(regime, "addresses in one form", regime.submission)]),
    ...escalation.map((step) => row(regime, `then: ${step.to}`, step)),
    ...notes.map((note) => row(regime, "note", note)),
  ];
  const title = regime.url === null ? regime.citation : `[${regime.citation}](${regime.url})`;
  return `### ${regime.name}
\`${regime.id}\` · ${regime.jurisdiction} · ${regime.kind} · ${title} · to be looked at again every ${regime.reviewEveryDays} days

| What | It says | Citation | Checked |
|---|---|---|---|
${rows.join("\n")}
`;
};

export const lawPage = (files: readonly unknown[]): string => {
  const regimes = files.filter((file): file is Regime => Value.Check(Regime, file));
  const places = [...new Set(regimes.map(({ jurisdiction }) => jurisdiction))].sort();
  return `# The law that notices rest on

Generated from the files in \`packages/remedy/law\`, one a regime; \`npm run law --workspace @recourse/remedy\` writes it anew.

**No lawyer has reviewed any of this.** Each line says where it is from and how far it was checked: *source seen*, *report seen* (news, law firms, excerpts), or *not checked*: from memory. Addresses were not all visited. Adding a country is adding a file; see packages/remedy/README.md.

${places
  .map(
    (place) =>
      `## ${place}\n\n${regimes
        .filter(({ jurisdiction }) => jurisdiction === place)
        .map(section)
        .join("\n")}`,
  )
  .join("\n")}`;
};
