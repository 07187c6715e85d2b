/** The public face of @recourse/gate. */
export { createGate, type Gate, type GateEvent, type GateOptions } from "./gate.ts";
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
export { createStopList, type StopList } from "./stop-list.ts";
