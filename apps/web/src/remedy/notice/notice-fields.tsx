/** The fields of a notice: one for each fact that its elements can lack. */
import type { Facts } from "@recourse/remedy";
import { useState } from "react";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Tick } from "../../design/tick.tsx";
import { AnswerField } from "../answer-field.tsx";
import { CountryChoice } from "../country-choice.tsx";
import { factAt, type Statement, textAt } from "../facts-at.ts";
import { PasteLinks } from "../questions/paste-links.tsx";
import { Signature } from "./signature.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords, type Words } from "../words.tsx";

export const STATEMENTS: Statement[] = ["good_faith", "accurate", "perjury", "copyright_owner"];

/** undefined for a path that is no statement. */
export const statementOf = (path: string): Statement | undefined =>
  STATEMENTS.find((statement) => path === `/confirmed/${statement}`);

interface TextFact {
  readonly label: Parameters<Words>[0];
  readonly hint?: Parameters<Words>[0];
  readonly lines?: number;
  readonly maxLength: number;
  readonly type?: "email" | "tel";
}

const CONTACT = {
  name: { label: "field.name", maxLength: 200 },
  email: { label: "field.email", hint: "field.email.hint", maxLength: 254, type: "email" },
  phone: { label: "field.phone", maxLength: 60, type: "tel" },
  address: { label: "field.address", maxLength: 500, lines: 3 },
} as const satisfies Readonly<Record<string, TextFact>>;

const TEXTS: Readonly<Record<string, TextFact>> = {
  "/picture/description": {
    label: "field.description",
    hint: "field.description.hint",
    lines: 3,
    maxLength: 1000,
  },
  "/person/name": CONTACT.name,
  "/person/email": CONTACT.email,
  "/person/phone": CONTACT.phone,
  "/person/address": CONTACT.address,
  "/helper/name": CONTACT.name,
  "/helper/email": CONTACT.email,
  "/helper/phone": CONTACT.phone,
  "/helper/address": CONTACT.address,
  "/helper/authority": { label: "field.authority", hint: "field.authority.hint", maxLength: 500 },
  "/threat/where": { label: "field.where", hint: "threat.where.hint", maxLength: 500 },
  "/priorSteps": { label: "field.priorSteps", lines: 3, maxLength: 2000 },
  "/searchTerms": { label: "field.searchTerms", maxLength: 300 },
};

const YES_NO: Readonly<Record<string, Parameters<Words>[0]>> = {
  "/person/vulnerable": "field.vulnerable",
  "/picture/paidFor": "field.paidFor",
  "/evidenceSaved": "field.evidenceSaved",
  "/asksMoneyForRemoval": "field.asksMoney",
};

/** Left out of `TEXTS` and `YES_NO`: answers with choices of their own. */
const OTHERS: Readonly<Record<string, Parameters<Words>[0]>> = {
  "/signature": "field.signature",
  "/places": "field.places",
  "/situation": "field.situation",
  "/origin": "field.origin",
  "/person/country": "field.country",
};

/** A fact that is told in words. */
export const isText = (path: string): boolean => TEXTS[path] !== undefined;

/** What a fact is called, for the list of what is known. */
export const labelOf = (path: string): Parameters<Words>[0] =>
  TEXTS[path]?.label ?? YES_NO[path] ?? OTHERS[path] ?? "field.statements";

/** What was told of a fact, as a person reads it; undefined where it is not text. */
export const tellingOf = (facts: Facts, path: string, t: Words, code: string): string | undefined => {
  if (path === "/signature") {
    if (facts.signature === undefined) return undefined;
    return facts.signature.kind === "drawn" ? t("sign.drawn") : facts.signature.value;
  }
  if (path === "/situation") return facts.situation === undefined ? undefined : t(`situation.${facts.situation}`);
  if (path === "/origin") return facts.origin === undefined ? undefined : t(`origin.${facts.origin}`);
  if (path === "/person/country") {
    const country = facts.person?.country;
    return country === undefined ? undefined : new Intl.DisplayNames(code, { type: "region" }).of(country);
  }
  const value = factAt(facts, path);
  if (YES_NO[path] !== undefined)
    return value === "yes" || value === "no" || value === "unsure" ? t(`who.known.${value}`) : undefined;
  return typeof value === "string" && path !== "/places" ? value : undefined;
};

const isMail = (text: string): boolean => text === "" || /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/u.test(text);

const TextAnswer = ({
  path,
  fact,
  remedyCase: { draft, tell },
}: {
  readonly path: string;
  readonly fact: TextFact;
  readonly remedyCase: RemedyCase;
}) => {
  const t = useWords();
  const [wasLeft, setLeft] = useState(false);
  const value = textAt(draft, path);
  return (
    <AnswerField
      label={t(fact.label)}
      {...(fact.hint === undefined ? {} : { hint: t(fact.hint) })}
      value={value}
      onChange={(text) => tell(path, text)}
      onBlur={() => setLeft(true)}
      error={fact.type === "email" && wasLeft && !isMail(value) ? t("send.to.wrong") : undefined}
      type={fact.type ?? "text"}
      maxLength={fact.maxLength}
      {...(fact.lines === undefined ? {} : { lines: fact.lines })}
    />
  );
};

interface NoticeFieldProps {
  readonly path: string;
  readonly remedyCase: RemedyCase;
}

export const NoticeField = ({ path, remedyCase }: NoticeFieldProps) => {
  const t = useWords();
  const { draft, facts, tell } = remedyCase;
  const text = TEXTS[path];
  if (text !== undefined) return <TextAnswer path={path} fact={text} remedyCase={remedyCase} />;
  const question = YES_NO[path];
  if (question !== undefined) {
    const value = factAt(facts, path);
    return (
      <RadioChoice
        label={t(question)}
        value={value === "yes" || value === "no" || value === "unsure" ? value : undefined}
        onChange={(answer) => tell(path, answer)}
        options={(["yes", "no", "unsure"] as const).map((answer) => ({
          value: answer,
          text: t(`who.known.${answer}`),
        }))}
        isRow
      />
    );
  }
  switch (path) {
    case "/signature":
      return <Signature remedyCase={remedyCase} />;
    case "/places":
      return <PasteLinks value={textAt(draft, path)} onChange={(value) => tell(path, value)} />;
    case "/person/country":
      return <CountryChoice value={textAt(facts, path)} onChange={(value) => tell(path, value)} />;
    case "/situation":
      return (
        <RadioChoice
          label={t("field.situation")}
          value={facts.situation}
          onChange={(value) => tell(path, value)}
          options={(["shared", "threatened", "feared"] as const).map((value) => ({
            value,
            text: t(`situation.${value}`),
          }))}
        />
      );
    case "/origin":
      return (
        <RadioChoice
          label={t("origin.question")}
          value={facts.origin}
          onChange={(value) => tell(path, value)}
          options={(["self", "other", "synthetic", "unknown"] as const).map((value) => ({
            value,
            text: t(`origin.${value}`),
          }))}
        />
      );
    default:
      return null;
  }
};

interface StatementTickProps {
  readonly statement: Statement;
  /** What the notice will say by it, in the notice's language. */
  readonly says: readonly string[];
  readonly language: string;
  readonly remedyCase: RemedyCase;
}

/** A statement, and the very sentences that are made in the person's name by it: nobody signs what they did not read. */
export const StatementTick = ({ statement, says, language, remedyCase: { facts, state } }: StatementTickProps) => {
  const t = useWords();
  return (
    <div className="statement">
      <Tick isSelected={facts.confirmed?.includes(statement) === true} onChange={(isMade) => state(statement, isMade)}>
        {t(`state.${statement}`)}
      </Tick>
      {says.length > 0 && (
        <blockquote className="soft small">
          {t("state.then")}
          {says.map((sentence) => (
            <p key={sentence} lang={language} dir="auto">
              {sentence}
            </p>
          ))}
        </blockquote>
      )}
    </div>
  );
};
