/** One notice: fill in what is missing, see what the law asks for, read it, take it along. */
import {
  composeNotice,
  type Facts,
  findRegime,
  freshness,
  leastVerified,
  NOTICE_LANGUAGES,
  type Notice,
  type NoticeLanguage,
  type Regime,
} from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Notice as Box } from "../../design/notice.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Step as Screen } from "../../design/step.tsx";
import { Tick } from "../../design/tick.tsx";
import { useLanguage } from "../../messages/translate.tsx";
import { DrawnSignature } from "./drawn-signature.tsx";
import { factAt, withFact } from "../facts-at.ts";
import { English, seenInWords, timeInWords } from "../law-words.tsx";
import { isMailAddress } from "./mail-address.ts";
import { NoticeChecklist } from "./notice-checklist.tsx";
import { NoticeExtra } from "./notice-extra.tsx";
import { isText, labelOf, NoticeField, STATEMENTS, StatementTick, statementOf, tellingOf } from "./notice-fields.tsx";
import type { NoticeRef } from "../notice-ref.ts";
import { SearchAnswers } from "./search-answers.tsx";
import { SendTo } from "./send-to.tsx";
import { TakeAlong } from "./take-along.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords, type Words } from "../words.tsx";

const composed = (
  facts: Facts,
  regime: Regime,
  { recipient, urls }: NoticeRef,
  language: string,
): Notice | undefined => {
  const outcome = composeNotice(facts, { regime, recipient, urls, language, nowMs: Date.now() });
  return outcome.ok ? outcome.notice : undefined;
};

const pathsOf = (notice: Notice | undefined): readonly string[] => [
  ...new Set(notice?.elements.flatMap(({ missing }) => missing) ?? []),
];

/** What has to be read before such a notice is sent; none is shown as an alarm. */
const warningsOf = (regime: Regime, t: Words): readonly string[] => [
  ...(regime.inForce.date === "unknown" && regime.kind !== "policy" ? [t("warn.force")] : []),
  ...(freshness(regime, Date.now()).stale ? [t("warn.stale")] : []),
  ...(leastVerified(regime) === "M" ? [t("warn.unchecked")] : []),
  ...(regime.identity.seenBy.includes("uploader") || regime.identity.seenBy.includes("public")
    ? [t("warn.uploader")]
    : []),
  ...(regime.perjury.required ? [t("warn.perjury")] : []),
  ...(regime.recipients.some((kind) => kind === "host" || kind === "cdn") ? [t("warn.host")] : []),
];

/** Dots for each text that is missing, so that the rest of a notice can be read before it is there. */
const withDots = (facts: Facts, paths: readonly string[]): Facts => {
  let told = facts;
  for (const path of paths) {
    if (isText(path) && factAt(told, path) === undefined) told = withFact(told, path, "…");
  }
  return told.signature === undefined
    ? { ...told, signature: { kind: "typed", value: "…", signedOn: "2026-01-01" } }
    : told;
};

/** Statements are ticked after what they are about, and signed last. */
const orderOf = (path: string): number => (path === "/signature" ? 2 : statementOf(path) === undefined ? 0 : 1);

interface NoticeScreenProps {
  readonly remedyCase: RemedyCase;
  readonly noticeRef: NoticeRef;
  /** Addresses of recipients that were typed or found, by the recipient's name. */
  readonly onSent: (notice: Notice, address: string | undefined) => void;
  readonly onBack: () => void;
}

export const NoticeScreen = ({ remedyCase, noticeRef, onSent, onBack }: NoticeScreenProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const { facts, addresses, tellAddress } = remedyCase;
  const regime = findRegime(noticeRef.regime);
  if (regime === undefined) throw new RangeError("a notice under a law that nobody knows");
  const languages = NOTICE_LANGUAGES.filter((each) => regime.languages.includes(each));
  const [language, setLanguage] = useState<NoticeLanguage>(languages.includes("en") ? "en" : (languages[0] ?? "en"));
  const [understood, setUnderstood] = useState(false);
  const notice = composed(facts, regime, noticeRef, language);
  /** Everything this law asks for: what an empty case would lack. */
  const needed = pathsOf(
    composed(
      { version: 1, ageWhenTaken: "adult", ...(facts.helper === undefined ? {} : { helper: {} }) },
      regime,
      { ...noticeRef, urls: [] },
      language,
    ),
  );
  // A field that was missing stays where it is while it is filled in.
  const [asked, setAsked] = useState<readonly string[]>(() => pathsOf(notice));
  const shown = [...new Set([...asked, ...pathsOf(notice)])].toSorted((a, b) => orderOf(a) - orderOf(b));
  if (notice === undefined) return null;
  const fields = shown.filter((path) => statementOf(path) === undefined);
  const statements = [...new Set([...shown, ...needed])].flatMap((path) => statementOf(path) ?? []);
  const known = needed.filter((path) => !shown.includes(path) && tellingOf(facts, path, t, code) !== undefined);
  const warnings = warningsOf(regime, t);
  const told = withDots(facts, needed);
  const address = addresses[noticeRef.recipient] ?? "";
  const isAddress = isMailAddress(address);
  // A search engine has a form for this and reads no letters.
  const isSearch = regime.recipients.every((kind) => kind === "search");

  /** The sentences that stand in the notice once the statement is made; dots for what is not told yet. */
  const saysOf = (statement: string): readonly string[] => {
    const without = composed({ ...told, confirmed: [] }, regime, noticeRef, language)?.elements ?? [];
    const ids = without.filter(({ missing }) => missing.includes(`/confirmed/${statement}`)).map(({ id }) => id);
    const all = composed({ ...told, confirmed: STATEMENTS }, regime, noticeRef, language)?.elements ?? [];
    return all.flatMap(({ id, text }) => (ids.includes(id) && text !== undefined ? [text] : []));
  };

  return (
    <Screen title={t("notice.title", { recipient: noticeRef.recipient })}>
      <p className="lead">
        {t("notice.law", { law: "" })} <English>{`${regime.name} (${regime.citation})`}</English>
      </p>
      <dl className="rows">
        <dt>{t("step.who")}</dt>
        <dd>{seenInWords(t, code, regime.identity.seenBy)}</dd>
        <dt>{t("step.time")}</dt>
        <dd>{timeInWords(t, regime.deadline)}</dd>
      </dl>
      {(fields.length > 0 || statements.length > 0) && (
        <section aria-labelledby="fill-title">
          {fields.length === 0 && notice.complete ? (
            <h2 id="fill-title">{t("notice.fill.said")}</h2>
          ) : (
            <>
              <h2 id="fill-title">{t("notice.fill")}</h2>
              <p className="soft">{t("notice.fill.lead")}</p>
            </>
          )}
          {fields
            .filter((path) => path !== "/signature")
            .map((path) => (
              <NoticeField key={path} path={path} remedyCase={remedyCase} />
            ))}
          <NoticeExtra remedyCase={remedyCase} />
          {statements.map((statement) => (
            <StatementTick
              key={statement}
              statement={statement}
              says={saysOf(statement)}
              language={language}
              remedyCase={remedyCase}
            />
          ))}
          {fields.includes("/signature") && <NoticeField path="/signature" remedyCase={remedyCase} />}
        </section>
      )}
      {known.length > 0 && (
        <section aria-labelledby="known-title">
          <h2 id="known-title">{t("notice.known")}</h2>
          <dl className="rows">
            {known.map((path) => (
              <div key={path} className="known">
                <dt>{t(labelOf(path))}</dt>
                <dd>
                  <bdi>{tellingOf(facts, path, t, code)}</bdi>{" "}
                  <Button kind="quiet" onPress={() => setAsked([...asked, path])}>
                    {t("notice.change", { what: t(labelOf(path)) })}
                  </Button>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section aria-labelledby="check-title">
        <h2 id="check-title">{t("notice.check")}</h2>
        <NoticeChecklist notice={notice} regime={regime} />
      </section>
      <section aria-labelledby="preview-title">
        <h2 id="preview-title">{t("notice.preview")}</h2>
        {languages.length > 1 && (
          <RadioChoice
            label={t("notice.language")}
            value={language}
            onChange={setLanguage}
            isRow
            options={languages.map((value) => ({
              value,
              text: new Intl.DisplayNames(code, { type: "language" }).of(value) ?? value,
            }))}
          />
        )}
        <div className="preview printed" lang={notice.language} dir="auto">
          <strong>{notice.subject}</strong>
          {"\n\n"}
          {notice.body}
          {facts.signature?.kind === "drawn" && <DrawnSignature value={facts.signature.value} />}
        </div>
      </section>
      {notice.complete && warnings.length > 0 && (
        <section aria-labelledby="before-title">
          <h2 id="before-title">{t("notice.before")}</h2>
          <Box kind="attention">
            <ul>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Box>
          <Tick isSelected={understood} onChange={setUnderstood}>
            {t("notice.understood")}
          </Tick>
        </section>
      )}
      {isSearch && (!notice.complete || understood || warnings.length === 0) && (
        <SearchAnswers facts={facts} regime={regime} urls={noticeRef.urls} language={language} />
      )}
      {notice.complete && (understood || warnings.length === 0) && (
        <>
          {!isSearch && (
            <SendTo
              recipient={noticeRef.recipient}
              urls={noticeRef.urls}
              address={address}
              onAddress={(next) => tellAddress(noticeRef.recipient, next)}
              hasWrongAddress={address !== "" && !isAddress}
            />
          )}
          <TakeAlong
            notice={notice}
            regime={regime}
            facts={facts}
            address={isAddress ? address : undefined}
            onSent={() => onSent(notice, isAddress ? address : undefined)}
          />
        </>
      )}
      <div className="row after">
        <Button kind="quiet" onPress={onBack}>
          {t("out.back")}
        </Button>
      </div>
    </Screen>
  );
};
