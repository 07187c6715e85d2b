/** A JPEG stream of tables alone (ITU-T T.81, B.5), as TIFF shares one between its strips. */
import { join, u16be } from "../core/bytes.ts";
import { damaged } from "../core/refuse.ts";
import { DHT, DQT, EOI, SOI } from "./markers.ts";
import { segment, Tables } from "./tables.ts";

/** The tables in it and nothing else. Throws `scrub_damaged` where it is no such stream. */
export const cleanTables = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, SOI)];
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw damaged("the shared tables are wrong");
  const check = new Tables();
  for (let at = 2; ;) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker < 0xc0) throw damaged("the shared tables are wrong");
    if (marker === EOI) return join(...parts, Uint8Array.of(0xff, EOI));
    const length = u16be(bytes, at + 2);
    if (length < 2 || at + 2 + length > bytes.length) throw damaged("the shared tables are wrong");
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === DQT) check.readQuantisation(body);
    else if (marker === DHT) check.readHuffman(body);
    if (marker === DQT || marker === DHT) parts.push(segment(marker, body));
    at += 2 + length;
  }
};
