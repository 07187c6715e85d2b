/** The stream itself: made if it is not there, and kept as it is set. */
import { JetStreamApiError, type JetStreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { ALL_SUBJECTS, STREAM_NAME } from "./layout.ts";

export interface StreamOptions {
  /** Servers that hold a copy of the stream: 1, or 3 or 5 in a cluster. */
  readonly replicas?: number;
}

const NOT_FOUND = 10059;
/** Nothing is published twice under one id here; the window of ids is as small as the server lets it be. */
const DUPLICATES_NS = 100_000_000;

export interface StreamState {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly messages: number;
}

export const streamState = async (manager: JetStreamManager): Promise<StreamState> => {
  const { state } = await manager.streams.info(STREAM_NAME);
  return { firstAt: state.first_seq, lastAt: state.last_seq, messages: state.messages };
};

export const ensureStream = async (manager: JetStreamManager, options: StreamOptions): Promise<StreamState> => {
  const wanted = {
    subjects: [ALL_SUBJECTS],
    num_replicas: options.replicas ?? 1,
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    duplicate_window: DUPLICATES_NS,
  };
  const found = await manager.streams.info(STREAM_NAME).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === NOT_FOUND) return undefined;
    throw error;
  });
  if (found === undefined) {
    const fixed = { name: STREAM_NAME, storage: StorageType.File, retention: RetentionPolicy.Limits };
    await manager.streams.add({ ...fixed, ...wanted });
  } else if (found.config.num_replicas !== wanted.num_replicas) {
    await manager.streams.update(STREAM_NAME, { ...found.config, ...wanted });
  }
  return streamState(manager);
};
