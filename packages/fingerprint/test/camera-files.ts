/** Real files from cameras, which are not part of this repository: their licences differ. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The folder: RECOURSE_CAMERA_FILES, or `shared/data/camera` beside the repository. */
export const cameraFiles =
  process.env["RECOURSE_CAMERA_FILES"] ?? join(import.meta.dirname, "../../../../shared/data/camera");

/** False where there are none, a reason to skip, for node:test's `skip`. */
export const noCameraFiles: string | false = existsSync(cameraFiles) ? false : "no files from cameras on this machine";
