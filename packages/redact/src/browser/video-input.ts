/** A video's file to its main picture track, by the browser's own decoders; and what the browser can write. */
import { ALL_FORMATS, BlobSource, getFirstEncodableVideoCodec, Input, type InputVideoTrack } from "mediabunny";
import { DoorFailure } from "./codes.ts";
import type { VideoLimits } from "./video-messages.ts";

export interface VideoInput {
  readonly input: Input;
  readonly track: InputVideoTrack;
}

/** The main picture track, which this browser can decode and whose frames are not too large. */
export async function openInput(file: Blob, limits: VideoLimits): Promise<VideoInput> {
  if (file.size === 0) throw new DoorFailure("empty_file");
  if (file.size > limits.bytes) throw new DoorFailure("file_too_large");
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  if (!(await input.canRead())) throw new DoorFailure("not_a_video");
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new DoorFailure("not_a_video");
  if (track.codedWidth * track.codedHeight > limits.pixels) throw new DoorFailure("too_many_pixels");
  if (typeof VideoDecoder === "undefined" || !(await track.canDecode())) throw new DoorFailure("unsupported_format");
  return { input, track };
}

/** What frames of this size are written as; `encode_unsupported` where the browser writes none of it. */
export async function writableCodec(size: { readonly width: number; readonly height: number }) {
  if (typeof VideoEncoder === "undefined") throw new DoorFailure("encode_unsupported");
  const codec = await getFirstEncodableVideoCodec(["avc", "vp9", "vp8"], size);
  if (codec === null) throw new DoorFailure("encode_unsupported");
  return codec;
}
