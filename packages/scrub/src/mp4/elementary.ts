/** `esds` (ISO/IEC 14496-1, 7.2.6; 14496-14, 5.6): the stream's kind and its decoder's settings, written anew. */
import { be16, join } from "../core/bytes.ts";
import { damaged, doubtful } from "../core/refuse.ts";
import { makeFullBox } from "../boxes/box.ts";
import { cleanMpeg4 } from "../codec/mpeg4.ts";
import { refuseText } from "../codec/text-run.ts";

export interface Elementary {
  readonly bytes: Uint8Array;
  /** Object type (14496-1, table 5). */
  readonly objectType: number;
  /** Audio object type (14496-3, table 1.17), 0 if it is no MPEG-4 sound. */
  readonly audioType: number;
  /** Text that was in the settings; "" if none. */
  readonly text: string;
}

const MAX_SETTINGS_BYTES = 1024;

class Descriptors {
  readonly bytes: Uint8Array;
  at: number;
  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }
  /** Tag and content of the next one; moves behind its header and answers its end. */
  open(): { readonly tag: number; readonly end: number } {
    const tag = this.bytes[this.at] ?? 0;
    let size = 0;
    for (let i = 1; i <= 4; i += 1) {
      const byte = this.bytes[this.at + i];
      if (byte === undefined) throw damaged("a stream's settings are cut off");
      size = size * 128 + (byte & 127);
      if (byte < 128) {
        this.at += i + 1;
        // Some writers count more than there is.
        return { tag, end: Math.min(this.bytes.length, this.at + size) };
      }
    }
    throw damaged("a stream's settings are wrong");
  }
}

const descriptor = (tag: number, body: Uint8Array): Uint8Array =>
  join(
    Uint8Array.of(tag, 0x80 | ((body.length >> 14) & 127), 0x80 | ((body.length >> 7) & 127), body.length & 127),
    body,
  );

/** `body` is the content of the box with version and flags. */
export const cleanElementary = (body: Uint8Array): Elementary => {
  const reader = new Descriptors(body, 4);
  const first = reader.open();
  if (first.tag !== 3) throw damaged("a stream's settings are wrong");
  const flags = body[reader.at + 2] ?? 0;
  reader.at += 3 + ((flags & 0x80) === 0 ? 0 : 2);
  if ((flags & 0x40) !== 0) reader.at += 1 + (body[reader.at] ?? 0);
  if ((flags & 0x20) !== 0) reader.at += 2;
  const config = reader.open();
  if (config.tag !== 4 || reader.at + 13 > config.end) throw damaged("a stream's settings are wrong");
  const head = body.slice(reader.at, reader.at + 13);
  reader.at += 13;
  let settings: Uint8Array = new Uint8Array(0);
  if (reader.at + 2 <= config.end) {
    const info = reader.open();
    if (info.tag === 5) settings = body.slice(reader.at, info.end);
  }
  const objectType = head[0] ?? 0;
  let text = "";
  if (settings.length > MAX_SETTINGS_BYTES) throw doubtful("a stream's settings are too large");
  if (objectType === 0x20 || (objectType >= 0x60 && objectType <= 0x65)) {
    const clean = cleanMpeg4(settings);
    if (clean !== null) ({ bytes: settings, text } = clean);
  }
  refuseText(settings, "a stream's settings hold text");
  const audioType = objectType === 0x40 ? (settings[0] ?? 0) >> 3 : 0;
  const decoder = join(head, settings.length === 0 ? settings : descriptor(5, settings));
  const bytes = makeFullBox(
    "esds",
    0,
    0,
    descriptor(3, join(be16(0), Uint8Array.of(0), descriptor(4, decoder), descriptor(6, Uint8Array.of(2)))),
  );
  return { bytes, objectType, audioType, text };
};
