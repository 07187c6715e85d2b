/** The gate: follows the bank's feed, answers checks with a verdict, and takes opinions back. */
import { createHash } from "node:crypto";
import { type Bank, BankError, matchId, type Partner } from "@recourse/bank";
import { querySignals } from "@recourse/fingerprint";
import { createFingerprintPool } from "@recourse/fingerprint/node";
import { type CheckAnswer, type GateStatus, MIN_PDQ_QUALITY, type Opinion, type Signal } from "@recourse/protocol";
import { createMatchRecorder } from "./match-recorder.ts";
import { createPartnerDirectory } from "./partner-directory.ts";
import { createReplica } from "./replica.ts";

export interface Gate {
  /** Resolves when everything the bank held at the call is in force. Throws BankError while the bank is away. */
  ready(): Promise<void>;
  findPartner(key: string): Promise<Partner | undefined>;
  /** Asks with signals. */
  check(partner: Partner, signals: readonly Signal[]): Promise<CheckAnswer>;
  /** Fingerprints a file's bytes and asks with what comes out; a file that can't be read and is not known
   * byte for byte is `unscannable`. */
  checkBytes(partner: Partner, bytes: Uint8Array): Promise<CheckAnswer>;
  /** Throws BankError `match_unknown`, `database_unavailable`. */
  giveOpinion(partner: Partner, matchId: string, opinion: Opinion): Promise<void>;
  status(): GateStatus;
  close(): Promise<void>;
}

/** What a gate tells whoever runs it; never a value of a signal. */
export type GateEvent =
  | { readonly event: "bank_connected" | "bank_lost" }
  | { readonly event: "matches_lost"; readonly count: number };

export interface GateOptions {
  readonly bank: Bank;
  /** Largest file that is read. */
  readonly maxFileBytes?: number;
  readonly onEvent?: (event: GateEvent) => void;
}

/** Matches in one answer; an upload near more items than this is a match all the same. */
const MATCHES_LIMIT = 100;

const exactSignals = (bytes: Uint8Array): Signal[] =>
  (["md5", "sha256"] as const).map((type) => ({ type, value: createHash(type).update(bytes).digest("hex") }));

export const createGate = (options: GateOptions): Gate => {
  const { bank } = options;
  const replica = createReplica();
  let connected = false;
  const recorder = createMatchRecorder(
    (matches) => bank.recordMatches(matches),
    (count) => options.onEvent?.({ event: "matches_lost", count }),
  );
  const pool = createFingerprintPool(
    options.maxFileBytes === undefined ? {} : { limits: { bytes: options.maxFileBytes } },
  );
  const directory = createPartnerDirectory(() => bank.listPartners());
  const reader = bank.followFeed({
    after: 0,
    onEntries: (entries) => replica.apply(entries),
    onConnection: (value) => {
      connected = value;
      options.onEvent?.({ event: value ? "bank_connected" : "bank_lost" });
    },
  });

  const check = async (partner: Partner, signals: readonly Signal[], reason?: string): Promise<CheckAnswer> => {
    const found = replica.find(signals, MATCHES_LIMIT);
    const query = signals
      .map((signal) => `${signal.type}:${signal.value}`)
      .toSorted()
      .join("\n");
    const matches = found.map((each) => ({ id: matchId(partner.id, each.itemId, query), ...each }));
    await recorder.record(matches.map((match) => ({ ...match, partnerId: partner.id })));
    return {
      verdict: matches.length > 0 ? "match" : "no_match",
      matches: matches.map((match) => ({
        id: match.id,
        item: match.itemId,
        signalType: match.signalType,
        distance: match.distanceBits,
        bank: match.bank,
        score: 1 - match.distanceBits / 64,
      })),
      signals: [...signals],
      ...(reason === undefined || matches.length > 0 ? {} : { reason }),
    };
  };

  return {
    ready: () => reader.catchUp(),
    findPartner: (key) => directory.find(key),
    check: (partner, signals) => check(partner, signals),
    async checkBytes(partner, bytes) {
      const outcome = await pool.fingerprint(bytes);
      if (outcome.ok) {
        const plain = outcome.fingerprint.quality < MIN_PDQ_QUALITY;
        return check(partner, querySignals(outcome.fingerprint), plain ? "picture_too_plain" : undefined);
      }
      if (bytes.length === 0) return { verdict: "unscannable", matches: [], signals: [], reason: outcome.code };
      // What can't be decoded here may still be, byte for byte, what someone else could decode.
      const exact = await check(partner, exactSignals(bytes));
      return exact.verdict === "match" ? exact : { ...exact, verdict: "unscannable", reason: outcome.code };
    },
    async giveOpinion(partner, id, opinion) {
      if (!(await recorder.settle(id))) throw new BankError("database_unavailable");
      await bank.recordOpinion(partner.id, id, opinion);
    },
    status: () => ({
      sequence: replica.sequence,
      signals: replica.signalCount,
      items: replica.itemCount,
      connected,
      unrecorded: recorder.waiting,
      byType: { pdq: 0, md5: 0, sha256: 0, "pdq-local": 0, vpdq: 0 },
      stoppedPatches: 0,
      localQuery: "off",
      localWaiting: 0,
      localSkipped: 0,
    }),
    async close() {
      await Promise.all([reader.close(), pool.close()]);
      await recorder.close();
    },
  };
};
