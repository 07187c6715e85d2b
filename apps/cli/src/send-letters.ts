/** Sending complete notices from `recourse notice --send`, one by one; after each, the case says what became of it. */
import { applyToCase, type CaseFile, type Facts, type Notice } from "@recourse/remedy";
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
  if (from === undefined) throw new CommandFailure("usage", 2, "the facts have no mail address to send from");
  return { server, from };
};

/** What became of each, in order; `keep` is called with the case after each one that went out. */
export const sendLetters = async (
  letters: readonly Letter[],
  { server, from }: Sender,
  given: CaseFile,
  signal: AbortSignal,
  keep: (changed: CaseFile) => Promise<void>,
): Promise<readonly { readonly id: string; readonly outcome: string }[]> => {
  let current = given;
  const outcomes: { id: string; outcome: string }[] = [];
  for (const { id, notice, to } of letters) {
    if (to === undefined) {
      outcomes.push({ id, outcome: "no_address" });
      continue;
    }
    signal.throwIfAborted();
    const nowMs = Date.now();
    // One after the other, and written down in between, so that nothing is sent twice.
    // oxlint-disable-next-line no-await-in-loop -- in order, as said above
    const outcome = await sendNotice(notice, server, { from, to, nowMs, signal });
    outcomes.push({ id, outcome: outcome.ok ? "sent" : outcome.code });
    if (!outcome.ok) continue;
    const { subject, body } = notice;
    const applied = applyToCase(current, {
      type: "sent",
      at: new Date(nowMs).toISOString(),
      id,
      by: "smtp",
      letter: { subject, body },
    });
    if (applied.ok) current = applied.case;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await keep(current);
  }
  return outcomes;
};
