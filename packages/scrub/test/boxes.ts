/** Boxes of the ISO base media file format by hand. */
import { be16, be32, planted } from "./files.ts";

export const latin = (value: string): Buffer => Buffer.from(value, "latin1");

export const box = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([be32(body.length + 8), latin(type), body]);
};

export const full = (type: string, version: number, flags: number, ...parts: readonly Uint8Array[]): Buffer =>
  box(type, be32(version * 0x100_0000 + flags), ...parts);

export const be64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

/** One change to a file: `at` is where the first box of this type begins. */
export const findBox = (bytes: Buffer, type: string, from = 0): number => {
  const at = bytes.indexOf(latin(type), from);
  if (at < 4) throw new Error(`no box ${type}`);
  return at - 4;
};

export const handler = (kind: string, name: Buffer = Buffer.alloc(1), maker = 0): Buffer =>
  full("hdlr", 0, 0, be32(0), latin(kind), be32(maker), be32(0), be32(0), name);

export const plantedUuid = box("uuid", Buffer.alloc(16, 7), planted);
export { be16, be32 };
