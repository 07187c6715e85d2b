/**
 * Opens the case if there is none yet and adds the items, twenty at a time. Each step can be repeated without harm:
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

/** Throws ServerError; what `onSent` named until then is safe. */
export const sendItems = async (
  planned: PlannedCase,
  items: readonly NewItem[],
  progress: SendProgress,
): Promise<CaseStatus> => {
  const current = planned.isOpen ? planned : await openPlanned(planned, progress);
  const access = { caseNumber: current.caseNumber, caseToken: current.caseToken };
  let status: CaseStatus | undefined;
  for (let start = 0; start < items.length; start += CASE_LIMITS.itemsPerRequest) {
    const batch = items.slice(start, start + CASE_LIMITS.itemsPerRequest);
    status = await addItems(access, batch, progress.signal);
    progress.onSent(batch.map((item) => item.itemId));
  }
  if (status === undefined) throw new ServerError("internal");
  return status;
};
