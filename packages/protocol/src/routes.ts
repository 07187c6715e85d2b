/**
 * Every address of the HTTP interface: what it takes, what it answers, which key it wants. The server registers its
 * handlers from this table and the OpenAPI document is made from it, so the two can't differ.
 */
import Type, { type TSchema } from "typebox";
import {
  CatalogueContent,
  CatalogueFindings,
  CatalogueLine,
  CatalogueStreamAnswer,
  CatalogueUpload,
  LookBackStatement,
  RegisterAnswer,
  RemoveContentAnswer,
  RemoveContentRequest,
} from "./catalogue.ts";
import type { ErrorCode } from "./errors.ts";
import {
  AddOwnItemRequest,
  CheckAnswer,
  CheckSignalsRequest,
  GateStatus,
  LateMatches,
  OpinionAnswer,
  OpinionRequest,
  OwnItem,
  OwnItems,
  RemoveOwnItemRequest,
} from "./gate.ts";
import {
  AddItemsRequest,
  CaseStatus,
  CaseStatusRequest,
  Challenge,
  OpenCaseAnswer,
  OpenCaseRequest,
  RecoverRequest,
  WithdrawRequest,
} from "./hub.ts";

export interface Route {
  readonly id: string;
  readonly method: "GET" | "POST";
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly role: "hub" | "gate" | "all";
  readonly summary: string;
  /** Which key stands behind `Authorization: Bearer`. */
  readonly key?: "gate" | "admin";
  readonly request?: TSchema;
  /** Also takes the bytes of a picture, as `image/*`. */
  readonly takesPicture?: boolean;
  /** Takes a stream of lines, `application/x-ndjson`, each of them a `request`. */
  readonly takesLines?: boolean;
  /** The handler checks the request itself, to say more precisely what is wrong. */
  readonly checksItself?: boolean;
  readonly query?: Readonly<Record<string, TSchema>>;
  /** Status of success. */
  readonly status: 200 | 201;
  readonly answer: TSchema;
  /** Codes this address can answer, beside those any address can. */
  readonly errors: readonly ErrorCode[];
}

export const Health = Type.Object(
  {
    status: Type.Union([Type.Literal("ok"), Type.Literal("degraded")]),
    version: Type.String(),
    roles: Type.Array(Type.String()),
    database: Type.Boolean(),
  },
  { additionalProperties: false },
);

const After = Type.String({ pattern: "^[0-9]{1,15}$" });
const UploadId = Type.String({ pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" });

const ACCESS: readonly ErrorCode[] = ["case_access_denied", "database_unavailable"];

export const ROUTES = [
  {
    id: "health",
    method: "GET",
    path: "/api/health",
    role: "all",
    summary: "Whether the server is up and reaches its database.",
    status: 200,
    answer: Health,
    errors: [],
  },
  {
    id: "challenge",
    method: "GET",
    path: "/api/hub/challenge",
    role: "hub",
    summary: "A proof-of-work challenge (ALTCHA): solved once, it opens a case or adds items.",
    status: 200,
    answer: Challenge,
    errors: [],
  },
  {
    id: "openCase",
    method: "POST",
    path: "/api/hub/case/open",
    role: "hub",
    summary: "Opens a case without personal data.",
    request: OpenCaseRequest,
    status: 201,
    answer: OpenCaseAnswer,
    errors: ["proof_of_work_missing", "proof_of_work_wrong", "case_number_taken", "database_unavailable"],
  },
  {
    id: "addItems",
    method: "POST",
    path: "/api/hub/case/items",
    role: "hub",
    summary: "Adds items, known by their signals only. Sending the same item again changes nothing.",
    request: AddItemsRequest,
    status: 200,
    answer: CaseStatus,
    errors: [
      ...ACCESS,
      "signal_invalid",
      "signal_version_unknown",
      "too_many_signals",
      "proof_of_work_missing",
      "proof_of_work_wrong",
      "case_withdrawn",
      "case_full",
      "item_conflict",
    ],
  },
  {
    id: "caseStatus",
    method: "POST",
    path: "/api/hub/case/status",
    role: "hub",
    summary: "What became of a case and its items.",
    request: CaseStatusRequest,
    status: 200,
    answer: CaseStatus,
    errors: ACCESS,
  },
  {
    id: "withdraw",
    method: "POST",
    path: "/api/hub/case/withdraw",
    role: "hub",
    summary: "Withdraws items or the whole case; their signals are deleted and every gate forgets them.",
    request: WithdrawRequest,
    status: 200,
    answer: CaseStatus,
    errors: [...ACCESS, "item_unknown"],
  },
  {
    id: "recover",
    method: "POST",
    path: "/api/hub/case/recover",
    role: "hub",
    summary: "Exchanges a recovery code for a new case key.",
    request: RecoverRequest,
    status: 200,
    answer: CaseStatus,
    errors: ACCESS,
  },
  {
    id: "check",
    method: "POST",
    path: "/api/gate/check",
    role: "gate",
    summary: "Asks whether a picture, or signals made of one, match the bank.",
    key: "gate",
    request: CheckSignalsRequest,
    takesPicture: true,
    status: 200,
    answer: CheckAnswer,
    errors: ["signal_invalid", "signal_version_unknown", "too_many_signals", "media_type_unsupported", "server_busy"],
  },
  {
    id: "lateMatches",
    method: "GET",
    path: "/api/gate/late-matches",
    role: "gate",
    summary: "Matches found after their check was answered, a page at a time; kept for seven days.",
    key: "gate",
    query: { after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) },
    status: 200,
    answer: LateMatches,
    errors: ["database_unavailable"],
  },
  {
    id: "giveOpinion",
    method: "POST",
    path: "/api/gate/matches/{id}/opinion",
    role: "gate",
    summary: "Sends back what the platform's reviewer thinks of a match.",
    key: "gate",
    request: OpinionRequest,
    status: 200,
    answer: OpinionAnswer,
    errors: ["match_unknown", "database_unavailable"],
  },
  {
    id: "gateStatus",
    method: "GET",
    path: "/api/gate/status",
    role: "gate",
    summary: "Up to which change of the bank the gate is.",
    key: "gate",
    status: 200,
    answer: GateStatus,
    errors: [],
  },
  {
    id: "addOwnItem",
    method: "POST",
    path: "/api/gate/bank/items",
    role: "gate",
    summary: "Adds an item to the platform's own bank.",
    key: "admin",
    request: AddOwnItemRequest,
    status: 201,
    answer: OwnItem,
    errors: ["signal_invalid", "signal_version_unknown", "too_many_signals", "database_unavailable"],
  },
  {
    id: "listOwnItems",
    method: "GET",
    path: "/api/gate/bank/items",
    role: "gate",
    summary: "The items of the platform's own bank, a page at a time.",
    key: "admin",
    query: { after: Type.Optional(Type.String({ pattern: "^[0-9]{1,9}$" })) },
    status: 200,
    answer: OwnItems,
    errors: ["database_unavailable"],
  },
  {
    id: "removeOwnItem",
    method: "POST",
    path: "/api/gate/bank/items/remove",
    role: "gate",
    summary: "Takes an item out of the platform's own bank.",
    key: "admin",
    request: RemoveOwnItemRequest,
    status: 200,
    answer: Type.Object({ item: Type.String() }, { additionalProperties: false }),
    errors: ["item_unknown", "database_unavailable"],
  },
  {
    id: "registerContent",
    method: "POST",
    path: "/api/gate/catalogue/content",
    role: "gate",
    summary: "Registers a piece of the platform's own content by its signals. Sending it again changes nothing.",
    key: "gate",
    request: CatalogueContent,
    checksItself: true,
    status: 200,
    answer: RegisterAnswer,
    errors: [
      "content_id_invalid",
      "signal_invalid",
      "signal_type_unsupported",
      "too_many_signals",
      "picture_too_plain",
      "content_conflict",
      "catalogue_full",
      "database_unavailable",
    ],
  },
  {
    id: "registerContents",
    method: "POST",
    path: "/api/gate/catalogue/contents",
    role: "gate",
    summary: "Registers and removes content in bulk, a line each. Sending lines again changes nothing.",
    key: "gate",
    request: CatalogueLine,
    takesLines: true,
    query: { upload: Type.Optional(UploadId), from: Type.Optional(After) },
    status: 200,
    answer: CatalogueStreamAnswer,
    errors: ["media_type_unsupported", "server_busy", "database_unavailable"],
  },
  {
    id: "catalogueUpload",
    method: "GET",
    path: "/api/gate/catalogue/uploads/{id}",
    role: "gate",
    summary: "How far a stream of lines has come that was cut off.",
    key: "gate",
    status: 200,
    answer: CatalogueUpload,
    errors: ["database_unavailable"],
  },
  {
    id: "removeContent",
    method: "POST",
    path: "/api/gate/catalogue/content/remove",
    role: "gate",
    summary: "Takes content out of the catalogue, with what was found of it.",
    key: "gate",
    request: RemoveContentRequest,
    status: 200,
    answer: RemoveContentAnswer,
    errors: ["content_id_invalid", "database_unavailable"],
  },
  {
    id: "catalogueFindings",
    method: "GET",
    path: "/api/gate/catalogue/findings",
    role: "gate",
    summary: "Content of the platform that is an item of the bank, a page at a time.",
    key: "gate",
    query: { after: Type.Optional(After) },
    status: 200,
    answer: CatalogueFindings,
    errors: ["database_unavailable"],
  },
  {
    id: "lookBackStatement",
    method: "GET",
    path: "/api/gate/catalogue/look-back",
    role: "gate",
    summary: "Which parts of the catalogue were searched, for which changes of the bank, and when.",
    key: "gate",
    query: { after: Type.Optional(After) },
    status: 200,
    answer: LookBackStatement,
    errors: ["database_unavailable"],
  },
] as const satisfies readonly Route[];

export type RouteId = (typeof ROUTES)[number]["id"];
