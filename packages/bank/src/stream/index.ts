/** A bank's feed over NATS JetStream, for gates that can't reach its database. */
export {
  type FeedConnection,
  type FeedConnectionOptions,
  openFeedConnection,
  readFeedUrl,
  type RefusalCode,
} from "./connection.ts";
export { followStream, type StreamReaderOptions } from "./follow-stream.ts";
export { type FeedPublisher, publishFeed, type PublisherEvent, type PublisherOptions } from "./publish.ts";
export { openHubLine, serveHubLine } from "./hub-line.ts";
