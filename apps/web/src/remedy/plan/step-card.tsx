import { findRegime, type Step } from "@recourse/remedy";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";
import { Button } from "../../design/button.tsx";
import { OutsideLink } from "../../design/outside-link.tsx";
import { Tick } from "../../design/tick.tsx";
import { useLanguage } from "../../messages/translate.tsx";
import { English, Escalation, seenInWords, timeInWords } from "../law-words.tsx";
import { stepWords } from "./step-words.ts";
import { useStepCatalogue, useWords } from "../words.tsx";

const Row = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

/** Where a recipient can be reached, as a link: its own form or page, or its mail address. */
const Reach = ({ step }: { readonly step: Step }) => {
  const t = useWords();
  const { to, name = "" } = step.recipient ?? {};
  if (to === undefined) return null;
  if (to.includes("@") && !to.includes("/"))
    return (
      <a className="link" href={`mailto:${to}`}>
        {t("step.mail", { address: to })}
      </a>
    );
  if (!to.startsWith("https://")) return null;
  return (
    <OutsideLink site={to.slice("https://".length)}>
      {t(step.recipient?.kind === "platform" ? "step.form" : "step.outside", { name })}
    </OutsideLink>
  );
};

interface StepCardProps {
  readonly step: Step;
  /** Of its heading. */
  readonly level: 3 | 4;
  readonly startsOpen: boolean;
  readonly isDone: boolean;
  readonly onDone: (isDone: boolean) => void;
  /** Left out: no notice belongs to it. */
  readonly onWrite: (() => void) | undefined;
  /** Left out: it does not follow a notice that was sent. */
  readonly onFollow: (() => void) | undefined;
  readonly children?: ReactNode;
}

/** One step: what, and behind it why, on which law, who sees the name, how long, and what then. */
export const StepCard = ({ step, level, startsOpen, isDone, onDone, onWrite, onFollow, children }: StepCardProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const { what, why, language } = stepWords(step, useStepCatalogue(), code);
  const regime = step.regime === undefined ? undefined : findRegime(step.regime);
  // What a regime names next is known by whom it names; what a rule says beside it is a sentence only.
  const next = step.ifRefused.map((says) => ({
    says,
    to: regime?.escalation.find((each) => each.says === says)?.to ?? "",
  }));
  const inItsLanguage = language === code ? {} : ({ lang: language, dir: "ltr" } as const);
  return (
    <li className={isDone ? "step-done" : ""}>
      <Disclosure className="disclosure step-card" defaultExpanded={startsOpen}>
        <Heading level={level}>
          <AriaButton slot="trigger" className="disclosure-button">
            <span>
              {isDone && (
                <span className="step-tick" role="img" aria-label={t("step.done")}>
                  ✓
                </span>
              )}
              <span {...inItsLanguage}>{what}</span>
              {step.isChoice && <span className="soft small step-choice"> {t("step.choice")}</span>}
            </span>
          </AriaButton>
        </Heading>
        <DisclosurePanel>
          <div className="step-body">
            {children}
            <dl className="rows">
              <Row name={t("step.why")}>
                <span {...inItsLanguage}>{why}</span>
              </Row>
              {step.identity !== undefined && (
                <Row name={t("step.who")}>
                  {seenInWords(t, code, step.identity.seenBy)} <English>{step.identity.says}</English>
                </Row>
              )}
              {step.time !== undefined && (
                <Row name={t("step.time")}>
                  {timeInWords(t, step.time)} <English>{step.time.says}</English>
                </Row>
              )}
              {step.rule === "service_own_form" && <Row name={t("step.refused")}>{t("step.refusedOwn")}</Row>}
              {step.rule !== "service_own_form" && next.length > 0 && (
                <Row name={t("step.refused")}>
                  {next.length === 1 ? (
                    next.map(({ to, says }) => <Escalation key={says} to={to} says={says} />)
                  ) : (
                    <ol>
                      {next.map(({ to, says }) => (
                        <li key={says}>
                          <Escalation to={to} says={says} />
                        </li>
                      ))}
                    </ol>
                  )}
                </Row>
              )}
              <Row name={regime === undefined ? t("step.rule") : t("step.rests")}>
                {regime !== undefined && (
                  <>
                    <English>{`${regime.name}, ${regime.citation}`}</English>{" "}
                  </>
                )}
                {step.verified !== undefined && <span className="tag">{t(`mark.${step.verified}`)}</span>}{" "}
                <span className="code soft small">{step.rule}</span>
              </Row>
            </dl>
            <div className="row">
              {onWrite !== undefined && <Button onPress={onWrite}>{t("step.write")}</Button>}
              {onFollow !== undefined && <Button onPress={onFollow}>{t("step.follow")}</Button>}
              <Reach step={step} />
            </div>
            <Tick isSelected={isDone} onChange={onDone}>
              {t("step.done")}
            </Tick>
          </div>
        </DisclosurePanel>
      </Disclosure>
    </li>
  );
};
