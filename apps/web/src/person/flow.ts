/** Where the person is. What the visit holds lives beside it, in memory only. */

import type { Mix } from "../case/picture.ts";

/** A case as this visit knows it. */
export interface OpenedCase {
  readonly caseNumber: string;
  readonly caseToken: string;
  /** Made or entered in this visit. */
  readonly key: string;
}

/** Screens of an open case. */
export type CaseStep =
  | { readonly at: "newKey" }
  | { readonly at: "keep" }
  | { readonly at: "status" }
  /** Items were added: how many in this sending, and of which kind. */
  | { readonly at: "done"; readonly added: number; readonly mix: Mix };

export type Step =
  | CaseStep
  | {
      readonly at:
        | "intro"
        | "start"
        | "clean"
        | "plan"
        | "questions"
        | "young"
        | "noConsent"
        | "stronger"
        | "choose"
        | "numbers"
        | "sending"
        | "return";
    };
