/** Sentences of the law as they were written down: in English, and marked so for whoever hears them read aloud. */
import type { Step } from "@recourse/remedy";
import { useLanguage } from "../messages/translate.tsx";
import { useWords, type Words } from "./words.tsx";

export const English = ({ children }: { readonly children: string }) => (
  <span lang="en" dir="ltr" className="english">
    {children}
  </span>
);

const ESCALATIONS = ["platform_complaint", "out_of_court", "dsc", "dpa", "ofcom", "gac", "host", "ftc"] as const;

/** Whoever the law names next; in the page's language where there is a sentence for it, the law's own behind it. */
export const Escalation = ({ to, says }: { readonly to: string; readonly says: string }) => {
  const t = useWords();
  const { code } = useLanguage();
  const known = ESCALATIONS.find((each) => each === to);
  return (
    <>
      {code !== "en" && known !== undefined && `${t(`escalate.${known}`)} `}
      <English>{says}</English>
    </>
  );
};

type Time = NonNullable<Step["time"]>;

const TRIGGERS = ["receipt", "valid_request", "authority_order", "none"] as const;

export const timeInWords = (t: Words, { hours, months, trigger }: Omit<Time, "says">): string => {
  if (hours === null && months === undefined) return t("time.none");
  const from = TRIGGERS.find((each) => each === trigger) ?? "none";
  const long = hours === null ? t("time.months", { months: months ?? 0 }) : t("time.hours", { hours });
  return t("time.whole", { long, from: t(`time.from.${from}`) });
};

const SEEN = ["recipient", "authority", "uploader", "public"] as const;

export const seenInWords = (t: Words, code: string, seenBy: readonly string[]): string => {
  const who = SEEN.filter((each) => seenBy.includes(each)).map((each) => t(`seen.${each}`));
  return who.length === 0 ? t("seen.nobody") : new Intl.ListFormat(code).format(who);
};
