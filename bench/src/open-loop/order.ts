/** What the generator of an open-loop load is told, and what it answers. */
export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly key: string;
  /** JSON texts, asked with by turns. */
  readonly bodies: readonly string[];
  /** Requests due a second. */
  readonly rate: number;
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The status that every answer has to have. */
  readonly status: number;
}

export interface LoadResult {
  readonly answered: number;
  /** Answers of another status, and requests that were not answered within ten seconds of the end. */
  readonly failed: number;
  /** Requests due behind the warm-up and answered: what the times are of. From when each was due, in milliseconds. */
  readonly counted: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  /** Requests at most that were due and found every connection busy. */
  readonly longestQueue: number;
  /** How late the generator itself was at most: large means that it did not get the processor. */
  readonly latestSendMs: number;
  /** Processor time of the generator. */
  readonly cpuSeconds: number;
}
