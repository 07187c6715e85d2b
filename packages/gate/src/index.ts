/** The public face of @recourse/gate. */
export { type Catalogue, createCatalogue } from "./catalogue/catalogue.ts";
export { createClickHouseColumns } from "./catalogue/clickhouse/clickhouse-columns.ts";
export { type ClickHouseAddress, readClickHouseUrl } from "./catalogue/clickhouse/connect.ts";
export { clickHouseStatements } from "./catalogue/clickhouse/measured.ts";
export { CatalogueError } from "./catalogue/errors.ts";
export { createLookBack, type LookBack, type LookBackEvent } from "./catalogue/look-back.ts";
export { startLookBackThread } from "./catalogue/look-back-thread.ts";
export { registerStream } from "./catalogue/register-stream.ts";
export { createGate, type Gate, type GateBank, type GateEvent, type GateOptions } from "./gate.ts";
export type {
  ComparedFrame,
  FramePair,
  FramesJudgement,
  FramesQuestion,
  Judgement,
  JudgeFrames,
  JudgeLocal,
  LocalVotes,
  Spans,
} from "./judges.ts";
export type { Upload, UploadReader } from "./read-upload.ts";
export { type Learned, learnHarmless } from "./harmless.ts";
export { createReplica, type Replica } from "./replica.ts";
export { createStopList, type StopList } from "./stop-list.ts";
