/** What each address of the route table does: a thin layer between the wire and the packages. */
import type { Bank, Partner } from "@recourse/bank";
import { type Catalogue, type Gate, registerStream } from "@recourse/gate";
import {
  type AddItemsRequest,
  type AddOwnItemRequest,
  type CaseStatusRequest,
  type CheckSignalsRequest,
  fitsCheck,
  fitsItem,
  isContentId,
  mediaOf,
  normaliseSignal,
  openApiDocument,
  type OpenCaseRequest,
  type OpinionRequest,
  type ProofOfWork,
  readCatalogueEntry,
  type RecoverRequest,
  type RemoveContentRequest,
  type RemoveOwnItemRequest,
  type RouteId,
  type WithdrawRequest,
} from "@recourse/protocol";
import { RequestError } from "./answer-errors.ts";
import type { ProofOfWorkDesk } from "./proof-of-work.ts";

export interface HandlerInput {
  /** Valid by the route's schema; a Buffer where the route takes a picture and one was sent. */
  readonly body: unknown;
  readonly pathId: string;
  readonly after: string | undefined;
  /** Of a stream of lines: under which id it is remembered, and how many lines came before. */
  readonly upload: string | undefined;
  readonly from: string | undefined;
  /** Set where the route takes lines. */
  readonly lines: AsyncIterable<Buffer> | undefined;
  /** Whose key stood in the header; set where the route wants one. */
  readonly partner: Partner | undefined;
}

export type Handler = (input: HandlerInput) => Promise<unknown>;

export interface HandlerParts {
  readonly bank: Bank;
  readonly gate: Gate;
  readonly catalogue: Catalogue;
  readonly proofOfWork: ProofOfWorkDesk;
  readonly version: string;
  readonly roles: readonly string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PING_TIMEOUT_MS = 1_000;

const partnerOf = ({ partner }: HandlerInput): Partner => {
  if (partner === undefined) throw new RequestError("key_missing");
  return partner;
};

type Server = Pick<HandlerParts, "version" | "roles">;

const health = async ({ version, roles }: Server, ping: () => Promise<void>): Promise<unknown> => {
  const timeout = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), PING_TIMEOUT_MS).unref();
  });
  const answered = ping().then(
    () => true,
    () => false,
  );
  const database = await Promise.race([answered, timeout]);
  return { status: database ? "ok" : "degraded", version, roles, database };
};

type GateRoute = "check" | "lateMatches" | "giveOpinion" | "gateStatus";

/** What a gate answers from its replica, and by way of it. The casts: see below. */
const gateHandlers = (gate: Gate): Readonly<Record<GateRoute, Handler>> => ({
  async check(input) {
    const partner = partnerOf(input);
    if (Buffer.isBuffer(input.body)) {
      return gate.checkBytes(partner, input.body);
    }
    const { signals } = input.body as CheckSignalsRequest;
    if (!fitsCheck(signals)) throw new RequestError("too_many_signals");
    return gate.check(partner, signals.map(normaliseSignal));
  },
  lateMatches: (input) => gate.lateMatches(partnerOf(input), Number(input.after ?? "0")),
  async giveOpinion(input) {
    if (!UUID.test(input.pathId)) throw new RequestError("match_unknown");
    const { opinion } = input.body as OpinionRequest;
    await gate.giveOpinion(partnerOf(input), input.pathId, opinion);
    return { id: input.pathId, opinion };
  },
  gateStatus: async () => gate.status(),
});

/** Of a gate that has the feed and no database: `ping` throws unless the feed is there. */
export const createDistantHandlers = (
  parts: Server & { readonly gate: Gate; readonly ping: () => Promise<void> },
): Readonly<Record<GateRoute | "health", Handler>> => ({
  health: () => health(parts, parts.ping),
  ...gateHandlers(parts.gate),
});

export const createHandlers = (parts: HandlerParts): Readonly<Record<RouteId, Handler>> => {
  const { bank, catalogue, gate, proofOfWork } = parts;

  const spend = async (proof: ProofOfWork): Promise<void> => {
    if (!(await proofOfWork.accept(proof))) throw new RequestError("proof_of_work_wrong");
  };

  // The casts below are sound: each body was validated by the schema its type is made from, before the handler.
  return {
    health: () => health(parts, () => bank.ping()),
    challenge: () => proofOfWork.challenge(),
    async openCase({ body }) {
      const request = body as OpenCaseRequest;
      await spend(request.proofOfWork);
      const { openedAt } = await bank.openCase(request);
      return { caseNumber: request.caseNumber, openedAt: openedAt.toISOString() };
    },
    async addItems({ body }) {
      const request = body as AddItemsRequest;
      if (!request.items.every((item) => fitsItem(item.media, item.signals)))
        throw new RequestError("too_many_signals");
      await spend(request.proofOfWork);
      const items = request.items.map((item) => ({ ...item, signals: item.signals.map(normaliseSignal) }));
      return bank.addCaseItems(request, items);
    },
    caseStatus: ({ body }) => bank.caseStatus(body as CaseStatusRequest),
    async withdraw({ body }) {
      const request = body as WithdrawRequest;
      return bank.withdraw(request, request.itemIds);
    },
    recover: ({ body }) => bank.recoverCase(body as RecoverRequest),

    ...gateHandlers(gate),
    async addOwnItem({ body }) {
      const { signals } = body as AddOwnItemRequest;
      if (!fitsItem(mediaOf(signals), signals)) throw new RequestError("too_many_signals");
      return bank.addOwnItem(signals.map(normaliseSignal));
    },
    async listOwnItems({ after }) {
      const page = await bank.listOwnItems(after === undefined ? {} : { after: Number(after) });
      return { items: page.items, ...(page.next === undefined ? {} : { next: String(page.next) }) };
    },
    async removeOwnItem({ body }) {
      const { item } = body as RemoveOwnItemRequest;
      if (!UUID.test(item)) throw new RequestError("item_unknown");
      await bank.removeOwnItem(item);
      return { item };
    },

    async registerContent(input) {
      const read = readCatalogueEntry(input.body, false);
      if (!read.ok) throw new RequestError(read.code === "line_invalid" ? "request_invalid" : read.code);
      const { content, signals = [] } = read.entry;
      return catalogue.register(partnerOf(input).id, content, signals);
    },
    async registerContents(input) {
      const { upload, lines } = input;
      const partnerId = partnerOf(input).id;
      const from = Number(input.from ?? "0");
      if (lines === undefined) throw new RequestError("media_type_unsupported");
      // Lines that were never dealt with must not be passed over.
      const known = upload === undefined ? 0 : await catalogue.uploaded(partnerId, upload);
      if (from > known) throw new RequestError("request_invalid");
      return registerStream({ catalogue, partnerId, input: lines, from, uploadId: upload });
    },
    async catalogueUpload(input) {
      if (!UUID.test(input.pathId)) throw new RequestError("not_found");
      return { lines: await catalogue.uploaded(partnerOf(input).id, input.pathId) };
    },
    async removeContent(input) {
      const { contents } = input.body as RemoveContentRequest;
      if (!contents.every((content) => isContentId(content))) throw new RequestError("content_id_invalid");
      return catalogue.remove(partnerOf(input).id, contents);
    },
    catalogueFindings: (input) => catalogue.findings(partnerOf(input).id, Number(input.after ?? "0")),
    lookBackStatement: (input) => catalogue.statement(partnerOf(input).id, Number(input.after ?? "0")),
  };
};

/** The OpenAPI document as it is served. */
export const describeApi = (version: string): unknown => openApiDocument(version);
