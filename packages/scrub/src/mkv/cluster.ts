/** Clusters (RFC 9559, section 5.1.3): the blocks of the tracks that are kept, in their order, with the times they have. */
import { join, sameBytes } from "../core/bytes.ts";
import { type Findings, sizeText } from "../core/findings.ts";
import { Output } from "../core/pieces.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { copySample } from "../codec/treatment.ts";
import { type BlockHead, isLaced, makeBlockHead, readBlockHead, readLace } from "./block.ts";
import {
  type Element,
  HeadWriter,
  headOf,
  intElement,
  readInt,
  readUint,
  uintElement,
  MAX_HEAD_BYTES,
  vintBytes,
} from "./ebml.ts";
import { type ElementReader, isEmpty, type OpenElement } from "./elements.ts";
import {
  BESIDE_CLUSTER,
  BLOCK,
  BLOCK_ADD_ID,
  BLOCK_ADDITIONAL,
  BLOCK_ADDITIONS,
  BLOCK_DURATION,
  BLOCK_GROUP,
  BLOCK_MORE,
  CLUSTER,
  CODEC_STATE,
  CRC32,
  DISCARD_PADDING,
  ENCRYPTED_BLOCK,
  POSITION,
  PREV_SIZE,
  REFERENCE_BLOCK,
  SIMPLE_BLOCK,
  TIMESTAMP,
  VOID,
} from "./ids.ts";
import type { Track } from "./tracks.ts";

/** Eight hours of 60 pictures and 50 sounds a second are three million. */
const MAX_BLOCKS = 4_000_000;
const MAX_IN_GROUP = 64;
const MAX_LACE_BYTES = 1 << 16;
/** What stands before a frame is compared with what is written there, if it is no longer than this. */
const MAX_BEFORE_BYTES = 1 << 10;

const KEY = 0x80;
const INVISIBLE = 0x08;
const DISCARDABLE = 0x01;
const SIMPLE_FLAGS = KEY | INVISIBLE | DISCARDABLE;

/** A clock that began longer ago than an hour before the first picture tells when that was; in nanoseconds. */
const HOUR_NS = 3600e9;

/** A place where decoding can begin; offsets from the start of the media. */
export interface Cue {
  readonly time: number;
  readonly clusterOffset: number;
}

/** A block of a track that is kept. */
interface ReadBlock {
  readonly track: Track;
  /** Of the frames, as they are written. */
  readonly sizes: readonly number[];
  /** Against the cluster's. */
  readonly relative: number;
  readonly flags: number;
  /** Good until the next block is read, like `before`. */
  readonly frames: Output;
  /** What stood before the frames, from the beginning of the element. */
  readonly before: Uint8Array;
  /** Where the frames begin. */
  readonly start: number;
  readonly time: number;
}

interface Group {
  block: Element | null;
  duration: number | null;
  discard: number | null;
  readonly references: number[];
  /** The content of transparency. */
  alpha: Element | null;
}

/** Goes through clusters in order and gathers what becomes of them. */
export class Clusters {
  readonly media = new Output();
  readonly cues: Cue[] = [];
  /** Blocks by the number of a track that is not kept. */
  readonly dropped = new Map<number, number>();
  /** Where the last frame that is known ends, in ticks; from the first cluster on. */
  end = 0;
  cutBytes = 0;
  isShifted = false;
  readonly #reader: ElementReader;
  readonly #window: Window;
  readonly #tracks: ReadonlyMap<number, Track>;
  readonly #tickNs: number;
  readonly #findings: Findings;
  readonly #cueTrack: Track | undefined;
  /** What becomes of the cluster and of the block that are read now; used for all of them. */
  readonly #clusterBlocks = new Output();
  readonly #frames = new Output();
  readonly #head = new HeadWriter();
  readonly #before = new Uint8Array(MAX_BEFORE_BYTES);
  #blocks = 0;
  #shift: number | null = null;
  #others = 0;
  #otherBytes = 0;

  constructor(reader: ElementReader, tracks: readonly Track[], tickNs: number, findings: Findings) {
    this.#reader = reader;
    this.#window = reader.window;
    this.#tracks = new Map(tracks.map((track) => [track.number, track]));
    this.#tickNs = tickNs;
    this.#findings = findings;
    this.#cueTrack = tracks.find(({ isVideo }) => isVideo) ?? tracks[0];
  }

  get cueTrackNumber(): number {
    return this.#cueTrack?.newNumber ?? 1;
  }

  /** Copies one cluster; answers where it ended. One whose size is not told ends where something else begins. */
  async copy({ body, end, isOpen }: Element & { readonly isOpen: boolean }): Promise<number> {
    const blocks = this.#clusterBlocks;
    blocks.clear();
    let ticks: number | null = null;
    let cueTime: number | null = null;
    let at = body;
    while (at < end) {
      // What is in memory is read without waiting: there may be hundreds of thousands of blocks.
      const now = this.#reader.nextNow(at, end);
      const one = now === undefined ? await this.#reader.next(at, end) : now;
      if (one === null) {
        this.cutBytes += end - at;
        at = end;
        break;
      }
      if (isOpen && BESIDE_CLUSTER.has(one.id)) break;
      if (one.isOpen) throw damaged("an element does not tell its size");
      if (one.id === TIMESTAMP) {
        if (ticks !== null) throw doubtful("a cluster has two times");
        ticks = readUint(await this.#reader.take(one, 8), { ...one, body: 0, end: one.end - one.body });
      } else if (one.id === SIMPLE_BLOCK || one.id === BLOCK_GROUP) {
        if (ticks === null) throw damaged("a cluster does not tell its time");
        let key: number | null = null;
        if (one.id === SIMPLE_BLOCK) {
          const read = this.#readNow(one, ticks);
          const block = read === undefined ? await this.#read(one, one, ticks, SIMPLE_FLAGS) : read;
          if (block !== null) key = this.#simple(block, blocks);
        } else key = await this.#group(one, ticks, blocks);
        cueTime ??= key;
      } else if (one.id === ENCRYPTED_BLOCK) throw unsupported("encrypted videos are not cleaned here");
      else await this.#leaveOut(one);
      at = one.end;
    }
    if (blocks.sizeBytes === 0 || ticks === null) return at;
    const shift = this.#shift ?? 0;
    if (ticks < shift) throw damaged("the clusters run backwards");
    const timestamp = uintElement(TIMESTAMP, ticks - shift);
    if (cueTime !== null) this.cues.push({ time: Math.max(0, cueTime), clusterOffset: this.media.sizeBytes });
    this.media.add(join(headOf(CLUSTER, timestamp.length + blocks.sizeBytes), timestamp));
    this.media.append(blocks);
    return at;
  }

  report(): void {
    if (this.#others > 0)
      this.#findings.add(
        "other",
        "Cluster",
        "elements that are not known",
        `${this.#others} times, ${sizeText(this.#otherBytes)}`,
        "medium",
      );
    if (this.cutBytes > 0)
      this.#findings.add("other", "Cluster", "a block that is cut off", sizeText(this.cutBytes), "low");
  }

  async #leaveOut(one: Element): Promise<void> {
    if (one.id === POSITION || one.id === PREV_SIZE || one.id === CRC32) {
      if (one.end - one.body <= 8) return;
    } else if (one.id === VOID && (await isEmpty(this.#window, one))) return;
    this.#others += 1;
    this.#otherBytes += one.end - one.body;
  }

  /** Adds bytes of ours, or the original's at `at` where they are the same: those make one range with what follows. */
  async #add(bytes: Uint8Array, at: number, into: Output): Promise<void> {
    if (sameBytes(bytes, await this.#window.peek(at, bytes.length))) into.copy(at, bytes.length);
    else into.add(bytes);
  }

  /** As #add for what stands before the frames. */
  #addHead(bytes: Uint8Array, { before, start }: ReadBlock, into: Output): void {
    if (bytes.length <= before.length && sameBytes(bytes, before.subarray(before.length - bytes.length)))
      into.copy(start - bytes.length, bytes.length);
    else into.add(bytes);
  }

  /** Frames of a block within `outer`, cleaned, and what stands before them. Null if its track is not kept. */
  async #read(outer: Element, block: Element, ticks: number, keptFlags: number): Promise<ReadBlock | null> {
    const length = block.end - block.body;
    const place = length < MAX_HEAD_BYTES ? -1 : this.#window.placeNow(block.body, MAX_HEAD_BYTES);
    const head =
      place >= 0
        ? readBlockHead(this.#window.blockNow, place)
        : readBlockHead(await this.#window.peek(block.body, Math.min(length, MAX_HEAD_BYTES)));
    const track = this.#trackOf(head);
    if (track === null) return null;
    let at = block.body + head.headBytes;
    let sizes: readonly number[] = [block.end - at];
    if (isLaced(head)) {
      const rest = block.end - at;
      const lace = readLace(await this.#window.peek(at, Math.min(rest, MAX_LACE_BYTES)), head.flags, rest);
      ({ sizes } = lace);
      at += lace.headBytes;
    }
    const start = at;
    // Before the frames are read: there would be no way back but reading the block of memory again.
    const beforeBytes = start - outer.at > MAX_BEFORE_BYTES ? 0 : start - outer.at;
    const before = this.#before.subarray(0, beforeBytes);
    before.set(this.#window.peekNow(outer.at, beforeBytes) ?? (await this.#window.peek(outer.at, beforeBytes)));
    const frames = this.#frames;
    frames.clear();
    const newSizes: number[] = [];
    for (const size of sizes) {
      newSizes.push(await copySample(this.#window, at, size, frames, track.treatment));
      at += size;
    }
    return this.#made(track, head, ticks, keptFlags, newSizes, before, start);
  }

  /** As #read, of a simple block of one frame that is in memory; undefined if it is none. */
  #readNow(block: OpenElement, ticks: number): ReadBlock | null | undefined {
    const place = this.#window.placeNow(block.at, block.end - block.at);
    if (place < 0 || block.end - block.body < MAX_HEAD_BYTES) return undefined;
    const head = readBlockHead(this.#window.blockNow, place + block.body - block.at);
    const treatment = this.#tracks.get(head.track)?.treatment;
    if (isLaced(head) || treatment?.kind === "av1") return undefined;
    const track = this.#trackOf(head);
    if (track === null) return null;
    const start = block.body + head.headBytes;
    const before = this.#window.blockNow.subarray(place, place + start - block.at);
    this.#frames.clear();
    const size = copySample(this.#window, start, block.end - start, this.#frames, track.treatment);
    // All of it is in memory, so nothing was waited for.
    if (typeof size !== "number") throw new TypeError("a frame in memory was waited for");
    return this.#made(track, head, ticks, SIMPLE_FLAGS, [size], before, start);
  }

  /** Null if it is not kept. Counts blocks. */
  #trackOf({ track: number }: BlockHead): Track | null {
    const track = this.#tracks.get(number);
    if (track === undefined) {
      this.dropped.set(number, (this.dropped.get(number) ?? 0) + 1);
      if (this.dropped.size > 1000) throw doubtful("the file has blocks of too many tracks");
      return null;
    }
    this.#blocks += 1;
    if (this.#blocks > MAX_BLOCKS) throw doubtful("the file has too many blocks");
    return track;
  }

  #made(
    track: Track,
    head: BlockHead,
    ticks: number,
    keptFlags: number,
    sizes: readonly number[],
    before: Uint8Array,
    start: number,
  ): ReadBlock {
    if (this.#shift === null) {
      this.#shift = ticks * this.#tickNs >= HOUR_NS ? ticks : 0;
      this.isShifted = this.#shift > 0;
      if (this.isShifted)
        this.#findings.add(
          "time",
          "Cluster",
          "clock at the start",
          `${Math.round((ticks * this.#tickNs) / 1e9)} s`,
          "medium",
        );
    }
    const flags = head.flags & keptFlags;
    return {
      track,
      sizes,
      relative: head.time,
      flags,
      frames: this.#frames,
      before,
      start,
      time: ticks - this.#shift + head.time,
    };
  }

  #ends(time: number, ticks: number): void {
    this.end = Math.max(this.end, time + ticks);
  }

  /** Answers the time if decoding of the track that is sought in can begin here. */
  #simple(block: ReadBlock, into: Output): number | null {
    const { track, relative, flags, sizes, frames, time } = block;
    if (sizes.length === 1) {
      // By far the most blocks are so: nothing is allocated for them.
      const whole = this.#head
        .begin()
        .id(SIMPLE_BLOCK)
        .vint(vintBytes(track.newNumber) + 3 + frames.sizeBytes)
        .vint(track.newNumber)
        .byte(relative >> 8)
        .byte(relative)
        .byte(flags);
      this.#addHead(whole.bytes, block, into);
    } else {
      const head = makeBlockHead(track.newNumber, relative, flags, sizes);
      this.#addHead(join(headOf(SIMPLE_BLOCK, head.length + frames.sizeBytes), head), block, into);
    }
    into.append(frames);
    this.#ends(time, (sizes.length * track.frameNs) / this.#tickNs);
    return track === this.#cueTrack && (block.flags & KEY) !== 0 ? time : null;
  }

  async #group(one: Element, ticks: number, into: Output): Promise<number | null> {
    const group = await this.#readGroup(one);
    if (group.block === null) throw damaged("a group has no block");
    const block = await this.#read(one, group.block, ticks, INVISIBLE);
    if (block === null) return null;
    const { track, frames, time, sizes } = block;
    const head = makeBlockHead(track.newNumber, block.relative, block.flags, sizes);
    const { alpha, duration, references, discard } = group;
    if (alpha !== null && !track.hasAlpha) this.#countOther(alpha);
    const shown = track.hasAlpha ? alpha : null;
    const alphaBytes = shown === null ? 0 : shown.end - shown.body;
    const alphaHead = shown === null ? new Uint8Array(0) : makeAlphaHead(alphaBytes);
    const tail = join(
      ...(duration === null ? [] : [uintElement(BLOCK_DURATION, duration)]),
      ...references.map((reference) => intElement(REFERENCE_BLOCK, reference)),
      ...(discard === null ? [] : [intElement(DISCARD_PADDING, discard)]),
    );
    const blockHead = join(headOf(BLOCK, head.length + frames.sizeBytes), head);
    const size = blockHead.length + frames.sizeBytes + alphaHead.length + alphaBytes + tail.length;
    const whole = join(headOf(BLOCK_GROUP, size), blockHead);
    this.#addHead(whole, block, into);
    into.append(frames);
    let tailAt = group.block.end;
    if (shown !== null) {
      await this.#add(alphaHead, shown.body - alphaHead.length, into);
      into.copy(shown.body, alphaBytes);
      tailAt = shown.end;
    }
    if (tail.length > 0) await this.#add(tail, tailAt, into);
    this.#ends(time, duration ?? (sizes.length * track.frameNs) / this.#tickNs);
    return track === this.#cueTrack && references.length === 0 ? time : null;
  }

  #countOther({ body, end }: Element): void {
    this.#others += 1;
    this.#otherBytes += end - body;
  }

  async #readGroup({ body, end }: Element): Promise<Group> {
    const group: Group = { block: null, duration: null, discard: null, references: [], alpha: null };
    let count = 0;
    for (let at = body; at < end;) {
      count += 1;
      if (count > MAX_IN_GROUP) throw doubtful("a group has too many elements");
      const one = await this.#reader.next(at, end);
      if (one === null || one.isOpen) throw damaged("an element does not tell its size");
      const number = async (read: typeof readUint): Promise<number> =>
        read(await this.#reader.take(one, 8), { ...one, body: 0, end: one.end - one.body });
      if (one.id === BLOCK) {
        if (group.block !== null) throw doubtful("a group has two blocks");
        group.block = one;
      } else if (one.id === BLOCK_DURATION) {
        if (group.duration !== null) throw doubtful("a block has two durations");
        group.duration = bounded(await number(readUint));
      } else if (one.id === REFERENCE_BLOCK) group.references.push(bounded(await number(readInt)));
      else if (one.id === DISCARD_PADDING) {
        if (group.discard !== null) throw doubtful("a block has two paddings");
        group.discard = bounded(await number(readInt));
      } else if (one.id === BLOCK_ADDITIONS) await this.#readAdditions(one, group);
      else if (one.id === CODEC_STATE) throw doubtful("a track changes its codec's settings");
      else await this.#leaveOut(one);
      at = one.end;
    }
    return group;
  }

  /** `BlockAdditions`: of what comes beside frames, transparency is shown; it has the number 1. */
  async #readAdditions({ body, end }: Element, group: Group): Promise<void> {
    for (let at = body; at < end;) {
      const more = await this.#reader.next(at, end);
      if (more === null || more.isOpen) throw damaged("an element does not tell its size");
      at = more.end;
      if (more.id !== BLOCK_MORE) {
        await this.#leaveOut(more);
        continue;
      }
      let number = 1;
      let data: Element | null = null;
      for (let inner = more.body; inner < more.end;) {
        const one = await this.#reader.next(inner, more.end);
        if (one === null || one.isOpen) throw damaged("an element does not tell its size");
        if (one.id === BLOCK_ADD_ID)
          number = readUint(await this.#reader.take(one, 8), { ...one, body: 0, end: one.end - one.body });
        else if (one.id === BLOCK_ADDITIONAL && data === null) data = one;
        else await this.#leaveOut(one);
        inner = one.end;
      }
      if (number === 1 && group.alpha === null) group.alpha = data;
      else if (data !== null) this.#countOther(data);
    }
  }
}

/** Ticks or nanoseconds that are no more than a day of the latter: nothing that a block says of itself is longer. */
const MOST = 86_400e9;
const bounded = (value: number): number => {
  if (Math.abs(value) > MOST) throw doubtful("a number is larger than it can be");
  return value;
};

const makeAlphaHead = (sizeBytes: number): Uint8Array => {
  const data = headOf(BLOCK_ADDITIONAL, sizeBytes);
  const number = uintElement(BLOCK_ADD_ID, 1);
  const moreBytes = number.length + data.length + sizeBytes;
  const more = headOf(BLOCK_MORE, moreBytes);
  return join(headOf(BLOCK_ADDITIONS, more.length + moreBytes), more, number, data);
};
