/** Notices that were sent: their clocks, what was answered, and what comes next. */
import { clockOf, composeFollowUp, findRegime, toCalendar } from "@recourse/remedy";
import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Fold } from "../design/fold.tsx";
import { OutsideLink } from "../design/outside-link.tsx";
import { RadioChoice } from "../design/radio-choice.tsx";
import { Step as Screen } from "../design/step.tsx";
import { useLanguage } from "../messages/translate.tsx";
import { AnswerField } from "./answer-field.tsx";
import { ClockBar } from "./clock-bar.tsx";
import { English } from "./law-words.tsx";
import { saveNeutral } from "./save-text.ts";
import type { RemedyCase, SentNotice } from "./use-case.ts";
import { useWords } from "./words.tsx";

const ANSWERS = ["none", "removed", "partly", "refused", "asks_more"] as const;

/** As a field for time has it: without zone, where the person is. */
const toLocal = (iso: string): string => {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
const fromLocal = (local: string): string | undefined => {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

const NextStep = ({ sent, reason }: { readonly sent: SentNotice; readonly reason: "over" | "refused" | "partly" }) => {
  const t = useWords();
  const [said, setSaid] = useState("");
  const regime = findRegime(sent.regime);
  const letter = composeFollowUp({
    ...sent,
    reason,
    sentOn: new Intl.DateTimeFormat(sent.language, { dateStyle: "long" }).format(new Date(sent.sentAt)),
  });
  const text = `${letter.subject}\n\n${letter.body}\n`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t("out.copied"));
    } catch {
      setSaid(t("out.notCopied"));
    }
  };
  return (
    <div className="next-step">
      <h3>{t("follow.next")}</h3>
      <p>{t("follow.letter")}</p>
      <Fold title={t("notice.preview")} level={4}>
        <div className="preview" lang={sent.language} dir="auto">
          {text}
        </div>
      </Fold>
      <div className="row">
        <Button kind="secondary" onPress={() => void copy()}>
          {t("out.copy")}
        </Button>
        <Button kind="secondary" onPress={() => setSaid(t("save.saved", { name: saveNeutral(text, "txt") }))}>
          {t("out.text")}
        </Button>
      </div>
      <p role="status">{said}</p>
      {regime !== undefined && regime.escalation.length > 0 && (
        <>
          <p>{t("follow.then")}</p>
          <ol>
            {regime.escalation.map(({ says, url, verified }) => (
              <li key={says}>
                <English>{says}</English> <span className="tag">{t(`mark.${verified}`)}</span>
                {url?.startsWith("https://") === true && (
                  <div>
                    <OutsideLink site={url.slice("https://".length)}>{new URL(url).hostname}</OutsideLink>
                  </div>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
};

const SentCard = ({
  sent,
  nowMs,
  onChange,
}: {
  readonly sent: SentNotice;
  readonly nowMs: number;
  readonly onChange: (change: Partial<SentNotice>) => void;
}) => {
  const t = useWords();
  const { code } = useLanguage();
  const regime = findRegime(sent.regime);
  if (regime === undefined) return null;
  const clock = clockOf(regime, sent, nowMs);
  const at = (iso: string) =>
    new Intl.DateTimeFormat(`${code}-u-nu-latn`, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  const reason =
    sent.answer === "refused" || sent.answer === "partly"
      ? sent.answer
      : clock.state === "over" && sent.answer !== "removed"
        ? "over"
        : undefined;
  return (
    <section className="card sent" aria-label={`${sent.recipient}, ${regime.name}`}>
      <h2>
        <bdi>{sent.recipient}</bdi>
      </h2>
      <p>
        <English>{regime.name}</English> · {t("follow.sentAt", { time: at(sent.sentAt) })}
      </p>
      {sent.answer === "removed" ? (
        <div className="notice notice-good">
          <p>{t("follow.removed")}</p>
        </div>
      ) : (
        <ClockBar clock={clock} nowMs={nowMs} />
      )}
      {sent.receivedAt === undefined ? (
        <Button kind="secondary" onPress={() => onChange({ receivedAt: new Date().toISOString() })}>
          {t("follow.received")}
        </Button>
      ) : (
        <p className="soft small">{t("follow.receivedAt", { time: at(sent.receivedAt) })}</p>
      )}
      <div className="spaced">
        <RadioChoice
          label={t("follow.answer")}
          value={sent.answer}
          onChange={(answer) => onChange({ answer })}
          isRow
          options={ANSWERS.map((value) => ({ value, text: t(`follow.answer.${value}`) }))}
        />
      </div>
      {reason !== undefined && <NextStep sent={sent} reason={reason} />}
      <Fold title={t("follow.more")} level={3}>
        <AnswerField
          label={t("follow.when")}
          value={toLocal(sent.sentAt)}
          onChange={(local) => {
            const iso = fromLocal(local);
            if (iso !== undefined) onChange({ sentAt: iso });
          }}
          type="datetime-local"
        />
        <AnswerField
          label={t("follow.reply")}
          hint={t("follow.reply.hint")}
          value={sent.reply}
          onChange={(reply) => onChange({ reply })}
          lines={4}
          maxLength={100_000}
        />
      </Fold>
    </section>
  );
};

interface FollowUpProps {
  readonly remedyCase: RemedyCase;
  readonly onBack: () => void;
}

export const FollowUp = ({ remedyCase: { sent, changeSent }, onBack }: FollowUpProps) => {
  const t = useWords();
  // Looked at when the screen opens; a clock that moves would hurry the person.
  const [nowMs] = useState(() => Date.now());
  const [said, setSaid] = useState("");
  const entries = sent.flatMap((each) => {
    const regime = findRegime(each.regime);
    const clock = regime === undefined ? undefined : clockOf(regime, each, nowMs);
    return clock?.state === "running" && each.answer !== "removed"
      ? [{ uid: each.id, clock, title: t("follow.reminder") }]
      : [];
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
      {sent.length === 0 && <p>{t("follow.empty")}</p>}
      <div className="stack">
        {sent.map((each) => (
          <SentCard key={each.id} sent={each} nowMs={nowMs} onChange={(change) => changeSent(each.id, change)} />
        ))}
      </div>
      <div className="row after">
        <Button kind="quiet" onPress={onBack}>
          {t("out.back")}
        </Button>
      </div>
    </Screen>
  );
};
