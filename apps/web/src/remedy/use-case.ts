/** What the person told, in this page's memory and nowhere else. */
import type { Facts, NoticeLanguage } from "@recourse/remedy";
import { useCallback, useMemo, useState } from "react";
import { NO_FACTS, soundFacts, type Statement, withFact, withStatement } from "./facts-at.ts";

/** A notice that the person says they have sent. */
export interface SentNotice {
  readonly id: string;
  readonly regime: string;
  readonly recipient: string;
  readonly language: NoticeLanguage;
  readonly subject: string;
  readonly body: string;
  /** Where to, if it was a mail address. */
  readonly address: string | undefined;
  /** ISO 8601, as all times. */
  readonly sentAt: string;
  readonly receivedAt?: string;
  readonly answer?: "none" | "removed" | "refused" | "partly" | "asks_more";
  /** What they wrote back; empty if nothing was kept. */
  readonly reply: string;
}

export interface RemedyCase {
  /** As they are being typed. */
  readonly draft: Facts;
  /** What of it can be used. */
  readonly facts: Facts;
  /** undefined and "" take the fact out. */
  readonly tell: (path: string, value: unknown) => void;
  readonly state: (statement: Statement, isMade: boolean) => void;
  /** Keys of the steps that the person said are done. */
  readonly done: ReadonlySet<string>;
  readonly markDone: (key: string, isDone: boolean) => void;
  /** Mail addresses as they were typed or found, by the recipient's name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly tellAddress: (recipient: string, address: string) => void;
  readonly sent: readonly SentNotice[];
  readonly addSent: (notice: SentNotice) => void;
  readonly changeSent: (id: string, change: Partial<SentNotice>) => void;
  readonly forget: () => void;
}

export const useRemedyCase = (): RemedyCase => {
  const [draft, setDraft] = useState<Facts>(NO_FACTS);
  const [sent, setSent] = useState<readonly SentNotice[]>([]);
  const facts = useMemo(() => {
    const sound = soundFacts(draft);
    if (sent.length === 0) return sound;
    return {
      ...sound,
      sent: sent.map(({ regime, recipient, sentAt, receivedAt, answer }) => ({
        regime,
        recipient: recipient.slice(0, 200),
        sentAt,
        ...(receivedAt === undefined ? {} : { receivedAt }),
        ...(answer === undefined ? {} : { answer }),
      })),
    };
  }, [draft, sent]);
  const tell = useCallback((path: string, value: unknown) => setDraft((old) => withFact(old, path, value)), []);
  const state = useCallback(
    (statement: Statement, isMade: boolean) => setDraft((old) => withStatement(old, statement, isMade)),
    [],
  );
  const [addresses, setAddresses] = useState<Readonly<Record<string, string>>>({});
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const markDone = useCallback((key: string, isDone: boolean) => {
    setDone((old) => {
      const next = new Set(old);
      if (isDone) next.add(key);
      else next.delete(key);
      return next;
    });
  }, []);
  const forget = useCallback(() => {
    setDraft(NO_FACTS);
    setDone(new Set());
    setAddresses({});
    setSent([]);
  }, []);
  return useMemo(
    () => ({
      draft,
      facts,
      tell,
      state,
      done,
      markDone,
      addresses,
      tellAddress: (recipient, address) => setAddresses((old) => ({ ...old, [recipient]: address })),
      sent,
      addSent: (notice) => setSent((old) => [...old, notice]),
      changeSent: (id, change) => setSent((old) => old.map((each) => (each.id === id ? { ...each, ...change } : each))),
      forget,
    }),
    [draft, facts, tell, state, done, markDone, addresses, sent, forget],
  );
};
