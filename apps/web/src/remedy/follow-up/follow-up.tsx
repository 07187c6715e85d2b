/** Letters that were sent: their clocks, what was answered, and what comes next. */
import {
  type Answer,
  ANSWERS,
  type CaseNotice,
  clockOfLetter,
  findRegime,
  type NextStep,
  nextSteps,
  toCalendar,
} from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { OutsideLink } from "../../design/outside-link.tsx";
import { RadioChoice } from "../../design/radio-choice.tsx";
import { Step as Screen } from "../../design/step.tsx";
import { localeOf, useLanguage } from "../../messages/translate.tsx";
import { AnswerField } from "../answer-field.tsx";
import { authorityOf } from "./authority-names.ts";
import { ClockBar } from "./clock-bar.tsx";
import { KeepCase } from "../keep-case.tsx";
import { English, Escalation } from "../law-words.tsx";
import { NextLetter } from "./next-letter.tsx";
import { lookAgainDays, lookAgainEntries } from "./look-again.ts";
import type { NoticeRef } from "../notice-ref.ts";
import { PlaceName } from "../place-name.tsx";
import { Replies } from "./replies.tsx";
import { saveNeutral } from "../save-text.ts";
import { UnsentCard } from "./unsent-card.tsx";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

/** As a field for time has it: without zone, where the person is. */
const toLocal = (iso: string): string => {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
const fromLocal = (local: string): string | undefined => {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

type Complaint = Extract<NextStep, { readonly kind: "complaint" }>;

interface NextProps {
  readonly remedyCase: RemedyCase;
  readonly notice: CaseNotice;
  readonly steps: readonly NextStep[];
  readonly onNotice: (notice: NoticeRef) => void;
}

/** The second letter, or whoever can be turned to now. */
const Next = ({ remedyCase, notice, steps, onNotice }: NextProps) => {
  const t = useWords();
  const second = steps.find((step) => step.kind === "follow_up");
  const complaints = steps.filter((step): step is Complaint => step.kind === "complaint");
  if (second === undefined && complaints.length === 0) return null;
  return (
    <div className="next-step">
      <h3>{t("follow.next")}</h3>
      {second?.kind === "follow_up" && (
        <>
          <p>{t("follow.letter")}</p>
          <NextLetter
            remedyCase={remedyCase}
            about={notice}
            options={{ kind: "follow_up", because: second.because, recipient: notice.recipient }}
          />
        </>
      )}
      {complaints.length > 0 && (
        <>
          <p>{t(second === undefined ? "follow.turnTo" : "follow.then")}</p>
          <ol className="list">
            {complaints.map(({ to, says, url, regime, verified, because }) => (
              <li key={to}>
                <Escalation to={to} says={says} /> <span className="tag">{t(`mark.${verified}`)}</span>
                {url?.startsWith("https://") === true && (
                  <div>
                    <OutsideLink site={url.slice("https://".length)}>{new URL(url).hostname}</OutsideLink>
                  </div>
                )}
                {regime === undefined ? (
                  <NextLetter
                    remedyCase={remedyCase}
                    about={notice}
                    options={{ kind: "complaint", because, recipient: authorityOf(to, notice) }}
                    authority={to}
                  />
                ) : (
                  <Button kind="quiet" onPress={() => onNotice({ regime, recipient: says, urls: notice.urls })}>
                    {t("step.write")}
                  </Button>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
};

interface SentCardProps extends NextProps {
  readonly nowMs: number;
}

const SentCard = ({ remedyCase, notice, steps, onNotice, nowMs }: SentCardProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const { apply, changeSentAt } = remedyCase;
  const regime = findRegime(notice.regime);
  const { id, sentAt, receivedAt, answer } = notice;
  if (sentAt === undefined) return <UnsentCard remedyCase={remedyCase} notice={notice} />;
  if (regime === undefined) return null;
  const at = (iso: string) =>
    new Intl.DateTimeFormat(localeOf(code), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  const answered = (given: Answer): void =>
    apply([{ type: "answered", at: new Date().toISOString(), id, answer: given }]);
  const again = lookAgainDays(notice);
  return (
    <section className="card sent" aria-label={`${notice.recipient}, ${regime.name}`}>
      <h2>
        <PlaceName>{notice.recipient}</PlaceName>
      </h2>
      <p>
        <English>{regime.name}</English> · {t(`follow.kind.${notice.kind}`)} ·{" "}
        {t("follow.sentAt", { time: at(sentAt) })}
      </p>
      {answer === "removed" ? (
        <div className="notice notice-good">
          <p>{t("follow.removed")}</p>
        </div>
      ) : (
        <ClockBar clock={clockOfLetter(notice, nowMs)} nowMs={nowMs} />
      )}
      {again.length > 0 && (
        <>
          <p>{t("search.again")}</p>
          <ul>
            {again.map((day) => (
              <li key={day}>{new Intl.DateTimeFormat(localeOf(code), { dateStyle: "full" }).format(new Date(day))}</li>
            ))}
          </ul>
        </>
      )}
      {receivedAt !== undefined && <p className="soft small">{t("follow.receivedAt", { time: at(receivedAt) })}</p>}
      {receivedAt === undefined && (notice.state === "sent" || notice.state === "overdue") && (
        <Button kind="secondary" onPress={() => apply([{ type: "received", at: new Date().toISOString(), id }])}>
          {t("follow.received")}
        </Button>
      )}
      <div className="spaced">
        <RadioChoice
          label={t("follow.answer")}
          value={answer}
          onChange={answered}
          isRow
          options={ANSWERS.map((value) => ({ value, text: t(`follow.answer.${value}`) }))}
        />
      </div>
      <Next remedyCase={remedyCase} notice={notice} steps={steps} onNotice={onNotice} />
      <Fold title={t("follow.more")} level={3}>
        <AnswerField
          label={t("follow.when")}
          value={toLocal(sentAt)}
          onChange={(local) => {
            const iso = fromLocal(local);
            if (iso !== undefined) changeSentAt(id, iso);
          }}
          type="datetime-local"
        />
        <Replies remedyCase={remedyCase} notice={notice} />
      </Fold>
    </section>
  );
};

interface FollowUpProps {
  readonly remedyCase: RemedyCase;
  readonly onNotice: (notice: NoticeRef) => void;
  readonly onBack: () => void;
}

export const FollowUp = ({ remedyCase, onNotice, onBack }: FollowUpProps) => {
  const t = useWords();
  const { caseFile } = remedyCase;
  // Looked at when the screen opens; a clock that moves would hurry the person.
  const [nowMs] = useState(() => Date.now());
  const [said, setSaid] = useState("");
  const steps = nextSteps(caseFile, nowMs);
  const entries = caseFile.notices.flatMap((notice) => {
    const clock = clockOfLetter(notice, nowMs);
    const title = t("follow.reminder");
    return [
      ...(clock.state === "running" && notice.answer !== "removed" ? [{ uid: notice.id, clock, title }] : []),
      // Pages come back, so what was left out of search is looked for as well.
      ...lookAgainEntries(notice, nowMs, title),
    ];
  });
  return (
    <Screen title={t("follow.title")}>
      <p className="lead">{t("follow.lead")}</p>
      {entries.length > 0 && (
        <>
          <p className="soft">{t("follow.calendar.lead", { title: t("follow.reminder") })}</p>
          <Button
            kind="secondary"
            onPress={() => setSaid(t("save.saved", { name: saveNeutral(toCalendar(entries, Date.now()), "ics") }))}
          >
            {t("follow.calendar")}
          </Button>
          <p role="status">{said}</p>
        </>
      )}
      {caseFile.notices.length === 0 && <p>{t("follow.empty")}</p>}
      <div className="stack">
        {caseFile.notices.map((notice) => (
          <SentCard
            key={notice.id}
            remedyCase={remedyCase}
            notice={notice}
            steps={steps.filter(({ id }) => id === notice.id)}
            nowMs={nowMs}
            onNotice={onNotice}
          />
        ))}
      </div>
      <KeepCase remedyCase={remedyCase} />
      <div className="row after">
        <Button kind="quiet" onPress={onBack}>
          {t("out.back")}
        </Button>
      </div>
    </Screen>
  );
};
