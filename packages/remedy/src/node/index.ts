/** What needs Node: files of packages, and sending mail. */
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
