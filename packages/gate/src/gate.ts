/** The gate: follows the bank's feed, answers checks with a verdict, and takes opinions back. */
import { createHash, randomUUID } from "node:crypto";
import { type Bank, BankError, type FollowFeed, matchId, type NewMatch, type Partner } from "@recourse/bank";
import type {
  AskedSignal,
  CatalogueSignal,
  CheckAnswer,
  GateStatus,
  LateMatches,
  LocalQueryPolicy,
  Match,
  Opinion,
} from "@recourse/protocol";
import type { Probed } from "./catalogue/register.ts";
import { createLateQueries } from "./late-queries.ts";
import { createMatchRecorder } from "./match-recorder.ts";
import { createPartnerDirectory } from "./partner-directory.ts";
import { createUploadReader, type UploadReader } from "./read-upload.ts";
import { createReplica, type Found, type ReplicaOptions, strongestFirst } from "./replica.ts";
import { createReplicaKeeper, type KeeperEvent } from "./replica-keeper.ts";
import { createSnapshotStore, type SnapshotEvent } from "./snapshot/store.ts";

export interface Gate {
  /** Resolves when everything the bank held at the call is in force. Throws BankError while the bank is away. */
  ready(): Promise<void>;
  findPartner(key: string): Promise<Partner | undefined>;
  /** The same at once; undefined also for one that has to be asked for. */
  knownPartner(key: string): Partner | undefined;
  /** Asks with signals, as many as the protocol's `fitsCheck` allows. */
  check(partner: Partner, signals: readonly AskedSignal[]): Promise<CheckAnswer>;
  /** Fingerprints a file's bytes and asks with what comes out; a file that can't be read and is not known
   * byte for byte is `unscannable`. */
  checkBytes(partner: Partner, bytes: Uint8Array): Promise<CheckAnswer>;
  /**
   * What of the bank a content of the platform is, and up to which change of the bank that is all there is; undefined
   * where that is not known, or where it is too much to be told at once. Nothing is recorded.
   */
  probe(signals: readonly CatalogueSignal[]): Probed | undefined;
  /** What was found for this partner after its checks were answered. Throws BankError `database_unavailable`. */
  lateMatches(partner: Partner, after: number): Promise<LateMatches>;
  /** Throws BankError `match_unknown`, `database_unavailable`. */
  giveOpinion(partner: Partner, matchId: string, opinion: Opinion): Promise<void>;
  status(): GateStatus;
  close(): Promise<void>;
}

/** What a gate tells whoever runs it; never a value of a signal. */
export type GateEvent =
  | { readonly event: "bank_connected" | "bank_lost" | "late_query_failed" }
  | { readonly event: "matches_lost"; readonly count: number }
  | KeeperEvent
  | SnapshotEvent;

/**
 * What a gate asks of a bank. Without `followFeed` the feed has to come another way; without `readFeed`, that way is also
 * the one on which the whole bank is read.
 */
export type GateBank = Pick<Bank, "listPartners" | "recordMatches" | "listLateMatches" | "recordOpinion"> &
  Partial<Pick<Bank, "followFeed" | "readFeed">>;

export interface GateOptions extends Pick<ReplicaOptions, "judgeLocal" | "judgeFrames" | "isFurniture"> {
  readonly bank: GateBank;
  /** How the feed comes here, if not from the bank's database. */
  readonly followFeed?: FollowFeed;
  /** Folder of the snapshots this gate starts from; made if it is not there. Left out, it keeps none. */
  readonly snapshotDir?: string;
  /** How long at least from one snapshot to the next; five minutes if left out. */
  readonly snapshotEveryMs?: number;
  /** Largest file that is read. */
  readonly maxFileBytes?: number;
  /** When local hashes are asked for: before the answer (the default), after it, or never. */
  readonly localQuery?: LocalQueryPolicy;
  /** How many checks may wait for their local hashes. */
  readonly lateLimit?: number;
  /** Reads uploads; left out, pictures and videos are read. The gate closes it. */
  readonly uploads?: UploadReader;
  readonly onEvent?: (event: GateEvent) => void;
}

/** Matches in one answer; an upload near more items than this is a match all the same. */
const MATCHES_LIMIT = 100;

/** Items that a probe tells; where there are more, the look-back finds them all. */
const PROBE_LIMIT = 200;

/** A check's signals as one short text, the same whatever their order. */
const digestOf = (signals: readonly AskedSignal[]): string => {
  const lines = signals.map(({ type, value }) => `${type}:${value}`).toSorted();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
};

const asMatch = (id: string, found: Found): Match => ({
  id,
  item: found.itemId,
  signalType: found.signalType,
  distance: found.distanceBits,
  bank: found.bank,
  score: found.score,
  ...(found.kind === undefined ? {} : { kind: found.kind }),
  ...(found.votes === undefined ? {} : { votes: found.votes }),
  ...(found.frames === undefined ? {} : { frames: found.frames }),
  ...(found.seconds === undefined
    ? {}
    : {
        seconds: {
          item: found.seconds.item.map((span) => [...span]),
          upload: found.seconds.upload.map((span) => [...span]),
        },
      }),
});

export const createGate = (options: GateOptions): Gate => {
  const {
    bank,
    localQuery = "in_path",
    uploads = createUploadReader({ maxFileBytes: options.maxFileBytes, stronger: localQuery !== "off" }),
  } = options;
  const onEvent = (event: GateEvent): void => options.onEvent?.(event);
  let connected = false;
  const recorder = createMatchRecorder(
    (matches) => bank.recordMatches(matches),
    (count) => onEvent({ event: "matches_lost", count }),
  );
  const lateQueries = createLateQueries(() => onEvent({ event: "late_query_failed" }), options.lateLimit);
  const directory = createPartnerDirectory(() => bank.listPartners());
  const follow = options.followFeed ?? bank.followFeed?.bind(bank);
  if (follow === undefined) throw new TypeError("followFeed: this bank needs one");
  const keeper = createReplicaKeeper({
    follow,
    readFeed: bank.readFeed?.bind(bank),
    makeReplica: (saved) => createReplica(options, saved),
    ...(options.snapshotDir !== undefined && { snapshots: createSnapshotStore(options.snapshotDir, onEvent) }),
    snapshotEveryMs: options.snapshotEveryMs,
    onConnection: (value) => {
      connected = value;
      onEvent({ event: value ? "bank_connected" : "bank_lost" });
    },
    onEvent,
  });

  /** Asks with the local hashes later; answers the id under which what they find is listed, or undefined if it can't. */
  const askLater = (
    partner: Partner,
    signals: readonly AskedSignal[],
    query: string,
    known: readonly Found[],
  ): string | undefined => {
    const checkId = randomUUID();
    const told = new Set(known.map(({ itemId }) => itemId));
    const patches = signals.filter(({ type }) => type === "pdq-local");
    const accepted = lateQueries.accept(() => {
      const found = keeper.replica.findByPatches(patches, MATCHES_LIMIT).filter(({ itemId }) => !told.has(itemId));
      const matches = found.map((each): NewMatch => {
        const { itemId, signalType, distanceBits, votes = 0, score } = each;
        const late = { checkId, votes, score };
        return {
          id: matchId(partner.id, itemId, query),
          partnerId: partner.id,
          itemId,
          signalType,
          distanceBits,
          late,
        };
      });
      // Waits, bounded, in the recorder while the database is away; it rejects for nothing.
      void recorder.record(matches);
    });
    return accepted ? checkId : undefined;
  };

  const check = async (partner: Partner, signals: readonly AskedSignal[]): Promise<CheckAnswer> => {
    const hasPatches = signals.some(({ type }) => type === "pdq-local");
    const { replica } = keeper;
    const atOnce = replica.find(signals, MATCHES_LIMIT);
    const found =
      hasPatches && localQuery === "in_path"
        ? strongestFirst([...atOnce, ...replica.findByPatches(signals, MATCHES_LIMIT)], MATCHES_LIMIT)
        : atOnce;
    // Most find nothing, and nothing has to be named then.
    if (found.length === 0 && !hasPatches) return { verdict: "no_match", matches: [], signals: [...signals] };
    const query = digestOf(signals);
    const checkId = hasPatches && localQuery === "after" ? askLater(partner, signals, query, found) : undefined;
    const matches = found.map((each) => ({ ...each, id: matchId(partner.id, each.itemId, query) }));
    await recorder.record(
      matches.map(({ id, itemId, signalType, distanceBits }) => ({
        id,
        partnerId: partner.id,
        itemId,
        signalType,
        distanceBits,
      })),
    );
    return {
      verdict: matches.length > 0 ? "match" : "no_match",
      matches: matches.map((match) => asMatch(match.id, match)),
      signals: [...signals],
      ...(checkId === undefined ? {} : { later: { checkId } }),
      ...(hasPatches && localQuery !== "in_path" && checkId === undefined ? { notAsked: ["pdq-local"] } : {}),
    };
  };

  return {
    ready: () => keeper.ready(),
    findPartner: (key) => directory.find(key),
    knownPartner: (key) => directory.known(key),
    check,
    async checkBytes(partner, bytes) {
      const upload = await uploads.read(bytes);
      const { signals, reason } = upload;
      const answer: CheckAnswer =
        signals.length === 0 ? { verdict: "no_match", matches: [], signals: [] } : await check(partner, signals);
      if (answer.verdict === "match") return answer;
      return {
        ...answer,
        ...(upload.ok ? {} : { verdict: "unscannable" as const }),
        ...(reason === undefined ? {} : { reason }),
      };
    },
    probe(signals) {
      const { replica, verifiedSequence } = keeper;
      // Everything up to there was found to be in force here as in the bank, and has been since.
      if (verifiedSequence === undefined || replica.unsettled !== 0) return undefined;
      const found = replica.find(signals, PROBE_LIMIT + 1);
      return found.length > PROBE_LIMIT ? undefined : { sequence: verifiedSequence, found };
    },
    lateMatches: (partner, after) => bank.listLateMatches(partner.id, after),
    async giveOpinion(partner, id, opinion) {
      if (!(await recorder.settle(id))) throw new BankError("database_unavailable");
      await bank.recordOpinion(partner.id, id, opinion);
    },
    status() {
      const { replica, verifiedSequence } = keeper;
      return {
        sequence: replica.sequence,
        checksum: replica.checksum,
        ...(verifiedSequence === undefined ? {} : { verifiedSequence }),
        signals: replica.signalCount,
        items: replica.itemCount,
        connected,
        unrecorded: recorder.waiting,
        byType: replica.counts,
        stoppedPatches: replica.stoppedPatches,
        localQuery,
        localWaiting: lateQueries.waiting,
        localSkipped: lateQueries.skipped,
      };
    },
    async close() {
      await Promise.all([keeper.close(), uploads.close(), lateQueries.close()]);
      await recorder.close();
    },
  };
};
