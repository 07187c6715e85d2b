/** Who a complaint goes to, as a letter addresses them; `to` is as the regimes' own escalation names it. */
import type { CaseNotice } from "@recourse/remedy";

const NAMES: Readonly<Record<string, string>> = {
  ftc: "Federal Trade Commission",
  ofcom: "Ofcom",
  gac: "Grievance Appellate Committee",
  dsc: "Digital Services Coordinator",
  dpa: "Data Protection Authority",
  out_of_court: "Dispute Settlement Body",
};

/** The service itself, where the complaint is made within it; else the authority. */
export const authorityOf = (to: string, about: CaseNotice): string => NAMES[to] ?? about.recipient;
