/**
 * Opens the case if there is none yet and adds the items, a batch at a time. Each step can be repeated without harm:
 * the case's secrets and the items' ids stay the same until the hub has taken them.
 */
import type { CaseStatus, NewItem } from "@recourse/protocol";
import { CASE_LIMITS } from "@recourse/protocol/constants";
import { ServerError } from "../ask-server.ts";
import {
  caseTokenOf,
  makeCaseNumber,
  makeSecret,
  RECOVERY_CODES,
  recoveryTokenOf,
  verifierOf,
} from "../case/case-secrets.ts";
import { addItems, openCase } from "../case/hub-client.ts";
import type { OpenedCase } from "./flow.ts";

/** A case made on this device that the hub may not know yet. */
export interface PlannedCase extends OpenedCase {
  readonly recoveryCodes: readonly string[];
  readonly isOpen: boolean;
}

export const planCase = async (): Promise<PlannedCase> => {
  const key = makeSecret();
  return {
    caseNumber: makeCaseNumber(),
    key,
    caseToken: await caseTokenOf(key),
    recoveryCodes: Array.from({ length: RECOVERY_CODES }, makeSecret),
    isOpen: false,
  };
};

export interface SendProgress {
  readonly onCase: (planned: PlannedCase) => void;
  /** After each batch, with the items that are safe now. */
  readonly onSent: (itemIds: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** A number someone has already is as likely as a meteorite; a few tries are more than enough. */
const NUMBER_TRIES = 5;

const openPlanned = async (planned: PlannedCase, { onCase, signal }: SendProgress): Promise<PlannedCase> => {
  let current = planned;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await openCase(
        {
          caseNumber: current.caseNumber,
          accessVerifier: await verifierOf(current.caseToken),
          recoveryVerifiers: await Promise.all(
            current.recoveryCodes.map(async (code) => verifierOf(await recoveryTokenOf(code))),
          ),
          statements: { adultWhenMade: true, consentToShare: true },
        },
        signal,
      );
      const opened = { ...current, isOpen: true };
      onCase(opened);
      return opened;
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== "case_number_taken" || attempt === NUMBER_TRIES)
        throw error;
      current = { ...current, caseNumber: makeCaseNumber() };
    }
  }
};

/** The hub takes 4 MB of items in a request, and a signal makes at most 160 bytes. */
const SIGNALS_PER_REQUEST = 20_000;

/** In order; one item at least in each batch. */
const batchesOf = (items: readonly NewItem[]): NewItem[][] => {
  const batches: NewItem[][] = [];
  let held = 0;
  for (const item of items) {
    const last = batches.at(-1);
    held += item.signals.length;
    if (last !== undefined && last.length < CASE_LIMITS.itemsPerRequest && held <= SIGNALS_PER_REQUEST) {
      last.push(item);
    } else {
      batches.push([item]);
      held = item.signals.length;
    }
  }
  return batches;
};

/** Throws ServerError; what `onSent` named until then is safe. */
export const sendItems = async (
  planned: PlannedCase,
  items: readonly NewItem[],
  progress: SendProgress,
): Promise<CaseStatus> => {
  const current = planned.isOpen ? planned : await openPlanned(planned, progress);
  const access = { caseNumber: current.caseNumber, caseToken: current.caseToken };
  let status: CaseStatus | undefined;
  for (const batch of batchesOf(items)) {
    status = await addItems(access, batch, progress.signal);
    progress.onSent(batch.map((item) => item.itemId));
  }
  if (status === undefined) throw new ServerError("internal");
  return status;
};
