/** GIF files with something planted, one for each place where something can be hidden. */
import sharp from "sharp";
import { encoder, makeProfile, planted, PLANTED, xmpPacket } from "../files.ts";
import type { Case } from "../prove.ts";

const text = (value: string): Buffer => Buffer.from(value, "latin1");

/** Sub-blocks of at most `size` bytes, and the empty one that ends them. */
export const subBlocks = (bytes: Buffer, size = 255): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
};

const extension = (label: number, ...blocks: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0x21, label]), ...blocks]);

export const comment = (body: Buffer, size = 255): Buffer => extension(0xfe, subBlocks(body, size));
export const application = (name: string, data: Buffer): Buffer =>
  extension(0xff, Buffer.from([name.length]), text(name), data);

interface Place {
  readonly kind: "extension" | "picture" | "end";
  readonly at: number;
  /** Where a picture's sub-blocks begin. */
  readonly data: number;
}

const skipBlocks = (gif: Buffer, from: number): number => {
  let at = from;
  while ((gif[at] ?? 0) !== 0) at += 1 + (gif[at] ?? 0);
  return at + 1;
};

const colours = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

export const placesOf = (gif: Buffer): readonly Place[] => {
  const places: Place[] = [];
  for (let at = 13 + colours(gif[10] ?? 0); ;) {
    if (gif[at] === 0x21) {
      places.push({ kind: "extension", at, data: at + 2 });
      at = skipBlocks(gif, at + 2);
    } else if (gif[at] === 0x2c) {
      const data = at + 11 + colours(gif[at + 9] ?? 0);
      places.push({ kind: "picture", at, data });
      at = skipBlocks(gif, data);
    } else {
      places.push({ kind: "end", at, data: at });
      return places;
    }
  }
};

export const insert = (gif: Buffer, at: number, ...bytes: readonly Buffer[]): Buffer =>
  Buffer.concat([gif.subarray(0, at), ...bytes, gif.subarray(at)]);

export const still = (): Promise<Buffer> => encoder(24, 16).gif().toBuffer();

/** Three frames of 70, 330 and 1,200 ms, four times. */
export const animated = async (): Promise<Buffer> => {
  const frames = await Promise.all([1, 2, 3].map((seed) => encoder(24, 16, seed).png().toBuffer()));
  return sharp(frames, { join: { animated: true } })
    .gif({ loop: 4, delay: [70, 330, 1200] })
    .toBuffer();
};

export const gifCases = async (): Promise<readonly Case[]> => {
  const plain = await still();
  const movie = await animated();
  const first = (gif: Buffer): Place => {
    const place = placesOf(gif).find(({ kind }) => kind === "picture");
    if (place === undefined) throw new Error("no picture");
    return place;
  };
  const start = 13 + colours(plain[10] ?? 0);
  const pictures = placesOf(movie).filter(({ kind }) => kind === "picture");
  const [, second] = pictures;
  if (second === undefined) throw new Error("no second picture");
  const endOf = (gif: Buffer): number => skipBlocks(gif, first(gif).data) - 1;
  const control = placesOf(movie).find(({ kind, at }) => kind === "extension" && movie[at + 1] === 0xf9);
  if (control === undefined) throw new Error("no timing");
  const withReserved = Buffer.from(movie);
  withReserved[control.at + 3] = (withReserved[control.at + 3] ?? 0) | 0xe0;
  const reservedPicture = Buffer.from(plain);
  reservedPicture[first(plain).at + 9] = (reservedPicture[first(plain).at + 9] ?? 0) | 0x18;
  const profile = makeProfile(PLANTED);
  const behindFrame = skipBlocks(movie, pictures[0]?.data ?? 0);
  const magic = Buffer.concat([
    Buffer.from([1]),
    Buffer.from(Array.from({ length: 256 }, (_, i) => 255 - i)),
    Buffer.from([0]),
  ]);
  // The last sub-block of the pixels, longer by the string: it stands behind the end code.
  const lastAt = ((): number => {
    let at = first(plain).data;
    for (;;) {
      const next = at + 1 + (plain[at] ?? 0);
      if ((plain[next] ?? 0) === 0) return at;
      at = next;
    }
  })();
  const longer = insert(plain, lastAt + 1 + (plain[lastAt] ?? 0), planted);
  longer[lastAt] = (longer[lastAt] ?? 0) + planted.length;
  const twoColours = await sharp({ create: { width: 9, height: 5, channels: 3, background: "#123456" } })
    .gif({ colours: 2 })
    .toBuffer();
  // Its table becomes one of 32 colours, of which pixels have the first few.
  const withColours = Buffer.concat([
    twoColours.subarray(0, 13),
    Buffer.alloc(96),
    twoColours.subarray(13 + colours(twoColours[10] ?? 0)),
  ]);
  twoColours.copy(withColours, 13, 13, 13 + colours(twoColours[10] ?? 0));
  withColours[10] = 0x80 | 4;
  planted.copy(withColours, 13 + 60);
  const cases: readonly (readonly [string, Buffer, Buffer?])[] = [
    ["a comment", insert(plain, start, comment(planted))],
    ["a comment in small sub-blocks", insert(plain, start, comment(planted, 5))],
    ["two comments", insert(plain, start, comment(planted.subarray(0, 16)), comment(planted.subarray(16)))],
    ["a comment of 100,000 bytes", insert(plain, start, comment(Buffer.concat([planted, Buffer.alloc(100_000, 65)])))],
    ["a comment between frames", insert(movie, behindFrame, comment(planted))],
    ["a comment between timing and frame", insert(movie, second.at, comment(planted))],
    ["a comment behind the last frame", insert(plain, endOf(plain) + 1, comment(planted))],
    ["XMP", insert(plain, start, application("XMP DataXMP", Buffer.concat([xmpPacket(PLANTED), magic])))],
    ["content credentials", insert(plain, start, application("C2PA_GIF\u0001\0\0", subBlocks(planted)))],
    ["another application", insert(plain, start, application("CAMERA  1.0", subBlocks(planted)))],
    ["an application's name", insert(plain, start, application(PLANTED, subBlocks(Buffer.from("x"))))],
    ["an application block between frames", insert(movie, behindFrame, application("CAMERA  1.0", subBlocks(planted)))],
    ["plain text", insert(plain, start, extension(1, Buffer.from([12]), Buffer.alloc(12), subBlocks(planted)))],
    ["an unknown extension", insert(plain, start, extension(0x77, subBlocks(planted)))],
    [
      "behind the loop count",
      insert(plain, start, application("NETSCAPE2.0", Buffer.concat([Buffer.from([3, 1, 4, 0]), subBlocks(planted)]))),
    ],
    [
      "within the loop count's block",
      insert(plain, start, application("NETSCAPE2.0", subBlocks(Buffer.concat([Buffer.from([1, 4, 0]), planted])))),
    ],
    [
      "a second loop count",
      insert(movie, behindFrame, application("NETSCAPE2.0", subBlocks(Buffer.concat([Buffer.from([1]), planted])))),
    ],
    ["behind a frame's timing", insert(movie, control.at + 7, subBlocks(planted).subarray(0, -1))],
    [
      "a timing without a frame",
      insert(plain, endOf(plain) + 1, extension(0xf9, Buffer.from([4, 0x50, 0x4c, 0x41, 0x4e, 0]))),
    ],
    ["reserved bits of the timing", withReserved],
    ["reserved bits of the picture", reservedPicture],
    ["a profile", insert(plain, start, application("ICCRGBG1012", subBlocks(profile)))],
    [
      "a second profile",
      insert(
        plain,
        start,
        application("ICCRGBG1012", subBlocks(profile)),
        application("ICCRGBG1012", subBlocks(profile)),
      ),
    ],
    ["a profile that is none", insert(plain, start, application("ICCRGBG1012", subBlocks(planted)))],
    ["behind the last pixel, in its sub-block", longer],
    ["behind the last pixel, in a sub-block", insert(plain, endOf(plain), subBlocks(planted).subarray(0, -1))],
    [
      "behind the last pixel of an animation's frame",
      insert(movie, behindFrame - 1, subBlocks(planted, 7).subarray(0, -1)),
    ],
    ["behind the end", Buffer.concat([plain, planted])],
    ["a picture behind the end", Buffer.concat([plain, insert(plain, start, comment(planted))])],
    ["colours that no pixel has", withColours],
    ["no block, and the string", Buffer.concat([plain.subarray(0, -1), planted]), plain],
  ];
  return cases.map(([name, bytes, like]) => ({ name, bytes, ...(like === undefined ? {} : { like }) }));
};
