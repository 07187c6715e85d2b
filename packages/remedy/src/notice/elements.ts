/**
 * How each element that a regime asks for is made of the facts: its text, or what is missing. Nothing is stated in the
 * person's name that they did not confirm, and no more of their identity is given than the element asks for.
 */
import { type Facts, senderOf } from "../facts.ts";
import type { ElementNeed } from "../law/schema.ts";
import { readStrokes } from "./strokes.ts";

/** What a missing element lacks: a path within the facts, or a statement to be confirmed. */
export type Missing = string;

export type Composed =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: readonly Missing[] };

export interface ElementInput {
  readonly facts: Facts;
  /** The addresses this notice is about. */
  readonly urls: readonly string[];
  readonly words: NoticeWords;
}

/** The sentences of a notice in one language. `{x}` is filled in. */
export interface NoticeWords {
  readonly [key: string]: string;
}

const fill = (words: NoticeWords, key: string, values: Readonly<Record<string, string>> = {}): string =>
  (words[key] ?? key).replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? "");

const present = (text: string): Composed => ({ ok: true, text });
const lacks = (...missing: readonly Missing[]): Composed => ({ ok: false, missing });

/** Needs each of the confirmed statements and each field. */
const when = (needs: readonly (readonly [Missing, unknown])[], text: () => string): Composed => {
  const missing = needs.filter(([, value]) => value === undefined || value === false || value === "").map(([at]) => at);
  return missing.length > 0 ? lacks(...missing) : present(text());
};

const confirmed = (
  { confirmed: all }: Facts,
  what: NonNullable<Facts["confirmed"]>[number],
): readonly [Missing, boolean] => [`/confirmed/${what}`, all?.includes(what) === true];

const list = (urls: readonly string[]): string => urls.join("\n");

const acting = ({ helper, person }: Pick<Facts, "helper" | "person">, words: NoticeWords): string =>
  helper === undefined
    ? fill(words, "i_am_shown")
    : fill(words, "i_act_for", {
        authority: helper.authority ?? "",
        name: person?.name ?? words["person_shown"] ?? "",
      });

const authorityOf = ({ helper }: Facts): readonly (readonly [Missing, unknown])[] =>
  helper === undefined ? [] : [["/helper/authority", helper.authority]];

const locations = ({ urls }: ElementInput): Composed => (urls.length === 0 ? lacks("/places") : present(list(urls)));

const contact = ({ facts }: ElementInput): Composed => {
  const { email, phone, address } = senderOf(facts);
  const one = email ?? phone ?? address;
  return one === undefined ? lacks(facts.helper === undefined ? "/person/email" : "/helper/email") : present(one);
};

/** A drawn one is shown where there is paper, in the PDF; text says so. What is no drawing is no signature. */
const signature = ({ facts, words }: ElementInput): Composed => {
  const given = facts.signature;
  const isThere = given !== undefined && (given.kind === "typed" || readStrokes(given.value) !== undefined);
  return when([["/signature", isThere], ...authorityOf(facts)], () => {
    const signed =
      given?.kind === "typed"
        ? `/${given.value}/  ${given.signedOn}`
        : fill(words, "signed_by_hand", { date: given?.signedOn ?? "" });
    // Whoever signs for somebody says by what right; whose name it is, no signature has to say.
    return facts.helper === undefined ? signed : `${signed}\n${acting({ helper: facts.helper }, words)}`;
  });
};

const depiction = ({ facts, words }: ElementInput): Composed =>
  when([["/picture/description", facts.picture?.description]], () => {
    const by = (facts.picture?.recognisableBy ?? []).map((what) => words[`by_${what}`] ?? what).join(", ");
    return `${facts.picture?.description ?? ""}${by === "" ? "" : ` ${fill(words, "recognisable_by", { by })}`}`;
  });

const both = (...parts: readonly Composed[]): Composed => {
  const missing = parts.flatMap((part) => (part.ok ? [] : part.missing));
  return missing.length > 0 ? lacks(...missing) : present(parts.map((part) => (part.ok ? part.text : "")).join("\n"));
};

const nonconsent = ({ facts, words }: ElementInput): Composed =>
  when([confirmed(facts, "good_faith")], () => {
    const how = facts.picture?.consent;
    const origin =
      facts.origin === undefined || facts.origin === "unknown" ? "" : ` ${words[`origin_${facts.origin}`] ?? ""}`;
    return `${fill(words, "good_faith_nonconsent")}${how === undefined ? "" : ` ${words[`consent_${how}`] ?? ""}`}${origin}`;
  });

const contactFull = ({ facts }: ElementInput): Composed => {
  const { address, phone, email } = senderOf(facts);
  const who = facts.helper === undefined ? "person" : "helper";
  return when(
    [
      [`/${who}/address`, address],
      [`/${who}/phone`, phone],
      [`/${who}/email`, email],
    ],
    () => [address, phone, email].join("\n"),
  );
};

const nameEmail = ({ facts }: ElementInput): Composed => {
  const { name, email } = senderOf(facts);
  const who = facts.helper === undefined ? "person" : "helper";
  return when(
    [
      [`/${who}/name`, name],
      [`/${who}/email`, email],
    ],
    () => `${name ?? ""}, ${email ?? ""}`,
  );
};

const isDeclared = ({ facts, words }: ElementInput, key: string): Composed =>
  when([confirmed(facts, "good_faith")], () => fill(words, key));

const locationsOrThreat = (input: ElementInput): Composed => {
  if (input.urls.length > 0) return locations(input);
  const { situation, threat } = input.facts;
  return situation === "threatened" && threat?.where !== undefined
    ? present(fill(input.words, "threat", { where: threat.where }))
    : lacks("/places", "/threat/where");
};

const told = (value: string | undefined, at: Missing): Composed => when([[at, value]], () => value ?? "");

export const ELEMENTS: Readonly<Record<ElementNeed, (input: ElementInput) => Composed>> = {
  signature,
  signature_copyright: (input) =>
    both(
      signature(input),
      when([confirmed(input.facts, "copyright_owner")], () => fill(input.words, "copyright_owner")),
    ),
  depiction_and_location: (input) => both(depiction(input), locations(input)),
  material_and_location: (input) => both(depiction(input), locations(input)),
  locations,
  exact_urls: locations,
  locations_if_known: (input) =>
    input.urls.length === 0 ? present(fill(input.words, "places_unknown")) : locations(input),
  locations_or_threat: locationsOrThreat,
  good_faith_nonconsent: nonconsent,
  contact,
  contact_full: contactFull,
  work: ({ facts, words }) =>
    when([["/picture/description", facts.picture?.description], confirmed(facts, "copyright_owner")], () =>
      fill(words, "work", {
        description: facts.picture?.description ?? "",
        taken: facts.picture?.takenOn === undefined ? "" : ` (${facts.picture.takenOn})`,
      }),
    ),
  good_faith_copyright: (input) => isDeclared(input, "good_faith_copyright"),
  accuracy_perjury: ({ facts, words }) =>
    when([confirmed(facts, "accurate"), confirmed(facts, "perjury"), ...authorityOf(facts)], () =>
      fill(words, "accuracy_perjury"),
    ),
  intimate_declaration: (input) => isDeclared(input, "intimate"),
  synthetic_declaration: (input) =>
    input.facts.origin === "synthetic" ? isDeclared(input, "synthetic") : lacks("/origin"),
  subject_or_behalf: ({ facts, words }) => when(authorityOf(facts), () => acting(facts, words)),
  representative: ({ facts, words }) => when(authorityOf(facts), () => acting(facts, words)),
  explanation: (input) =>
    both(
      depiction(input),
      when([confirmed(input.facts, "good_faith")], () => fill(input.words, "illegal_because")),
      nonconsent(input),
    ),
  name_email: nameEmail,
  bona_fide: ({ facts, words }) =>
    when([confirmed(facts, "good_faith"), confirmed(facts, "accurate")], () => fill(words, "bona_fide")),
  data_subject: (input) =>
    both(
      when(authorityOf(input.facts), () => acting(input.facts, input.words)),
      depiction(input),
    ),
  erasure_ground: (input) => isDeclared(input, "erasure_ground"),
  risk: ({ facts, words }) =>
    facts.situation === "threatened" || facts.situation === "feared"
      ? present(
          facts.threat?.where === undefined ? fill(words, "risk") : `${fill(words, "risk")} ${facts.threat.where}`,
        )
      : facts.situation === "shared"
        ? present(fill(words, "already_shared"))
        : lacks("/situation"),
  circumstances: ({ facts, words }) =>
    when(
      [["/picture/description", facts.picture?.description], confirmed(facts, "good_faith")],
      () => `${facts.picture?.description ?? ""} ${words["already_shared"] ?? ""}`,
    ),
  prior_steps: ({ facts }) => told(facts.priorSteps, "/priorSteps"),
  vulnerability: ({ facts, words }) =>
    when(
      [["/person/vulnerable", facts.person?.vulnerable]],
      () => words[`vulnerable_${facts.person?.vulnerable ?? "unsure"}`] ?? "",
    ),
  connection: ({ facts, words }) =>
    when([["/person/country", facts.person?.country]], () =>
      fill(words, "lives_in", { country: facts.person?.country ?? "" }),
    ),
  screenshots: ({ facts, words }) =>
    facts.evidenceSaved === "yes" ? present(fill(words, "screenshots")) : lacks("/evidenceSaved"),
  not_paid: ({ facts, words }) =>
    facts.picture?.paidFor === "no" ? present(fill(words, "not_paid")) : lacks("/picture/paidFor"),
  search_terms: ({ facts }) => told(facts.searchTerms, "/searchTerms"),
  removal_fee: ({ facts, words }) =>
    facts.asksMoneyForRemoval === "yes" ? present(fill(words, "removal_fee")) : lacks("/asksMoneyForRemoval"),
  service: ({ words }) => present(fill(words, "service_bing")),
  concern_type: ({ words }) => present(fill(words, "concern_ncii")),
};
