/** Frame and scan headers (ITU-T T.81, B.2.2 and B.2.3), and which tables a scan uses. */
import { u16be } from "../core/bytes.ts";
import { damaged } from "../core/refuse.ts";
import { segment, type Tables } from "./tables.ts";
import { SOS } from "./markers.ts";

export interface Frame {
  readonly marker: number;
  readonly height: number;
  readonly width: number;
  readonly components: readonly { readonly id: number; readonly quantisation: number }[];
  /** As it is written. */
  readonly bytes: Uint8Array;
}

export const readFrame = (marker: number, body: Uint8Array): Frame => {
  const count = body[5] ?? 0;
  if (count === 0 || body.length !== 6 + 3 * count) throw damaged("the frame header is wrong");
  const components = Array.from({ length: count }, (_, i) => ({
    id: body[6 + 3 * i] ?? 0,
    quantisation: body[8 + 3 * i] ?? 0,
  }));
  return { marker, height: u16be(body, 1), width: u16be(body, 3), components, bytes: segment(marker, body) };
};

/** The tables that this scan is decoded with, as segments still to be written, and the scan header itself. */
export const scanHeader = (body: Uint8Array, frame: Frame, tables: Tables): readonly Uint8Array[] => {
  const count = body[0] ?? 0;
  if (count < 1 || count > 4 || body.length !== 4 + 2 * count) throw damaged("a scan header is wrong");
  const spectralStart = body[1 + 2 * count] ?? 0;
  const successive = body[3 + 2 * count] ?? 0;
  const progressive = frame.marker === 0xc2 || frame.marker === 0xca;
  const arithmetic = frame.marker >= 0xc9;
  const lossless = frame.marker === 0xc3 || frame.marker === 0xcb;
  const letter = arithmetic ? "a" : "h";
  const needed: Uint8Array[] = [];
  for (let i = 0; i < count; i += 1) {
    const id = body[1 + 2 * i] ?? 0;
    const component = frame.components.find((one) => one.id === id);
    if (component === undefined) throw damaged("a scan names a component that the frame has not");
    const dc = (body[2 + 2 * i] ?? 0) >> 4;
    const ac = (body[2 + 2 * i] ?? 0) & 15;
    if (!lossless) needed.push(...tables.use(`q${component.quantisation}`));
    // A progressive scan is of DC or of AC (G.1.1.1), and refining DC takes no Huffman table (G.1.2.1).
    if (spectralStart === 0 || !progressive) {
      if (arithmetic || !progressive || successive >> 4 === 0) needed.push(...tables.use(`${letter}0${dc}`));
    }
    if (!lossless && (spectralStart > 0 || !progressive)) needed.push(...tables.use(`${letter}1${ac}`));
  }
  needed.push(...tables.use("r"), segment(SOS, body));
  return needed;
};
