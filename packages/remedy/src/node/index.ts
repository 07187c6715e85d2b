/** What needs Node: files of packages, sending mail, visiting pages. */
export { loadPackageFile } from "./package-files.ts";
export {
  MAIL_ERRORS,
  type MailError,
  type MailOptions,
  type MailOutcome,
  type MailServer,
  readMailServer,
  sendNotice,
} from "./send-mail.ts";
export { isPublicAddress } from "./public-address.ts";
export { visit, type VisitError, type VisitOptions, type VisitOutcome } from "./visit.ts";
