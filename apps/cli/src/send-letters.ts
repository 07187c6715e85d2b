/** Sending complete notices from `recourse notice --send`, one by one; after each, the case says what became of it. */
import { applyToCase, type CaseEvent, type CaseFile, type Facts, isBareAddress, type Notice } from "@recourse/remedy";
import { type MailServer, readMailServer, sendNotice } from "@recourse/remedy/node";
import { CommandFailure } from "./failure.ts";

export interface Letter {
  readonly id: string;
  readonly notice: Notice;
  readonly to: string | undefined;
}

export interface Sender {
  readonly server: MailServer;
  readonly from: string;
}

/** From the settings: `SMTP_URL`, and the address in the facts. Throws before anything is written or sent. */
export const senderFrom = ({ person, helper }: Facts): Sender => {
  const server = readMailServer(process.env["SMTP_URL"] ?? "");
  if (server === undefined) throw new CommandFailure("mail_server_invalid", 2, "SMTP_URL");
  const from = (helper ?? person)?.email;
  if (from === undefined || !isBareAddress(from))
    throw new CommandFailure("usage", 2, "the facts have no mail address to send from");
  return { server, from };
};

/** `sent`, `no_address`, or a code: of the mail server's refusal, or of the case that did not take it. */
export type SendOutcome = string;

/**
 * One letter after the other. That it is being sent is kept before its first byte goes out, and what became of it after:
 * where the case can't take it or can't be kept, nothing is sent, and whatever breaks later leaves a letter that says
 * "unsure" and is not sent again. `tell` hears of each as soon as it is known; what `keep` throws ends it all.
 */
export const sendLetters = async (
  letters: readonly Letter[],
  { server, from }: Sender,
  given: CaseFile,
  signal: AbortSignal,
  {
    keep,
    tell,
  }: {
    readonly keep: (changed: CaseFile) => Promise<void>;
    readonly tell: (id: string, outcome: SendOutcome) => void;
  },
): Promise<void> => {
  let current = given;
  const write = async (event: CaseEvent): Promise<string | undefined> => {
    const applied = applyToCase(current, event);
    if (!applied.ok) return applied.code;
    current = applied.case;
    await keep(current);
    return undefined;
  };
  for (const { id, notice, to } of letters) {
    if (to === undefined) {
      tell(id, "no_address");
      continue;
    }
    signal.throwIfAborted();
    const nowMs = Date.now();
    const at = new Date(nowMs).toISOString();
    const { subject, body } = notice;
    // oxlint-disable-next-line no-await-in-loop -- in order, as said above
    const refused = await write({ type: "attempted", at, id, by: "smtp", letter: { subject, body } });
    if (refused !== undefined) {
      tell(id, refused);
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop -- as above
    const outcome = await sendNotice(notice, server, { from, to, nowMs, signal });
    tell(id, outcome.ok ? "sent" : outcome.code);
    // Where nobody knows, it stays so.
    if (!outcome.ok && outcome.code === "mail_unsure") continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await write(outcome.ok ? { type: "sent", at, id, by: "smtp" } : { type: "not_sent", at, id });
  }
};
