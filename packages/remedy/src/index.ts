/** The public face of @recourse/remedy. */
export { type Applied, applyToCase, type CaseEvent, clockOfLetter } from "./case/apply.ts";
export {
  type Answer,
  ANSWERS,
  CaseFile,
  type CaseNotice,
  type CaseOutcome,
  type CaseReply,
  LETTER_KINDS,
  NOTICE_STATES,
  type NoticeState,
  readCase,
  startCase,
  WAYS,
} from "./case/case.ts";
export { caseFiles, packCase, unpackCase, type UnpackOutcome } from "./case/case-files.ts";
export { composeNextLetter, type NextLetterOptions, type NextLetterOutcome } from "./case/letters.ts";
export { type NextStep, nextSteps, SILENCE_DAYS } from "./case/next-steps.ts";
export { type Mail, MAX_MAIL_BYTES, readMail } from "./case/read-mail.ts";
export { isSealed, MIN_PASSPHRASE_LENGTH, type Random, type SealOutcome } from "./case/seal.ts";
export { type Clock, clockOf, type ClockState, type SentNotice } from "./clock/clock.ts";
export { type CalendarEntry, toCalendar } from "./clock/calendar.ts";
export { type Contact, type ContactPurpose, rankContacts } from "./contacts/contact.ts";
export { readSavedPage, type SavedPage } from "./contacts/mhtml.ts";
export { type KnownNetwork, knownNetwork } from "./contacts/networks.ts";
export {
  askRdap,
  type FetchJson,
  rdapUrlForAsn,
  rdapUrlForDomain,
  rdapUrlForIp,
  type RdapFound,
  readRdap,
} from "./contacts/rdap.ts";
export { contactsOfPage } from "./contacts/read-page.ts";
export { contactsOfSecurityTxt } from "./contacts/security-txt.ts";
export { Facts, type FactsOutcome, readFacts, senderOf } from "./facts.ts";
export { isInUnion } from "./law/places.ts";
export { allRegimes, findRegime, freshness, leastVerified } from "./law/regimes.ts";
export type { Claim, LawElement, RecipientKind, Regime, Verification } from "./law/schema.ts";
export {
  findLinks,
  groupLinks,
  type Link,
  type LinkGroup,
  type LinkProblem,
  type LinksFound,
  MAX_LINKS,
} from "./links/find-links.ts";
export { readableHost } from "./links/readable-host.ts";
export { isReportStale, type Report, type Service, type ServiceKind, SERVICES } from "./links/services.ts";
export {
  composeNotice,
  type Notice,
  type NoticeElement,
  type NoticeOptions,
  type NoticeOutcome,
} from "./notice/notice.ts";
export { type Envelope, isBareAddress, toEml, toMailto } from "./notice/eml.ts";
export { DeskNotice, type DeskNoticeOutcome, toDeskNotice } from "./notice/desk-notice.ts";
export { type CloudflareOutcome, toCloudflare, toXarf, type XarfOutcome } from "./notice/machine-forms.ts";
export { MAX_POINTS, MAX_STROKES, type Point, readStrokes, type Stroke, writeStrokes } from "./notice/strokes.ts";
export { NOTICE_LANGUAGES, type NoticeLanguage } from "./notice/words.ts";
export { makePlan, type Plan, RULES } from "./plan/plan.ts";
export { type Stage, STAGES, type Step } from "./plan/step.ts";
export {
  LOOK_AGAIN_DAYS,
  type LookAgain,
  lookAgainList,
  type SearchForm,
  searchForms,
  type SearchFormsOutcome,
} from "./search/deindex.ts";
