import type { Clock } from "@recourse/remedy";
import { localeOf, useLanguage } from "../../messages/translate.tsx";
import { useWords } from "../words.tsx";

interface ClockBarProps {
  readonly clock: Clock;
  readonly nowMs: number;
}

/**
 * How much of the recipient's time is left. It stands still: it is their clock, and nobody is hurried by it here. The
 * bar says nothing that the words beside it do not.
 */
export const ClockBar = ({ clock, nowMs }: ClockBarProps) => {
  const t = useWords();
  const { code } = useLanguage();
  if (clock.endsAt === undefined || clock.startsAt === undefined)
    return <p>{t(clock.state === "waiting" ? "clock.waiting" : "clock.none")}</p>;
  const [start, end] = [Date.parse(clock.startsAt), Date.parse(clock.endsAt)];
  const left = Math.min(1, Math.max(0, (end - nowMs) / (end - start)));
  const until = new Intl.DateTimeFormat(localeOf(code), { dateStyle: "full", timeStyle: "short" }).format(end);
  return (
    <div className="clock">
      <p>{t(clock.state === "over" ? "clock.over" : "clock.running", { until })}</p>
      <div className="clock-track" aria-hidden="true">
        <div className="clock-left" style={{ inlineSize: `${100 * left}%` }} />
      </div>
    </div>
  );
};
