/** What the person told and sent, in this page's memory and nowhere else. */
import { applyToCase, type CaseEvent, type CaseFile, type Facts } from "@recourse/remedy";
import { useCallback, useMemo, useState } from "react";
import { NO_FACTS, soundFacts, type Statement, withFact, withStatement } from "./facts-at.ts";

type Letters = Pick<CaseFile, "notices" | "replies">;

export interface RemedyCase {
  /** As they are being typed. */
  readonly draft: Facts;
  /** What of it can be used, with what was sent. */
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
  /** All of it, as it is kept in a file. */
  readonly caseFile: CaseFile;
  /** All of these or, if one of them can't be, none. */
  readonly apply: (events: readonly CaseEvent[]) => void;
  /** The day and time a letter went out, put right by the person. */
  readonly changeSentAt: (id: string, sentAt: string) => void;
  readonly open: (kept: CaseFile) => void;
  readonly forget: () => void;
}

const NO_LETTERS: Letters = { notices: [], replies: [] };

/** What a plan has to know of the letters. */
const sentOf = ({ notices }: Letters): NonNullable<Facts["sent"]> =>
  notices.flatMap(({ kind, regime, recipient, sentAt, receivedAt, answer }) =>
    kind !== "notice" || sentAt === undefined
      ? []
      : [
          {
            regime,
            recipient,
            sentAt,
            ...(receivedAt === undefined ? {} : { receivedAt }),
            ...(answer === undefined || answer === "other" ? {} : { answer }),
          },
        ],
  );

export const useRemedyCase = (): RemedyCase => {
  const [draft, setDraft] = useState<Facts>(NO_FACTS);
  const [letters, setLetters] = useState<Letters>(NO_LETTERS);
  const [addresses, setAddresses] = useState<Readonly<Record<string, string>>>({});
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const sound = useMemo(() => soundFacts(draft), [draft]);
  const facts = useMemo(() => {
    const sent = sentOf(letters);
    return sent.length === 0 ? sound : { ...sound, sent };
  }, [sound, letters]);

  const tell = useCallback((path: string, value: unknown) => setDraft((old) => withFact(old, path, value)), []);
  const state = useCallback(
    (statement: Statement, isMade: boolean) => setDraft((old) => withStatement(old, statement, isMade)),
    [],
  );
  const markDone = useCallback((key: string, isDone: boolean) => {
    setDone((old) => {
      const next = new Set(old);
      if (isDone) next.add(key);
      else next.delete(key);
      return next;
    });
  }, []);
  const tellAddress = useCallback(
    (recipient: string, address: string) => setAddresses((old) => ({ ...old, [recipient]: address })),
    [],
  );
  const apply = useCallback((events: readonly CaseEvent[]) => {
    setLetters((old) => {
      let now: CaseFile = { version: 1, facts: NO_FACTS, ...old };
      for (const event of events) {
        const applied = applyToCase(now, event);
        if (!applied.ok) return old;
        now = applied.case;
      }
      return { notices: now.notices, replies: now.replies };
    });
  }, []);
  const changeSentAt = useCallback((id: string, sentAt: string) => {
    setLetters((old) => {
      const notices = old.notices.map((notice) =>
        notice.id !== id
          ? notice
          : { ...notice, sentAt, ...(notice.state === "overdue" ? { state: "sent" as const } : {}) },
      );
      const ticked = applyToCase(
        { version: 1, facts: NO_FACTS, ...old, notices },
        { type: "time", at: new Date().toISOString() },
      );
      return ticked.ok ? { notices: ticked.case.notices, replies: old.replies } : { ...old, notices };
    });
  }, []);
  const reset = useCallback((told: Facts, kept: Letters) => {
    setDraft(told);
    setLetters({ notices: kept.notices, replies: kept.replies });
    setDone(new Set());
    setAddresses({});
  }, []);
  const open = useCallback((kept: CaseFile) => reset(kept.facts, kept), [reset]);
  const forget = useCallback(() => reset(NO_FACTS, NO_LETTERS), [reset]);

  return useMemo(
    () => ({
      draft,
      facts,
      tell,
      state,
      done,
      markDone,
      addresses,
      tellAddress,
      caseFile: { version: 1, facts: sound, ...letters },
      apply,
      changeSentAt,
      open,
      forget,
    }),
    [
      draft,
      facts,
      tell,
      state,
      done,
      markDone,
      addresses,
      tellAddress,
      sound,
      letters,
      apply,
      changeSentAt,
      open,
      forget,
    ],
  );
};
