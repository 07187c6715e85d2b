/** Finding one's place in the stream. All of it asks the stream's leader: what a follower answers may be old. */
import type { JetStreamManager, MsgRequest, StoredMsg } from "@nats-io/jetstream";
import { ALL_SUBJECTS, BEGIN_SUBJECT, decodeMessage, HEAD_SUBJECT, sequenceOf, STREAM_NAME } from "./layout.ts";
import type { StreamBegin, StreamHead } from "./layout.ts";

/** A record and the stream's own number of it. */
export interface Placed<Record> {
  readonly at: number;
  readonly record: Record;
}

/** The last message of this subject, or null. */
export const lastOf = (manager: JetStreamManager, subject: string): Promise<StoredMsg | null> =>
  manager.streams.getMessage(STREAM_NAME, { last_by_subj: subject });

/** The first message of these subjects at or behind this number of the stream, or null. */
export const nextOf = (manager: JetStreamManager, subject: string, at: number): Promise<StoredMsg | null> =>
  // The cast: servers from 2.9 on take it here as well as in direct requests, where alone the client's types have it.
  manager.streams.getMessage(STREAM_NAME, { seq: at, next_by_subj: subject } as MsgRequest);

export const readHead = async (manager: JetStreamManager): Promise<Placed<StreamHead> | undefined> => {
  const found = await lastOf(manager, HEAD_SUBJECT);
  const message = found === null ? undefined : decodeMessage(found.subject, found.data);
  return found !== null && message?.kind === "head" ? { at: found.seq, record: message.head } : undefined;
};

export const readBegin = async (manager: JetStreamManager): Promise<Placed<StreamBegin> | undefined> => {
  const found = await lastOf(manager, BEGIN_SUBJECT);
  const message = found === null ? undefined : decodeMessage(found.subject, found.data);
  return found !== null && message?.kind === "begin" ? { at: found.seq, record: message.begin } : undefined;
};

/** The stream's number from which on everything comes after this sequence number of the feed. */
export const placeAfter = async (manager: JetStreamManager, sequence: number): Promise<number> => {
  const { state } = await manager.streams.info(STREAM_NAME);
  let from = state.first_seq;
  let to = state.last_seq + 1;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const found = await nextOf(manager, ALL_SUBJECTS, middle);
    if (found === null || sequenceOf(decodeMessage(found.subject, found.data)) > sequence) to = middle;
    else from = found.seq + 1;
  }
  return from;
};
