/** What is printed for the person who runs the server. */
import type { PublisherEvent, RefusalCode } from "@recourse/bank/stream";
import type { GateEvent, Learned } from "@recourse/gate";
import { ERRORS } from "@recourse/protocol";

type Print = (line: string) => void;

export const printGateEvent = (event: GateEvent, print: Print): void => {
  if (event.event === "bank_lost") print("The database can't be reached; the gate goes on with what it has.");
  if (event.event === "late_query_failed") print("Local hashes of a check could not be asked for.");
  if (event.event === "matches_lost") print(`Matches lost while the database was away: ${event.count}`);
  if (event.event === "snapshot_refused") print(`The gate's snapshot is not used: ${event.reason}`);
  if (event.event === "snapshot_failed") print(`The gate's snapshot could not be written: ${event.reason}`);
  if (event.event === "replica_rebuilding") print(`The gate reads the whole bank anew: ${event.reason}`);
  if (event.event === "replica_rebuilt") print("The gate has read the whole bank anew.");
  if (event.event === "bank_checksum_wrong") print("The bank's rows are not what its checksum says: docs/feed.md.");
};

export const printFeedEvent = ({ event }: PublisherEvent, print: Print): void => {
  if (event === "feed_stream_lost") print("The stream of the feed can't be reached; it is written on when it is back.");
  if (event === "feed_stream_begun_anew") print("The stream of the feed was not as the bank is, and is written anew.");
};

export const printRefusal = (code: RefusalCode, print: Print): void =>
  print(`${ERRORS[code].message} It is tried again. (${code}, docs/errors.md)`);

export const printLearned = ({ pictures, unread }: Learned, print: Print): void =>
  print(`Harmless pictures learned from: ${pictures}; files that are none: ${unread}`);
