/** The public face of @recourse/protocol: vocabulary, wire schemas and error codes. */
export { CASE_LIMITS, HEX_DIGITS, MATCH_RADIUS_BITS, MIN_PDQ_QUALITY, OPINIONS, SIGNAL_KINDS } from "./constants.ts";
export { Media, Opinion, Signal, SignalKind, SignalType, Verdict, normaliseSignal } from "./vocabulary.ts";
export { ERRORS, ErrorBody, type ErrorCode, errorBody, isErrorCode } from "./errors.ts";
export {
  AddItemsRequest,
  CASE_NUMBER_PATTERN,
  CaseItem,
  CaseNumber,
  CaseStatus,
  CaseStatusRequest,
  Challenge,
  NewItem,
  OpenCaseAnswer,
  OpenCaseRequest,
  ProofOfWork,
  RecoverRequest,
  WithdrawRequest,
} from "./hub.ts";
export {
  AddOwnItemRequest,
  CheckAnswer,
  CheckSignalsRequest,
  GateStatus,
  Match,
  OpinionAnswer,
  OpinionRequest,
  OwnItem,
  OwnItems,
  RemoveOwnItemRequest,
} from "./gate.ts";
export { Health, type Route, type RouteId, ROUTES } from "./routes.ts";
export { openApiDocument } from "./openapi.ts";
