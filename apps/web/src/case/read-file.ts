/** From a file to what is sent of it, on this device. Videos are read one by one: several at once share the device. */
import { isVideoFile } from "@recourse/fingerprint";
import { createFingerprinter, fingerprintVideo, type VideoSeconds } from "@recourse/fingerprint/browser";
import type { Media } from "@recourse/protocol";
import { type PictureState, readyWith } from "./picture.ts";

export interface ReadFileOptions {
  /** Local hashes too: the person's choice. */
  readonly stronger: boolean;
  readonly signal: AbortSignal;
  /** Called once, before anything else. */
  readonly onMedia: (media: Media) => void;
  readonly onProgress: (fraction: number, seconds?: VideoSeconds) => void;
}

export interface FileReader {
  /** Never rejects: every end is a state. */
  read(file: File, options: ReadFileOptions): Promise<PictureState>;
  close(): void;
}

/** More than any container needs to be told by its first bytes. */
const HEAD_BYTES = 4096;

/** By the file's bytes; by what the browser says of it only where the bytes are of nothing we know. */
const mediaOf = async (file: File): Promise<Media> => {
  try {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    if (isVideoFile(head)) return "video";
  } catch {
    // Whoever reads it next says why it can't be opened.
  }
  return file.type.startsWith("video/") ? "video" : "image";
};

export const createFileReader = (): FileReader => {
  const fingerprinter = createFingerprinter();
  const closing = new AbortController();
  let videos: Promise<unknown> = Promise.resolve();

  const readVideo = (file: File, { stronger, signal, onProgress }: ReadFileOptions) => {
    const isOver = AbortSignal.any([signal, closing.signal]);
    const outcome = videos.then(() => fingerprintVideo(file, { stronger, signal: isOver, onProgress }));
    videos = outcome;
    return outcome;
  };

  return {
    async read(file, options) {
      const media = await mediaOf(file);
      options.onMedia(media);
      if (media === "video") {
        const outcome = await readVideo(file, options);
        return outcome.ok
          ? readyWith({ media, fingerprint: outcome.fingerprint })
          : { kind: "problem", code: outcome.code };
      }
      const { stronger, signal, onProgress } = options;
      const outcome = await fingerprinter.fingerprint(file, { stronger, signal, onProgress });
      return outcome.ok
        ? readyWith({ media, fingerprint: outcome.fingerprint })
        : { kind: "problem", code: outcome.code };
    },
    close() {
      closing.abort();
      fingerprinter.close();
    },
  };
};
