/** `recourse fingerprint FILE...` */
import type { Fingerprint } from "@recourse/fingerprint";
import { errorBody } from "@recourse/protocol";
import type { ExitStatus } from "../failure.ts";
import { findFiles } from "../find-files.ts";
import { readPictures } from "../read-pictures.ts";

const asText = (file: string, found: Fingerprint): string =>
  [
    file,
    `  ${found.media}, ${found.width} x ${found.height}, ${found.sizeBytes} bytes`,
    `  pdq      ${found.pdq}  quality ${found.quality}`,
    `  md5      ${found.md5}`,
    `  sha256   ${found.sha256}`,
    ...(found.frames === undefined ? [] : [`  and ${found.frames.length} more distinct frames`]),
  ].join("\n");

/** Prints one JSON object a line, or a few lines of text, for each file. */
export const runFingerprint = async (paths: readonly string[], json: boolean): Promise<ExitStatus> => {
  let unread = 0;
  await readPictures(await findFiles(paths), json, (file, outcome) => {
    if (outcome.ok) {
      const { media, sizeBytes, sha256, md5, width, height, pdq, quality, dihedral, ...more } = outcome.fingerprint;
      const line = { file, media, sizeBytes, sha256, md5, width, height, pdq, quality, dihedral, ...more };
      console.log(json ? JSON.stringify(line) : asText(file, outcome.fingerprint));
      return;
    }
    unread += 1;
    const body = errorBody(outcome.code);
    if (json) console.log(JSON.stringify({ file, ...body }));
    else console.error(`${file}\n  error ${outcome.code}: ${body.error.message}`);
  });
  return unread === 0 ? 0 : 3;
};
