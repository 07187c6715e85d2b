/** Letters that follow a notice: the second one after silence or refusal, and the complaint to whoever comes next. */
import { senderOf } from "../facts.ts";
import { findRegime } from "../law/regimes.ts";
import { plain } from "../notice/plain.ts";
import type { Notice } from "../notice/notice.ts";
import { noticeLanguage } from "../notice/words.ts";
import type { CaseFile, CaseNotice } from "./case.ts";
import { LETTER_WORDS } from "./letter-words.ts";

export interface NextLetterOptions {
  readonly kind: "follow_up" | "complaint";
  readonly because: "overdue" | "silent" | "refused" | "partly";
  /** Who gets it: for a complaint the authority, for a second letter the same as before. */
  readonly recipient: string;
  /** Named in a second letter as what comes next. */
  readonly next?: string;
  readonly language?: string;
}

export type NextLetterOutcome =
  | { readonly ok: true; readonly notice: Notice }
  /** `letter_unknown`: it is not in the case, was never sent, or its regime is gone. */
  | { readonly ok: false; readonly code: "letter_unknown" };

const UNCHECKED = "What this authority's own form asks for was not checked: look at it before you send.";

/** The letter at the beginning of a chain of letters. */
const rootOf = (notices: readonly CaseNotice[], notice: CaseNotice): CaseNotice => {
  let root = notice;
  // A chain is never longer than there are letters, so one that leads in a circle ends too.
  for (let steps = 0; steps < notices.length && root.follows !== undefined; steps += 1) {
    root = notices.find(({ id }) => id === root.follows) ?? root;
  }
  return root;
};

/**
 * A draft in the form of a notice, so that it can be sent in the same ways; it has no elements of a law. Complete when
 * somebody signs it who can be written to.
 */
export const composeNextLetter = (
  { facts, notices }: CaseFile,
  id: string,
  { kind, because, recipient, next, language }: NextLetterOptions,
): NextLetterOutcome => {
  const about = notices.find((notice) => notice.id === id);
  const root = about === undefined ? undefined : rootOf(notices, about);
  const regime = root === undefined ? undefined : findRegime(root.regime);
  if (root?.sentAt === undefined || regime === undefined) return { ok: false, code: "letter_unknown" };
  const used = noticeLanguage(language ?? root.language ?? facts.person?.language, regime.languages);
  const words = LETTER_WORDS[used];
  const date = root.sentAt.slice(0, 10);
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
      const values: Readonly<Record<string, string>> = {
        date,
        name: regime.name,
        regime: regime.name,
        citation: regime.citation,
        recipient: plain(kind === "complaint" && name === "recipient" ? root.recipient : recipient),
        says: regime.deadline.says,
        next: next ?? "",
      };
      return values[name] ?? "";
    });
  const { name, email, phone, address } = senderOf(facts);
  const contact = email ?? phone ?? address;
  const who = facts.helper === undefined ? "person" : "helper";
  const hasTime = regime.deadline.hours !== null || regime.deadline.months !== undefined;
  const isAgain = kind === "follow_up";
  const body = [
    words.greeting.replaceAll("{recipient}", plain(recipient)),
    "",
    fill(isAgain ? words.again_intro : words.complaint_intro),
    ...root.urls,
    "",
    fill(isAgain ? words[because] : words[`complaint_${because}`]),
    ...(hasTime ? [fill(words.law_says)] : []),
    fill(isAgain ? (next === undefined ? words.again_ask_plain : words.again_ask) : words.complaint_ask),
    words.no_image,
    "",
    ...[name, contact].flatMap((line) => (line === undefined ? [] : [plain(line)])),
    ...(!isAgain && root.letter !== undefined ? ["", "---", fill(words.copy), "", root.letter.body] : []),
  ].join("\n");
  return {
    ok: true,
    notice: {
      regime: regime.id,
      recipient,
      language: used,
      elements: [
        {
          id: "contact",
          says: "Who writes, and how they can be reached.",
          citation: "",
          verified: "S",
          ...(name === undefined || contact === undefined ? {} : { text: `${plain(name)}\n${plain(contact)}` }),
          missing: [
            ...(name === undefined ? [`/${who}/name`] : []),
            ...(contact === undefined ? [`/${who}/email`] : []),
          ],
        },
      ],
      complete: name !== undefined && contact !== undefined,
      subject: fill(isAgain ? words.again_subject : words.complaint_subject),
      body,
      warnings: isAgain ? [] : [UNCHECKED],
      urls: root.urls,
    },
  };
};
