/** From the codes of errors to the page's own sentences. */
import type { Media } from "@recourse/protocol";
import type english from "./en.json";

type MessageKey = keyof typeof english;

/** The sentence for a code of the hub or the gate. */
export const problemKey = (code: string): MessageKey => {
  switch (code) {
    case "server_unreachable":
    case "server_busy":
    case "rate_limited":
    case "database_unavailable":
    case "case_access_denied":
    case "case_withdrawn":
    case "case_full":
    case "key_wrong":
    case "signal_version_unknown":
    case "too_many_signals":
    case "body_too_large":
      return `problem.${code}`;
    default:
      return "problem.other";
  }
};

/** Why a file could not be read, or only in part. Some codes say another thing of a video than of a picture. */
export const fileProblemKey = (code: string, media: Media): MessageKey => {
  switch (code) {
    case "too_many_pixels":
    case "unsupported_format":
    case "decode_timeout":
    case "picture_too_plain":
      return media === "video" ? `video.${code}` : `file.${code}`;
    case "empty_file":
    case "file_unreadable":
    case "file_too_large":
    case "not_an_image":
    case "image_damaged":
    case "not_a_video":
    case "sound_only":
    case "video_damaged":
    case "decoder_missing":
    case "pixels_blocked":
    case "encode_unsupported":
    case "cancelled":
      return `file.${code}`;
    default:
      return "problem.other";
  }
};
