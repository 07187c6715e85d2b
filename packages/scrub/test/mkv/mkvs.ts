/** Small Matroska and WebM files by hand, with something planted. Written apart from the package's own writer. */
import { be16, PLANTED, planted } from "../files.ts";
import { latin } from "../boxes.ts";
import { defaultSound, defaultVideo, PPS, seiText, SPS } from "../mp4/mp4s.ts";

type Content = Buffer | number | string;

const idBytes = (id: number): Buffer =>
  Buffer.from(id.toString(16).padStart(2 * Math.ceil(id.toString(16).length / 2), "0"), "hex");

/** In `bytes` bytes; as few as it fits into if that is 0. */
export const size = (value: number, bytes = 0): Buffer => {
  let count = Math.max(1, bytes);
  while (bytes === 0 && value >= 2 ** (7 * count) - 1) count += 1;
  const out = Buffer.alloc(count);
  let rest = BigInt(value) | (1n << BigInt(7 * count));
  for (let i = count - 1; i >= 0; i -= 1) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
};

export const number = (value: number): Buffer => {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(2 * Math.ceil(hex.length / 2), "0"), "hex");
};

const contentOf = (part: Content): Buffer => (typeof part === "number" ? number(part) : Buffer.from(part as Buffer));

/** Numbers are one element's value, texts too. */
export const el = (id: number, ...parts: readonly Content[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? latin(part) : contentOf(part))));
  return Buffer.concat([idBytes(id), size(body.length), body]);
};

/** An element whose size is not told. */
export const open = (id: number, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([idBytes(id), Buffer.from("01ffffffffffffff", "hex"), ...parts]);

const float64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};

export const avcPrivate = (...more: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([1, 0x42, 0xc0, 10, 0xff, 0xe1]),
    be16(SPS.length),
    SPS,
    Buffer.from([1]),
    be16(PPS.length),
    PPS,
    ...more,
  ]);

export const opusHead = Buffer.concat([latin("OpusHead"), Buffer.from([1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0])]);

/** Frames that share a block, with the sizes that stand before them. */
export const lace = (
  kind: "none" | "xiph" | "fixed" | "ebml",
  frames: readonly Buffer[],
): readonly [number, Buffer] => {
  if (kind === "none") return [0, Buffer.concat(frames)];
  const count = Buffer.from([frames.length - 1]);
  if (kind === "fixed") return [4, Buffer.concat([count, ...frames])];
  const sizes = frames.slice(0, -1).map(({ length }) => length);
  if (kind === "xiph") {
    const runs = sizes.map((length) =>
      Buffer.concat([Buffer.alloc(Math.floor(length / 255), 255), Buffer.from([length % 255])]),
    );
    return [2, Buffer.concat([count, ...runs, ...frames])];
  }
  // Differences in two bytes: longer than need be.
  const differences = sizes.map((length, i) =>
    i === 0 ? size(length, 2) : size(length - (sizes[i - 1] ?? 0) + 8191, 2),
  );
  return [6, Buffer.concat([count, ...differences, ...frames])];
};

export const blockOf = (
  track: number,
  time: number,
  frames: readonly Buffer[],
  flags = 0,
  kind: Parameters<typeof lace>[0] = "none",
): Buffer => {
  const [flag, content] = lace(kind, frames);
  return Buffer.concat([size(track), be16(time & 0xffff), Buffer.from([flags | flag]), content]);
};

export const simple = (...how: Parameters<typeof blockOf>): Buffer => el(0xa3, blockOf(...how));

export interface MkvParts {
  readonly docType?: string;
  readonly headerExtra?: readonly Buffer[];
  readonly beforeSegment?: readonly Buffer[];
  readonly info?: readonly Buffer[];
  readonly videoCodec?: readonly [string, Buffer];
  readonly soundCodec?: readonly [string, Buffer];
  readonly trackExtra?: readonly Buffer[];
  readonly videoExtra?: readonly Buffer[];
  readonly soundExtra?: readonly Buffer[];
  readonly tracksExtra?: readonly Buffer[];
  readonly video?: readonly Buffer[];
  readonly sound?: readonly Buffer[];
  /** In place of one cluster for the first half and one for the second. */
  readonly clusters?: readonly Buffer[];
  readonly clusterExtra?: readonly Buffer[];
  readonly startTicks?: number;
  readonly segmentExtra?: readonly Buffer[];
  readonly after?: readonly Buffer[];
  readonly isOpen?: boolean;
}

export const cluster = (...parts: readonly Buffer[]): Buffer => el(0x1f43_b675, ...parts);
export const ticks = (value: number): Buffer => el(0xe7, value);

export const makeMkv = (parts: MkvParts = {}): Buffer => {
  const video = parts.video ?? defaultVideo();
  const sound = parts.sound ?? defaultSound();
  const [videoCodec, videoPrivate] = parts.videoCodec ?? ["V_MPEG4/ISO/AVC", avcPrivate()];
  const [soundCodec, soundPrivate] = parts.soundCodec ?? ["A_AAC", Buffer.from([0x12, 0x10])];
  const start = parts.startTicks ?? 0;
  const settings = (bytes: Buffer): readonly Buffer[] => (bytes.length === 0 ? [] : [el(0x63a2, bytes)]);
  const entry = (index: number, type: number, codec: string, ...more: readonly Buffer[]): Buffer =>
    el(0xae, el(0xd7, index), el(0x73c5, index), el(0x83, type), el(0x22_b59c, "und"), el(0x86, codec), ...more);
  const tracks = [
    entry(
      1,
      1,
      videoCodec,
      ...settings(videoPrivate),
      ...(parts.trackExtra ?? []),
      el(0x23_e383, 100_000_000),
      el(0xe0, el(0xb0, 320), el(0xba, 240), ...(parts.videoExtra ?? [])),
    ),
    entry(
      2,
      2,
      soundCodec,
      ...settings(soundPrivate),
      el(0xe1, el(0xb5, float64(48_000)), el(0x9f, 2), ...(parts.soundExtra ?? [])),
    ),
    ...(parts.tracksExtra ?? []),
  ];
  const half = Math.ceil(video.length / 2);
  const blocks = (from: number, to: number): readonly Buffer[] =>
    video
      .slice(from, to)
      .flatMap((frame, n) => [
        simple(1, 100 * n, [frame], n === 0 ? 0x80 : 0),
        ...sound.slice(from + n, from + n + 1).map((one) => simple(2, 100 * n, [one], 0x80)),
      ]);
  const clusterOf = (...content: readonly Buffer[]): Buffer =>
    parts.isOpen === true ? open(0x1f43_b675, ...content) : cluster(...content);
  const clusters = parts.clusters ?? [
    clusterOf(ticks(start), ...(parts.clusterExtra ?? []), ...blocks(0, half)),
    clusterOf(ticks(start + 100 * half), ...blocks(half, video.length)),
  ];
  const content = [
    el(0x1549_a966, el(0x2a_d7b1, 1_000_000), ...(parts.info ?? [])),
    el(0x1654_ae6b, ...tracks),
    ...(parts.segmentExtra ?? []),
    ...clusters,
  ];
  return Buffer.concat([
    el(
      0x1a45_dfa3,
      el(0x4282, parts.docType ?? "matroska"),
      el(0x4287, 4),
      el(0x4285, 2),
      ...(parts.headerExtra ?? []),
    ),
    ...(parts.beforeSegment ?? []),
    parts.isOpen === true ? open(0x1853_8067, ...content) : el(0x1853_8067, ...content),
    ...(parts.after ?? []),
  ]);
};

const VOID = 0xec;
const plantedVoid = el(VOID, planted);
const group = (...parts: readonly Buffer[]): Buffer => el(0xa0, ...parts);
const frame = (n: number): Buffer => defaultVideo()[n] ?? planted;
const talking = [
  Buffer.concat([seiText(planted), frame(0)]),
  Buffer.concat([seiText(planted), frame(1), seiText(latin("again"))]),
];

/** Three headers of Vorbis, the second with a maker and comments. */
export const vorbisPrivate = (maker: Buffer): Buffer => {
  const first = Buffer.concat([
    latin("\u0001vorbis"),
    Buffer.alloc(4),
    Buffer.from([2]),
    Buffer.alloc(17, 3),
    Buffer.from([1]),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(maker.length);
  const second = Buffer.concat([latin("\u0003vorbis"), length, maker, Buffer.alloc(4), Buffer.from([1])]);
  const setup = Buffer.concat([latin("\u0005vorbis"), Buffer.alloc(40, 0x9a)]);
  return Buffer.concat([Buffer.from([2, first.length, second.length]), first, second, setup]);
};

const flacPrivate = Buffer.concat([
  latin("fLaC"),
  Buffer.from([0, 0, 0, 34]),
  Buffer.alloc(34, 0x11),
  Buffer.from([0x84, 0, 0, planted.length]),
  planted,
]);

const date = (seconds: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(seconds) * 1_000_000_000n);
  return bytes;
};

/** 2024-05-17T13:05:09Z, in seconds from 2001. */
export const WHEN = 1_715_951_109 - 978_307_200;
export const dateUtc = el(0x4461, date(WHEN));

const simpleTag = (name: string, ...value: readonly Buffer[]): Buffer => el(0x67c8, el(0x45a3, name), ...value);
export const tags = (name: string, text: string | Buffer): Buffer =>
  el(0x1254_c367, el(0x7373, el(0x63c0), simpleTag(name, el(0x4487, text))));

const chapters = (...edition: readonly Buffer[]): Buffer =>
  el(
    0x1043_a770,
    el(0x45b9, ...edition, el(0xb6, el(0x73c4, 1), el(0x91, 0), el(0x80, el(0x85, planted), el(0x437c, "eng")))),
  );
export const orderedChapters = chapters(el(0x45dd, 1));

const attachedFile = el(
  0x61a7,
  el(0x467e, planted),
  el(0x466e, planted),
  el(0x4660, "image/jpeg"),
  el(0x465c, planted),
  el(0x46ae, 1),
);
const attachment = el(0x1941_a469, attachedFile);

const otherTrack = (type: number, codec: string, ...more: readonly Buffer[]): Buffer =>
  el(0xae, el(0xd7, 3), el(0x73c5, 3), el(0x83, type), el(0x86, codec), ...more);
const withBlocks = (...blocks: readonly Buffer[]): Buffer[] => [
  cluster(ticks(0), simple(1, 0, [frame(0)], 0x80), ...blocks),
];

interface MkvCase {
  readonly name: string;
  readonly bytes: Buffer;
}

const planting = (name: string, parts: MkvParts): MkvCase => ({ name, bytes: makeMkv(parts) });

const texts: readonly (readonly [string, number])[] = [
  ["Title", 0x7ba9],
  ["MuxingApp", 0x4d80],
  ["WritingApp", 0x5741],
  ["SegmentUUID", 0x73a4],
  ["SegmentFilename", 0x7384],
  ["PrevUUID", 0x3c_b923],
  ["PrevFilename", 0x3c_83ab],
  ["NextUUID", 0x3e_b923],
  ["NextFilename", 0x3e_83bb],
  ["SegmentFamily", 0x4444],
  ["ChapterTranslate", 0x6924],
  ["something unknown", 0x4f3a],
  ["padding", VOID],
  ["a checksum that is too long", 0xbf],
];
const trackTexts: readonly (readonly [string, number])[] = [
  ["a name", 0x536e],
  ["a codec's name", 0x25_8688],
  ["a codec's settings", 0x3a_9697],
  ["where a codec is", 0x3b_4040],
  ["where to load a codec", 0x26_b240],
  ["a language", 0x22_b59d],
  ["an attachment's number", 0x7446],
  ["something unknown", 0x4f3a],
  ["padding", VOID],
];

export const mkvCases = (): readonly MkvCase[] => [
  ...texts.map(([name, id]) => planting(`header: ${name}`, { info: [el(id, planted)] })),
  planting("header: a date", { info: [dateUtc] }),
  planting("header: a duration far too long", { info: [el(0x4489, float64(1.7e12))] }),
  ...trackTexts.map(([name, id]) => planting(`track: ${name}`, { trackExtra: [el(id, planted)] })),
  planting("track: additions", { trackExtra: [el(0x41e4, el(0x41e7, 4), el(0x41ed, planted))] }),
  planting("before the segment", { beforeSegment: [plantedVoid] }),
  planting("in the file's header", { headerExtra: [el(0x4f3a, planted)] }),
  planting("in the pictures' settings", { videoExtra: [el(0x2e_b524, planted)] }),
  planting("in the colours", { videoExtra: [el(0x55b0, el(0x55b1, 1), el(0x4f3a, planted))] }),
  planting("in the mastering display", { videoExtra: [el(0x55b0, el(0x55d0, el(0x4f3a, planted)))] }),
  planting("in a projection", { videoExtra: [el(0x7670, el(0x7671, 1), el(0x7672, planted))] }),
  planting("in the sound's settings", { soundExtra: [el(0x7d7b, planted)] }),
  planting("beside the tracks", { tracksExtra: [plantedVoid] }),
  planting("pictures' settings of a sound", { tracksExtra: [otherTrack(2, "A_AC3", el(0xe0, planted))] }),
  planting("behind the settings of H.264", { videoCodec: ["V_MPEG4/ISO/AVC", avcPrivate(planted)] }),
  planting("settings of VP8, which has none", { videoCodec: ["V_VP8", planted], video: [Buffer.alloc(30, 9)] }),
  planting("a feature of VP9 that is not known", {
    videoCodec: ["V_VP9", Buffer.concat([Buffer.from([1, 1, 0, 9, planted.length]), planted])],
    video: [Buffer.alloc(30, 9)],
  }),
  planting("comments of Vorbis", { soundCodec: ["A_VORBIS", vorbisPrivate(planted)] }),
  planting("comments of FLAC", { soundCodec: ["A_FLAC", flacPrivate] }),
  planting("behind the settings of Opus", { soundCodec: ["A_OPUS", Buffer.concat([opusHead, planted])] }),
  planting("settings of MP3, which has none", { soundCodec: ["A_MPEG/L3", planted] }),
  planting("an encoder's name in MP3", {
    soundCodec: ["A_MPEG/L3", Buffer.alloc(0)],
    sound: [Buffer.concat([Buffer.alloc(30, 1), latin("LAME3.100PLANTED-Marta"), Buffer.alloc(9)])].map((one) =>
      one.subarray(0, 46),
    ),
  }),
  planting("user data in MPEG-4", {
    videoCodec: ["V_MPEG4/ISO/ASP", Buffer.concat([Buffer.from([0, 0, 1, 0xb2]), planted])],
    video: [Buffer.concat([Buffer.from([0, 0, 1, 0xb2]), planted, Buffer.from([0, 0, 1, 0xb6, 0x10, 0x60])])],
  }),
  planting("messages in H.264", { video: talking }),
  planting("messages in frames that share a block", {
    clusters: [
      cluster(ticks(0), simple(1, 0, talking, 0x80, "ebml"), simple(1, 200, talking, 0, "xiph")),
      cluster(ticks(400), simple(1, 0, [talking[0] ?? planted, talking[0] ?? planted], 0x80, "fixed")),
    ],
  }),
  planting("messages in a group", {
    clusters: [
      cluster(
        ticks(0),
        group(el(0xa1, blockOf(1, 0, talking.slice(0, 1))), el(0x9b, 100)),
        group(el(0xfb, 255), el(0xa1, blockOf(1, 100, talking.slice(1)))),
      ),
    ],
  }),
  planting("tags", { segmentExtra: [tags("COMMENT", planted)] }),
  planting("a tag in a tag", {
    segmentExtra: [
      el(0x1254_c367, el(0x7373, simpleTag("ARTIST", el(0x4487, "x"), simpleTag("SORT_WITH", el(0x4487, planted))))),
    ],
  }),
  planting("a tag's bytes", { segmentExtra: [el(0x1254_c367, el(0x7373, simpleTag("COVER", el(0x4485, planted))))] }),
  planting("tags that make no sense", { segmentExtra: [el(0x1254_c367, Buffer.alloc(3), planted)] }),
  planting("tags behind the media", { clusters: [...withBlocks(), tags("TITLE", planted)] }),
  planting("chapters", { segmentExtra: [chapters()] }),
  planting("attachments", { segmentExtra: [attachment] }),
  planting("padding in the segment", { segmentExtra: [plantedVoid] }),
  planting("something unknown in the segment", { segmentExtra: [el(0x1fab_cdef, planted)] }),
  planting("padding in a cluster", { clusterExtra: [plantedVoid] }),
  planting("something unknown in a cluster", { clusterExtra: [el(0x4f3a, planted)] }),
  planting("a position that is none", { clusterExtra: [el(0xa7, planted)] }),
  planting("silent tracks", { clusterExtra: [el(0x5854, planted)] }),
  planting("blocks of no track", { clusters: withBlocks(simple(9, 0, [planted])) }),
  planting("a group of no track", { clusters: withBlocks(group(el(0xa1, blockOf(9, 0, [planted])))) }),
  planting("something unknown in a group", {
    clusters: withBlocks(group(el(0xa1, blockOf(1, 100, [frame(1)])), el(0x8e, planted))),
  }),
  planting("padding in a group, before its block", {
    clusters: withBlocks(group(plantedVoid, el(0xa1, blockOf(1, 100, [frame(1)])))),
  }),
  planting("additions to a frame", {
    clusters: withBlocks(
      group(el(0xa1, blockOf(1, 100, [frame(1)])), el(0x75a1, el(0xa6, el(0xee, 4), el(0xa5, planted)))),
    ),
  }),
  planting("transparency where none is shown", {
    clusters: withBlocks(group(el(0xa1, blockOf(1, 100, [frame(1)])), el(0x75a1, el(0xa6, el(0xa5, planted))))),
  }),
  planting("additions beside transparency", {
    videoCodec: ["V_VP9", Buffer.alloc(0)],
    videoExtra: [el(0x53c0, 1)],
    clusters: [
      cluster(
        ticks(0),
        group(
          el(0xa1, blockOf(1, 0, [Buffer.alloc(30, 9)])),
          el(
            0x75a1,
            plantedVoid,
            el(0xa6, el(0xee, 1), el(0xa5, Buffer.alloc(20, 8))),
            el(0xa6, el(0xee, 2), el(0xa5, planted)),
          ),
        ),
      ),
    ],
  }),
  planting("subtitles", {
    tracksExtra: [otherTrack(0x11, "S_TEXT/UTF8")],
    clusters: withBlocks(simple(3, 0, [planted])),
  }),
  planting("a data track", {
    tracksExtra: [otherTrack(0x21, "D_WEBVTT/METADATA")],
    clusters: withBlocks(group(el(0xa1, blockOf(3, 0, [planted])))),
  }),
  planting("a video that is switched off", {
    tracksExtra: [otherTrack(1, "V_MJPEG", el(0xb9, 0))],
    clusters: withBlocks(simple(3, 0, [planted], 0x80)),
  }),
  planting("a clock that was set", { startTicks: 1_715_951_109_000 }),
  planting("behind the end", { after: [planted] }),
  planting("padding behind the end", { after: [plantedVoid] }),
  planting("another file behind the end", { after: [makeMkv({ info: [el(0x7ba9, planted)] })] }),
  planting("another file behind one whose size is not told", {
    isOpen: true,
    after: [makeMkv({ info: [el(0x7ba9, planted)] })],
  }),
  planting("sizes that are not told", {
    isOpen: true,
    segmentExtra: [tags("TITLE", planted)],
    clusterExtra: [plantedVoid],
  }),
  planting("cut off within a block, sizes not told", {
    isOpen: true,
    info: [el(0x7ba9, planted)],
    after: [simple(2, 300, [Buffer.concat([planted, Buffer.alloc(200)])]).subarray(0, 60)],
  }),
  planting("WebM", { docType: "webm", segmentExtra: [tags("TITLE", planted)] }),
];

/** Parts of an index, which is made anew: nothing of the old one is told. */
export const plantedIndex = makeMkv({
  segmentExtra: [el(0x114d_9b74, plantedVoid), el(0x1c53_bb6b, el(0xbb, el(0xb3, 0), plantedVoid))],
});

/** So many copies in a row. */
const many = (one: Buffer): Buffer => Buffer.alloc(100_000 * one.length, one);

export const bombs = (): readonly MkvCase[] => [
  planting("100,000 paddings", { clusterExtra: [many(el(VOID, PLANTED))] }),
  planting("100,000 tags", {
    segmentExtra: [el(0x1254_c367, many(el(0x7373, simpleTag("X", el(0x4487, planted)))))],
  }),
  planting("100,000 blocks of no track", {
    clusters: withBlocks(many(simple(9, 0, [planted]))),
  }),
  planting("100,000 clusters of nothing", {
    segmentExtra: [many(cluster(ticks(0), plantedVoid))],
  }),
  planting("100,000 attachments", {
    segmentExtra: [el(0x1941_a469, many(attachedFile))],
  }),
];
