/** What is printed of a file that could not be read. */
import { errorBody, type ErrorCode } from "@recourse/protocol";

/** One JSON object on standard output, or a line on standard error. `reason` says more about the format. */
export const reportUnread = (file: string, code: ErrorCode, json: boolean, reason?: string): void => {
  const body = errorBody(code);
  if (json) console.log(JSON.stringify({ file, ...body, ...(reason === undefined ? {} : { reason }) }));
  else console.error(`${file}: error ${code}: ${body.error.message}${reason === undefined ? "" : ` (${reason})`}`);
};
