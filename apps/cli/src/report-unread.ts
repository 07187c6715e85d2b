/** What is printed of a file that could not be read. */
import { errorBody, type ErrorCode } from "@recourse/protocol";

/** One JSON object on standard output, or a line on standard error. */
export const reportUnread = (file: string, code: ErrorCode, json: boolean): void => {
  const body = errorBody(code);
  if (json) console.log(JSON.stringify({ file, ...body }));
  else console.error(`${file}: error ${code}: ${body.error.message}`);
};
