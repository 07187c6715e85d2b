/** Where the person is, and what the visit holds. All of it lives in memory only. */
import type { CaseStatus } from "@recourse/protocol";

/** A case as this visit knows it. `key` is there only when it was made or entered in this visit. */
export interface OpenedCase {
  readonly caseNumber: string;
  readonly caseToken: string;
  readonly key: string;
}

export type Step =
  | { readonly at: "intro" }
  | { readonly at: "start" }
  | { readonly at: "questions" }
  | { readonly at: "young" }
  | { readonly at: "noConsent" }
  | { readonly at: "choose" }
  | { readonly at: "numbers" }
  | { readonly at: "sending" }
  | { readonly at: "done"; readonly isNew: boolean; readonly added: number; readonly status: CaseStatus }
  | { readonly at: "return" }
  | { readonly at: "newKey"; readonly status: CaseStatus }
  | { readonly at: "status"; readonly status: CaseStatus };
