/** Small videos by hand: real boxes around units that only look like pictures and sound, with something planted. */
import { be16, be32, be64, box, full, handler, latin, plantedUuid } from "../boxes.ts";
import { planted, PLANTED, xmpPacket } from "../files.ts";

/** 2024-05-17T13:05:09Z, in seconds from 1904. */
const WHEN = 2_082_844_800 + 1_715_951_109;
const MATRIX = Buffer.concat([0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].map(be32));

export const SPS = Buffer.from("6742c00ad901e3", "hex");
export const PPS = Buffer.from("68cb83cb20", "hex");

/** A unit behind its length. */
export const unit = (...bytes: readonly (Buffer | number)[]): Buffer => {
  const body = Buffer.concat(bytes.map((one) => (typeof one === "number" ? Buffer.from([one]) : one)));
  return Buffer.concat([be32(body.length), body]);
};

/** User data as x264 writes it: type 5, 16 bytes of identifier, text. */
export const seiText = (text: Buffer, type = 5): Buffer => {
  const payload = Buffer.concat([Buffer.alloc(16, 0xdc), text]);
  return unit(6, type, payload.length, payload, 0x80);
};

const slice = (n: number): Buffer => unit(n === 0 ? 0x65 : 0x41, 0x88, Buffer.alloc(20, 0x90 + n));

/** `sets` come behind the picture parameter set, `more` behind all. */
const avcC = (sets: readonly Buffer[], more: readonly Buffer[]): Buffer =>
  box(
    "avcC",
    Buffer.from([1, 0x42, 0xc0, 10, 0xff, 0xe1]),
    be16(SPS.length),
    SPS,
    Buffer.from([1 + sets.length]),
    ...[PPS, ...sets].flatMap((set) => [be16(set.length), set]),
    ...more,
  );

const descriptor = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
};

const esds = (settings: Buffer): Buffer =>
  full(
    "esds",
    0,
    0,
    descriptor(
      3,
      be16(1),
      Buffer.from([0]),
      descriptor(4, Buffer.from([0x40, 0x15]), Buffer.alloc(11), descriptor(5, settings)),
      descriptor(6, Buffer.from([2])),
    ),
  );

export interface VideoParts {
  readonly brand?: string;
  readonly compatible?: string;
  /** Samples of the video, in decoding order; the first is where decoding begins. */
  readonly video?: readonly Buffer[];
  readonly sound?: readonly Buffer[];
  readonly compressor?: Buffer;
  readonly visualExtra?: readonly Buffer[];
  readonly avcSets?: readonly Buffer[];
  readonly avcExtra?: readonly Buffer[];
  readonly movieExtra?: readonly Buffer[];
  readonly trackExtra?: readonly Buffer[];
  readonly mediaExtra?: readonly Buffer[];
  readonly tableExtra?: readonly Buffer[];
  /** Edits of the video: duration in thousandths, media time in thousandths. */
  readonly edits?: readonly (readonly [number, number])[];
  readonly sync?: readonly number[];
  readonly when?: number;
  readonly name?: Buffer;
  readonly matrix?: Buffer;
  /** A data track of this format with these samples. */
  readonly data?: { readonly format: string; readonly samples: readonly Buffer[]; readonly handler: string };
  readonly before?: readonly Buffer[];
  readonly after?: readonly Buffer[];
  /** Put into the media data, and belonging to nothing. */
  readonly gap?: Buffer;
}

interface TrackParts {
  readonly kind: string;
  readonly header: Buffer;
  readonly entry: Buffer;
  readonly samples: readonly Buffer[];
  readonly extra: VideoParts;
}

const trak = (
  number: number,
  { kind, header, entry, samples, extra }: TrackParts,
  offsets: readonly number[],
): Buffer => {
  const when = be32(extra.when ?? 0);
  const isVideo = kind === "vide";
  const duration = samples.length * 100;
  const edits = isVideo ? (extra.edits ?? []) : [];
  return box(
    "trak",
    full(
      "tkhd",
      0,
      7,
      when,
      when,
      be32(number),
      be32(0),
      be32(duration),
      Buffer.alloc(16),
      isVideo ? (extra.matrix ?? MATRIX) : MATRIX,
      be32(64 << 16),
      be32(48 << 16),
    ),
    ...(edits.length === 0
      ? []
      : [
          box(
            "edts",
            full(
              "elst",
              0,
              0,
              be32(edits.length),
              ...edits.map(([length, time]) => Buffer.concat([be32(length), be32(time >>> 0), be32(0x1_0000)])),
            ),
          ),
        ]),
    ...(isVideo ? (extra.trackExtra ?? []) : []),
    box(
      "mdia",
      full("mdhd", 0, 0, when, when, be32(1000), be32(duration), be16(0x55c4), be16(0)),
      handler(kind, extra.name),
      ...(isVideo ? (extra.mediaExtra ?? []) : []),
      box(
        "minf",
        header,
        box("dinf", full("dref", 0, 0, be32(1), full("url ", 0, 1))),
        box(
          "stbl",
          full("stsd", 0, 0, be32(1), entry),
          full("stts", 0, 0, be32(1), be32(samples.length), be32(100)),
          ...(isVideo ? [full("stss", 0, 0, be32((extra.sync ?? [1]).length), ...(extra.sync ?? [1]).map(be32))] : []),
          full("stsc", 0, 0, be32(1), be32(1), be32(1), be32(1)),
          full("stsz", 0, 0, be32(0), be32(samples.length), ...samples.map(({ length }) => be32(length))),
          full("stco", 0, 0, be32(offsets.length), ...offsets.map(be32)),
          ...(isVideo ? (extra.tableExtra ?? []) : []),
        ),
      ),
    ),
  );
};

export const defaultVideo = (): Buffer[] => [0, 1, 2, 3, 4, 5].map(slice);
export const defaultSound = (): Buffer[] =>
  [0, 1, 2, 3].map((n) => Buffer.concat([Buffer.from([0x21]), Buffer.alloc(15, 0xc0 + n)]));

export const makeMp4 = (parts: VideoParts = {}): Buffer => {
  const visual = box(
    "avc1",
    Buffer.alloc(6),
    be16(1),
    Buffer.alloc(16),
    be16(64),
    be16(48),
    be32(0x48_0000),
    be32(0x48_0000),
    be32(0),
    be16(1),
    parts.compressor ?? Buffer.alloc(32),
    be16(24),
    be16(0xffff),
    avcC(parts.avcSets ?? [], parts.avcExtra ?? []),
    ...(parts.visualExtra ?? []),
  );
  const sounds = box(
    "mp4a",
    Buffer.alloc(6),
    be16(1),
    Buffer.alloc(8),
    be16(2),
    be16(16),
    be32(0),
    be32(48_000 * 65_536),
    esds(Buffer.from([0x11, 0x90])),
  );
  const tracks: TrackParts[] = [
    {
      kind: "vide",
      header: full("vmhd", 0, 1, Buffer.alloc(8)),
      entry: visual,
      samples: parts.video ?? defaultVideo(),
      extra: parts,
    },
    {
      kind: "soun",
      header: full("smhd", 0, 0, be32(0)),
      entry: sounds,
      samples: parts.sound ?? defaultSound(),
      extra: parts,
    },
  ];
  if (parts.data !== undefined)
    tracks.push({
      kind: parts.data.handler,
      header: full("nmhd", 0, 0),
      entry: box(parts.data.format, Buffer.alloc(6), be16(1), latin("x")),
      samples: parts.data.samples,
      extra: parts,
    });
  const brand = parts.brand ?? "isom";
  const start = Buffer.concat([
    box("ftyp", latin(brand), be32(0), latin(parts.compatible ?? `${brand}iso2mp41`)),
    ...(parts.before ?? []),
  ]);
  const when = be32(parts.when ?? 0);
  const build = (base: number): Buffer => {
    const offsets = tracks.map((): number[] => []);
    let at = base + 8 + (parts.gap?.length ?? 0);
    const longest = Math.max(...tracks.map(({ samples }) => samples.length));
    for (let i = 0; i < longest; i += 1)
      for (const [index, { samples }] of tracks.entries()) {
        const sample = samples[i];
        if (sample === undefined) continue;
        offsets[index]?.push(at);
        at += sample.length;
      }
    return box(
      "moov",
      full(
        "mvhd",
        0,
        0,
        when,
        when,
        be32(1000),
        be32(600),
        be32(0x1_0000),
        be16(0x100),
        Buffer.alloc(10),
        MATRIX,
        Buffer.alloc(24),
        be32(9),
      ),
      ...tracks.map((track, index) => trak(index + 1, track, offsets[index] ?? [])),
      ...(parts.movieExtra ?? []),
    );
  };
  const size = build(0).length;
  const moov = build(start.length + size);
  const media: Buffer[] = [parts.gap ?? Buffer.alloc(0)];
  const longest = Math.max(...tracks.map(({ samples }) => samples.length));
  for (let i = 0; i < longest; i += 1) for (const { samples } of tracks) media.push(samples[i] ?? Buffer.alloc(0));
  return Buffer.concat([start, moov, box("mdat", ...media), ...(parts.after ?? [])]);
};

const udta = (...parts: readonly Buffer[]): Buffer => box("udta", ...parts);
const apple = (name: string, value: Buffer): Buffer => box(name, be16(value.length), be16(0x15c7), value);

const appleMeta = (entries: readonly (readonly [string, Buffer])[]): Buffer =>
  box(
    "meta",
    handler("mdta"),
    full(
      "keys",
      0,
      0,
      be32(entries.length),
      ...entries.map(([name]) => Buffer.concat([be32(8 + name.length), latin(`mdta${name}`)])),
    ),
    box(
      "ilst",
      ...entries.map(([, value], index) => {
        const data = box("data", be32(1), be32(0), value);
        return Buffer.concat([be32(8 + data.length), be32(index + 1), data]);
      }),
    ),
  );

const aacFill = (text: Buffer): Buffer => {
  // Element 6, count 15 and an escape of one byte, a nibble of type 0, five bits to the next byte, text, then sound.
  const head = (6 << 13) | (15 << 9) | ((text.length + 2 - 14) << 1);
  return Buffer.concat([be16(head), be16(0), text, Buffer.alloc(12, 0x21)]);
};

/** A box that goes by an identifier. */
const named = (identifier: string, body: Buffer): Buffer => box("uuid", Buffer.from(identifier, "hex"), body);

/** Every place where something can be, each with the string in it. */
export const mp4Cases = (): readonly { readonly name: string; readonly bytes: Buffer }[] => {
  const withMovie = (...movieExtra: readonly Buffer[]): Buffer => makeMp4({ movieExtra });
  const edited = defaultVideo().map((sample, n) =>
    n < 3 ? Buffer.concat([unit(n === 0 ? 0x65 : 0x41, 0x88, planted)]) : sample,
  );
  const cut = [...edited.slice(0, 3), unit(0x65, 0x88, Buffer.alloc(20, 0x99)), ...edited.slice(4)];
  const cases: readonly (readonly [string, Buffer])[] = [
    ["times of movie, tracks and media", makeMp4({ when: WHEN, movieExtra: [udta(apple("©nam", planted))] })],
    ["©xyz", withMovie(udta(apple("©xyz", latin(`+47.3769+008.5417+408/${PLANTED}`))))],
    [
      "loci",
      withMovie(
        udta(
          full(
            "loci",
            0,
            0,
            be16(0x15c7),
            planted,
            Buffer.alloc(2),
            be32(0x8_8aac),
            be32(0x2f_607c),
            be32(0),
            latin("earth\0\0"),
          ),
        ),
      ),
    ],
    ["3GPP title", withMovie(udta(full("titl", 0, 0, be16(0x15c7), planted, Buffer.alloc(1))))],
    ["GoPro's boxes", withMovie(udta(box("FIRM", planted), box("CAME", planted), box("GPMF", planted)))],
    [
      "QuickTime keys",
      withMovie(
        appleMeta([
          ["com.apple.quicktime.location.ISO6709", latin(`+47.3769+008.5417/${PLANTED}`)],
          ["com.apple.quicktime.make", planted],
        ]),
      ),
    ],
    [
      "iTunes list",
      withMovie(
        udta(full("meta", 0, 0, handler("mdir"), box("ilst", box("©too", box("data", be32(1), be32(0), planted))))),
      ),
    ],
    ["XMP in udta", withMovie(udta(box("XMP_", xmpPacket(PLANTED))))],
    ["uuid within the movie", withMovie(plantedUuid)],
    ["uuid within a track", makeMp4({ trackExtra: [plantedUuid] })],
    ["udta within a track", makeMp4({ trackExtra: [udta(apple("©mod", planted))] })],
    ["uuid within media", makeMp4({ mediaExtra: [plantedUuid] })],
    ["uuid within the sample tables", makeMp4({ tableExtra: [plantedUuid] })],
    ["uuid before the movie", makeMp4({ before: [plantedUuid] })],
    ["XMP beside the movie", makeMp4({ after: [named("be7acfcb97a942e89c71999491e3afac", xmpPacket(PLANTED))] })],
    ["content credentials", makeMp4({ before: [named("d8fec3d61b0e483c92975828877ec481", planted)] })],
    ["wide", makeMp4({ before: [box("wide", planted)] })],
    ["uuid behind the media", makeMp4({ after: [plantedUuid] })],
    ["free", makeMp4({ before: [box("free", planted)] })],
    ["skip", makeMp4({ after: [box("skip", planted)] })],
    ["free within the movie", withMovie(box("free", planted))],
    ["a second media box", makeMp4({ after: [box("mdat", planted)] })],
    ["media that belongs to nothing", makeMp4({ gap: planted })],
    ["handler name", makeMp4({ name: Buffer.concat([planted, Buffer.alloc(1)]) })],
    ["compressor name", makeMp4({ compressor: Buffer.concat([Buffer.from([31]), planted.subarray(0, 31)]) })],
    ["a picture among the parameter sets", makeMp4({ avcSets: [Buffer.concat([Buffer.from([0x65]), planted])] })],
    ["behind the H.264 configuration", makeMp4({ avcExtra: [planted], movieExtra: [udta(apple("©swr", planted))] })],
    ["unknown box in a sample description", makeMp4({ visualExtra: [box("priv", planted)] })],
    ["colour profile", makeMp4({ visualExtra: [box("colr", latin("prof"), planted)] })],
    ["SEI user data", makeMp4({ video: defaultVideo().map((one) => Buffer.concat([seiText(planted), one])) })],
    [
      "SEI registered user data",
      makeMp4({ video: defaultVideo().map((one) => Buffer.concat([seiText(planted, 4), one])) }),
    ],
    [
      "SEI of two messages, one of which stays",
      makeMp4({
        video: [
          Buffer.concat([
            unit(6, 6, 1, 0xc0, 5, 16 + planted.length, Buffer.alloc(16, 1), planted, 0x80),
            ...defaultVideo().slice(0, 1),
          ]),
          ...defaultVideo().slice(1),
        ],
      }),
    ],
    ["filler units", makeMp4({ video: defaultVideo().map((one) => Buffer.concat([one, unit(12, planted)])) })],
    ["units without meaning", makeMp4({ video: defaultVideo().map((one) => Buffer.concat([one, unit(30, planted)])) })],
    ["AAC fill element", makeMp4({ sound: [aacFill(planted), ...defaultSound().slice(1)] })],
    ...["camm", "mebx", "rtmd", "fdsc", "djmd"].map(
      (format) =>
        [
          `a track of ${format}`,
          makeMp4({ data: { format, handler: "meta", samples: [planted.subarray(0, 16), planted] } }),
        ] as const,
    ),
    ["a telemetry track", makeMp4({ data: { format: "gpmd", handler: "meta", samples: [planted, planted] } })],
    ["a time code track", makeMp4({ data: { format: "tmcd", handler: "tmcd", samples: [planted] } })],
    ["a text track", makeMp4({ data: { format: "text", handler: "text", samples: [planted] } })],
    ["cut away at the start", makeMp4({ video: cut, sync: [1, 4], edits: [[300, 300]] })],
    ["cut away at the end", makeMp4({ video: cut.toReversed(), sync: [1], edits: [[300, 0]] })],
    ["a movie behind the end", Buffer.concat([makeMp4(), makeMp4({ movieExtra: [udta(apple("©xyz", planted))] })])],
    ["bytes behind the end", Buffer.concat([makeMp4(), Buffer.alloc(9), planted])],
    ["brands", makeMp4({ compatible: `isom${PLANTED.slice(0, 32)}` })],
  ];
  return cases.map(([name, bytes]) => ({ name, bytes }));
};

/** The same video in fragments. */
export const makeFragmented = (extra: Buffer = Buffer.alloc(0)): Buffer => {
  const whole = makeMp4({ video: [], sound: [] });
  const moovAt = whole.indexOf("moov") - 4;
  const moov = whole.subarray(moovAt, moovAt + whole.readUInt32BE(moovAt));
  const trex = (id: number): Buffer => full("trex", 0, 0, be32(id), be32(1), be32(100), be32(0), be32(0));
  const movie = box("moov", moov.subarray(8), box("mvex", trex(1), trex(2)));
  const fragment = (number: number, samples: readonly Buffer[]): Buffer => {
    const make = (offset: number): Buffer =>
      box(
        "moof",
        full("mfhd", 0, 0, be32(number)),
        box(
          "traf",
          full("tfhd", 0, 0x2_0000, be32(1)),
          full("tfdt", 1, 0, be64(10_000 + (number - 1) * 300)),
          full(
            "trun",
            0,
            0x205,
            be32(samples.length),
            be32(offset),
            be32(0),
            ...samples.map(({ length }) => be32(length)),
          ),
          extra,
        ),
      );
    return Buffer.concat([make(make(0).length + 8), box("mdat", ...samples)]);
  };
  const video = defaultVideo();
  return Buffer.concat([
    whole.subarray(0, moovAt),
    movie,
    full("sidx", 0, 0, Buffer.alloc(24)),
    fragment(1, video.slice(0, 3)),
    fragment(
      2,
      video.slice(3).map((one, n) => (n === 0 ? Buffer.concat([seiText(planted), one]) : one)),
    ),
  ]);
};
