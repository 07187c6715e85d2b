/** What is measured: something that keeps an entry for each picture and tells whether another picture shows the same. */
import { fingerprintBytes } from "@recourse/fingerprint/node";

export interface MatchOutcome {
  /** Larger is more alike; of one scale within a recogniser, so that thresholds can be tried afterwards. */
  readonly score: number;
  readonly match: boolean;
  /** Which of the recogniser's ways found it. */
  readonly by?: string;
  readonly distance?: number;
  readonly votes?: number;
}

/** Entries go between threads: plain objects, arrays, numbers, strings and typed arrays only. */
export interface Recogniser<BankEntry = unknown, QueryEntry = unknown> {
  readonly name: string;
  /** What is kept of a picture somebody protects. `picture` is an encoded file. */
  bank(picture: Uint8Array): Promise<BankEntry>;
  /** What a gate computes of a picture it is asked about. */
  query(picture: Uint8Array): Promise<QueryEntry>;
  match(bank: BankEntry, query: QueryEntry): MatchOutcome;
  /** As `match` for each of `banks`, where that can be had faster than one by one. */
  matchMany?(banks: readonly BankEntry[], query: QueryEntry): readonly MatchOutcome[];
  /** The queries as they are asked once the recogniser has learned from harmless pictures. */
  learn?(harmless: readonly QueryEntry[], queries: readonly QueryEntry[]): readonly QueryEntry[];
}

/** The reference's threshold: matches are at most this many of 256 bits apart. */
const PDQ_RADIUS_BITS = 31;

async function pdqWords(picture: Uint8Array): Promise<Uint32Array> {
  const outcome = await fingerprintBytes(picture, { purpose: "query" });
  if (!outcome.ok) throw new Error(outcome.code);
  return Uint32Array.from({ length: 8 }, (_unused, at) =>
    Number.parseInt(outcome.fingerprint.pdq.slice(at * 8, at * 8 + 8), 16),
  );
}

function bitsSet(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The peer: PDQ as the reference describes it, one hash of the picture as it is. */
export const plainPdq: Recogniser<Uint32Array, Uint32Array> = {
  name: "plain PDQ at 31",
  bank: pdqWords,
  query: pdqWords,
  match: (bank, query) => {
    let distance = 0;
    for (let at = 0; at < 8; at++) distance += bitsSet((bank[at] ?? 0) ^ (query[at] ?? 0));
    return { score: 256 - distance, match: distance <= PDQ_RADIUS_BITS, by: "pdq", distance };
  },
};
