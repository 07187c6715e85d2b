/** The public face of @recourse/protocol: vocabulary, wire schemas and error codes. */
export {
  CASE_LIMITS,
  CATALOGUE_LIMITS,
  CATALOGUE_TYPES,
  CHECK_LIMITS,
  HEX_DIGITS,
  ITEM_LIMITS,
  LOCAL_QUERY_POLICIES,
  LOCAL_VERSION,
  MATCH_RADIUS_BITS,
  MAX_TIMESTAMP_MS,
  MIN_PDQ_QUALITY,
  OPINIONS,
  PLACE_GRID,
  PLAIN_PDQ_KINDS,
  SIGNAL_KINDS,
  SIGNAL_TYPES,
  VPDQ_KINDS,
  WINDOW_KINDS,
  WINDOWS,
} from "./constants.ts";
export { countSignals, fitsCheck, fitsItem, mediaOf, type SignalCounts } from "./limits.ts";
export {
  AskedSignal,
  CatalogueSignal,
  isPlainPdq,
  isShareable,
  Media,
  normaliseSignal,
  Opinion,
  Signal,
  SignalKind,
  SignalType,
  Verdict,
  VpdqKind,
} from "./vocabulary.ts";
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
  LateMatch,
  LateMatches,
  LocalQueryPolicy,
  Match,
  OpinionAnswer,
  OpinionRequest,
  OwnItem,
  OwnItems,
  RemoveOwnItemRequest,
} from "./gate.ts";
export {
  CatalogueContent,
  CatalogueFinding,
  CatalogueFindings,
  CatalogueLine,
  CataloguePart,
  CatalogueStreamAnswer,
  CatalogueUpload,
  ContentId,
  LookBackStatement,
  RegisterAnswer,
  RemoveContentAnswer,
  RemoveContentRequest,
} from "./catalogue.ts";
export {
  type CatalogueEntry,
  isContentId,
  type LineOutcome,
  readCatalogueEntry,
  readCatalogueLine,
} from "./catalogue-line.ts";
export { Health, type Route, type RouteId, ROUTES } from "./routes.ts";
export { openApiDocument } from "./openapi.ts";
export { readPlainCheck } from "./plain-check.ts";
