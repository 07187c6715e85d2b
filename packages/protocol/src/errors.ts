/**
 * Every error code that crosses a wire or a screen, with its HTTP status and the sentence a person reads.
 * `docs/errors.md` lists the same codes; a test compares both ways. A code is never renamed or reused.
 * A sentence never holds content, hashes, names, file names or addresses.
 */
import Type, { type Static } from "typebox";

interface ErrorEntry {
  /** HTTP status when the code is the answer to a request. */
  readonly status: number;
  readonly message: string;
}

export const ERRORS = {
  // The request itself
  request_invalid: { status: 400, message: "The request does not have the form this address takes." },
  signal_invalid: {
    status: 400,
    message: "A signal is not valid: pdq, pdq-local, vpdq and sha256 take 64 hex digits, md5 takes 32.",
  },
  signal_version_unknown: {
    status: 400,
    message: "This version of local hashes is not known here. The server or the sender needs an update.",
  },
  too_many_signals: { status: 400, message: "There are more signals of one type than one item or one check takes." },
  body_too_large: { status: 413, message: "The body is larger than this server takes." },
  media_type_unsupported: {
    status: 415,
    message: "Send the picture itself with Content-Type image/*, or signals as application/json.",
  },
  not_found: { status: 404, message: "There is nothing at this address." },
  method_not_allowed: { status: 405, message: "This address does not take that method." },
  rate_limited: { status: 429, message: "Too many requests in a short time. Wait a little, then try again." },
  server_busy: { status: 503, message: "The server has too much to do right now. Try again in a moment." },
  internal: { status: 500, message: "Something went wrong on the server. Nothing that was accepted is lost." },
  database_unavailable: {
    status: 503,
    message: "The database can't be reached. Nothing was saved by this request; try again in a moment.",
  },
  feed_unavailable: {
    status: 503,
    message: "The feed of the bank can't be reached. The gate goes on with what it has; try again in a moment.",
  },
  feed_refused: {
    status: 503,
    message: "The servers of the feed don't let this one in: its user, password or credentials are wrong, or expired.",
  },
  feed_untrusted: {
    status: 503,
    message: "The servers of the feed can't be trusted: nobody this one knows vouches for their certificate.",
  },
  // Keys and cases
  key_missing: { status: 401, message: "This address needs a key in the Authorization header." },
  key_wrong: { status: 401, message: "The key is not valid here." },
  case_access_denied: { status: 401, message: "No case has this number and key." },
  case_number_taken: { status: 409, message: "This case number is in use. Make a new one." },
  case_withdrawn: { status: 409, message: "This case is withdrawn. Open a new one to add pictures." },
  case_full: { status: 409, message: "This case holds as many items as a case can." },
  item_unknown: { status: 404, message: "This item is not in the case or bank." },
  item_conflict: { status: 409, message: "This item was already added with other signals." },
  match_unknown: { status: 404, message: "There is no such match for this key." },
  proof_of_work_missing: { status: 400, message: "A solved challenge is needed. Get one first." },
  proof_of_work_wrong: { status: 400, message: "The solved challenge is wrong, too old or already used." },
  // A platform's own content
  content_id_invalid: {
    status: 400,
    message: "A content id has 1 to 256 bytes of UTF-8, without control characters.",
  },
  content_conflict: {
    status: 409,
    message: "This content id was registered with other signals. Remove it first, then register it again.",
  },
  signal_type_unsupported: { status: 400, message: "The catalogue takes signals of the types pdq, md5 and sha256." },
  line_invalid: { status: 400, message: "The line is not JSON, or not in the form of a catalogue's line." },
  line_too_long: { status: 400, message: "The line is longer than 12,288 bytes." },
  stream_too_long: {
    status: 413,
    message: "The stream has more than 1,000,000 lines. What was dealt with stays; send the rest as another.",
  },
  stream_stalled: {
    status: 408,
    message: "Nothing came any more, so the stream was ended. What was dealt with stays; send the rest.",
  },
  too_many_refused: {
    status: 422,
    message: "After 10,000 refused lines the stream was ended. What was dealt with stays.",
  },
  catalogue_full: { status: 409, message: "This catalogue has no numbers left for more content." },
  catalogue_part_damaged: {
    status: 500,
    message: "A part of the catalogue is damaged and can't be searched. Register its content again.",
  },
  // Reading a file
  empty_file: { status: 422, message: "The file is empty." },
  file_unreadable: { status: 422, message: "The file could not be opened." },
  file_too_large: { status: 413, message: "The file is larger than the limit." },
  too_many_pixels: { status: 422, message: "The picture has more pixels than the limit." },
  not_an_image: { status: 422, message: "This is not a picture in a format we know." },
  unsupported_format: { status: 422, message: "This picture format can't be read here." },
  image_damaged: { status: 422, message: "The picture is damaged or cut off." },
  decode_timeout: { status: 422, message: "Reading the picture took too long, so it was stopped." },
  not_a_video: { status: 422, message: "This is not a video in a format we know." },
  sound_only: { status: 422, message: "There is no picture in this file, only sound." },
  video_damaged: { status: 422, message: "The video is damaged: no picture in it could be read." },
  decoder_missing: { status: 500, message: "Videos can't be read here: the program that decodes them is missing." },
  pixels_blocked: {
    status: 422,
    message: "This browser does not let pages read pictures exactly. Allow it for this page, or use another browser.",
  },
  encode_unsupported: {
    status: 422,
    message: "This browser can't write this kind of file. Choose another kind, or use another browser.",
  },
  model_unreachable: {
    status: 503,
    message:
      "What looks for faces, writing or screens could not be loaded. Cover by hand, or try again when you are online.",
  },
  picture_too_plain: {
    status: 422,
    message: "The picture has too little detail to be recognised after a change. Only exact copies can be found.",
  },
  cancelled: { status: 499, message: "Stopped, as you asked." },
  // Sharing from other apps to the page
  share_not_possible: {
    status: 501,
    message: "This browser does not let the page take shared files. Nothing was left on the device.",
  },
  share_lost: { status: 410, message: "What was shared is no longer there. It was not sent." },
  share_unreadable: {
    status: 422,
    message: "What was shared could not be read, or did not come whole. It was not sent.",
  },
  share_empty: { status: 422, message: "There was no file in what was shared." },
  share_too_large: { status: 413, message: "What was shared is too large to be taken at once. It was not sent." },
  share_too_many: {
    status: 429,
    message: "More was shared than waits for the page at once. Not all of it was taken; nothing was sent.",
  },
  // Cleaning a file
  scrub_unknown_format: { status: 422, message: "This file is in no format that is known here. Nothing was written." },
  scrub_unsupported: {
    status: 422,
    message: "Files of this kind can't be looked into or cleaned here. Nothing was written.",
  },
  scrub_damaged: {
    status: 422,
    message: "The file is damaged or cut off, so it can't be cleaned. Nothing was written.",
  },
  scrub_doubtful: {
    status: 422,
    message: "Something in the file is not understood, so it can't be cleaned for sure. Nothing was written.",
  },
  scrub_incomplete: {
    status: 422,
    message: "Something was still there after cleaning, so the cleaned copy was not written.",
  },
  output_exists: {
    status: 409,
    message: "There is a file already where the cleaned copy would go. Nothing was overwritten.",
  },
  output_unwritable: { status: 500, message: "The cleaned copy could not be written. The original is as it was." },
  // Plans and notices
  facts_invalid: { status: 400, message: "The facts of the case do not have the form that is taken." },
  regime_unknown: { status: 404, message: "No regime has this id." },
  no_notice_procedure: {
    status: 400,
    message: "This regime is for the police or a court. There is no notice to be written under it.",
  },
  notice_under_18: {
    status: 403,
    message:
      "Pictures of people who were under 18, or may have been, are never handled here. Take It Down, Report Remove or the police can help.",
  },
  pdf_too_long: {
    status: 413,
    message: "The text is too long for a PDF. The other forms of the notice have all of it.",
  },
  mail_server_invalid: {
    status: 400,
    message: "This is not the address of a mail server. Nothing was sent; the notice is as it was.",
  },
  mail_unreachable: {
    status: 502,
    message: "The mail server can't be reached, or is none. Nothing was sent; the notice is as it was.",
  },
  mail_tls_failed: {
    status: 502,
    message: "No safe connection to the mail server came about, so nothing was sent; the notice is as it was.",
  },
  mail_timeout: {
    status: 504,
    message: "The mail server took too long. Nothing was sent; the notice is as it was.",
  },
  mail_login_refused: {
    status: 401,
    message: "The mail server does not take this name and password. Nothing was sent; the notice is as it was.",
  },
  mail_sender_refused: {
    status: 403,
    message: "The mail server does not take mail from this sender. Nothing was sent; the notice is as it was.",
  },
  mail_recipient_refused: {
    status: 422,
    message: "The mail server does not take mail for this recipient. Nothing was sent; the notice is as it was.",
  },
  mail_refused: {
    status: 422,
    message: "The mail server refused the message. Nothing was sent; the notice is as it was.",
  },
  mail_unsure: {
    status: 502,
    message: "The connection broke before the mail server answered. The notice may have been sent, or not.",
  },
  case_damaged: { status: 422, message: "This is no case, or it is damaged or cut off. Nothing was changed." },
  case_invalid: { status: 422, message: "The case does not have the form that is taken. Nothing was changed." },
  case_version_unknown: { status: 422, message: "The case was written by a newer version. Nothing was changed." },
  case_too_large: { status: 413, message: "The case is larger than what is taken. Nothing was changed." },
  case_unsafe_name: {
    status: 422,
    message: "A name in this file would lead out of its folder, so nothing of it was unpacked.",
  },
  case_letters_full: { status: 409, message: "This case holds as many letters or replies as a case can." },
  passphrase_needed: { status: 401, message: "The case is locked. Its passphrase is needed." },
  passphrase_wrong: { status: 401, message: "The passphrase is not the right one, or the file was changed." },
  passphrase_too_short: { status: 400, message: "A passphrase has at least 12 characters." },
  passphrase_too_long: { status: 400, message: "A passphrase has at most 1,000 characters." },
  event_impossible: {
    status: 409,
    message: "This can't happen to the letter in the state it is in. Nothing was changed.",
  },
  letter_unknown: { status: 404, message: "The case has no such letter that was sent." },
  visit_private_address: {
    status: 422,
    message: "The address leads into a private network, which is not visited.",
  },
  visit_too_many_redirects: { status: 422, message: "The address leads on and on. It was given up." },
  visit_unreachable: { status: 502, message: "The page can't be reached." },
  visit_timeout: { status: 504, message: "The page took too long. It was given up." },
  visit_refused: { status: 502, message: "The site does not give this page." },
  page_unreadable: { status: 422, message: "There is no page in this file." },
  // Starting and the command line
  usage: { status: 400, message: "The command was not understood. Add --help to see how it is used." },
  port_in_use: { status: 500, message: "The port is taken by another program. Choose another with PORT." },
  data_in_use: { status: 500, message: "Another Recourse server uses this data folder." },
  database_start_failed: { status: 500, message: "The embedded database did not start." },
  platform_unsupported: {
    status: 500,
    message: "The embedded database has no build for this machine. Set DATABASE_URL to use your own PostgreSQL.",
  },
  data_not_accessible: {
    status: 500,
    message: "PostgreSQL can't run as root from this folder. Use a folder other users can enter, or another user.",
  },
  server_unreachable: { status: 502, message: "The server did not answer." },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Body of every answer that is not a success. */
export const ErrorBody = Type.Object(
  {
    error: Type.Object({ code: Type.String(), message: Type.String() }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);
export type ErrorBody = Static<typeof ErrorBody>;

/** True if `code` is one of ours. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** The body for a code, ready to send. */
export const errorBody = (code: ErrorCode): ErrorBody => ({ error: { code, message: ERRORS[code].message } });
