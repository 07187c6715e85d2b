/** Movie fragments (ISO/IEC 14496-12, 8.8): their samples join those of the movie, so that one plain file comes out. */
import { u32be } from "../core/bytes.ts";
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { type Box, boxesIn, neededBox, onlyBox, u64be } from "../boxes/box.ts";
import { Fields } from "../heif/items.ts";
import { ChunkList } from "./chunk-list.ts";
import { MAX_SAMPLES, type Samples } from "./sample-table.ts";

const NOT_SYNC = 0x1_0000;
const MAX_FRAGMENT_BYTES = 16 << 20;
/** Of a run that does not say their sizes: four bytes of a file could ask for a table of any length else. */
const MAX_EMPTY_SAMPLES = 1000;

/** Numbers that grow. */
class Numbers {
  #values = new Int32Array(1024);
  count = 0;
  push(value: number): void {
    if (this.count === this.#values.length) {
      const more = new Int32Array(2 * this.#values.length);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.count] = value;
    this.count += 1;
  }
  addToLast(value: number): void {
    this.#values[this.count - 1] = (this.#values[this.count - 1] ?? 0) + value;
  }
  values(): Int32Array {
    return this.#values.slice(0, this.count);
  }
}

/** A track's samples as they come. */
export class SampleList {
  readonly #sizes = new Numbers();
  readonly #durations = new Numbers();
  readonly #offsets = new Numbers();
  readonly #sync = new Numbers();
  readonly #chunks = new ChunkList();
  /** Decoding time of the first fragment, in units of the track. */
  startTime: number | null = null;
  #time = 0;

  get count(): number {
    return this.#sizes.count;
  }

  /** The decoding time that a fragment begins at. */
  begin(time: number): void {
    if (this.startTime === null && this.count === 0) {
      this.startTime = time;
      this.#time = time;
    }
    if (time < this.#time) throw doubtful("a fragment begins before the one before it ends");
    // A gap: what was shown last stays.
    if (time > this.#time && this.count > 0) this.#durations.addToLast(time - this.#time);
    this.#time = time;
  }

  chunk(offset: number, sampleCount: number, description: number): void {
    if (sampleCount > 0) this.#chunks.push(offset, this.count, sampleCount, description);
  }

  sample(size: number, duration: number, offset: number, sync: boolean): void {
    if (this.count >= MAX_SAMPLES) throw doubtful("the file has too many samples");
    this.#sizes.push(size);
    this.#durations.push(duration);
    this.#offsets.push(offset);
    this.#sync.push(sync ? 1 : 0);
    this.#time += duration;
  }

  finish(): Samples {
    const offsets = this.#offsets.values();
    const sync = Uint8Array.from(this.#sync.values());
    return {
      count: this.count,
      sizes: new Uint32Array(this.#sizes.values()),
      durations: new Uint32Array(this.#durations.values()),
      offsets: offsets.some((offset) => offset !== 0) ? offsets : null,
      sync: sync.every((one) => one === 1) ? null : sync,
      chunks: this.#chunks,
    };
  }
}

interface Defaults {
  readonly description: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** `trex` of each track in `mvex`. */
export const readDefaults = (bytes: Uint8Array, mvex: Box): ReadonlyMap<number, Defaults> => {
  const defaults = new Map<number, Defaults>();
  for (const { type, body, end } of boxesIn(bytes, mvex.body, mvex.end)) {
    if (type !== "trex") continue;
    if (end - body < 24) throw damaged("a fragment's settings are cut off");
    defaults.set(u32be(bytes, body + 4), {
      description: u32be(bytes, body + 8),
      duration: u32be(bytes, body + 12),
      size: u32be(bytes, body + 16),
      flags: u32be(bytes, body + 20),
    });
  }
  return defaults;
};

const flagsOf = (bytes: Uint8Array, box: Box): number => u32be(bytes, box.body) % 0x100_0000;

/** Samples of one `trun`; answers where their data ends. */
const readRun = (
  bytes: Uint8Array,
  box: Box,
  base: number,
  next: number,
  list: SampleList,
  defaults: Defaults,
): number => {
  const flags = flagsOf(bytes, box);
  const fields = new Fields(bytes, box.body + 4, box.end);
  const count = fields.take(4);
  const start = (flags & 1) === 0 ? next : base + (fields.take(4) | 0);
  const first = (flags & 4) === 0 ? null : fields.take(4);
  const entryBytes = [0x100, 0x200, 0x400, 0x800].filter((flag) => (flags & flag) !== 0).length * 4;
  if (fields.left < count * entryBytes) throw damaged("a fragment is cut off");
  if (start < 0) throw damaged("a fragment lies outside of the file");
  if ((flags & 0x200) === 0 && defaults.size === 0 && count > MAX_EMPTY_SAMPLES)
    throw doubtful("a fragment has many samples without content");
  list.chunk(start, count, defaults.description);
  let end = start;
  for (let i = 0; i < count; i += 1) {
    const duration = (flags & 0x100) === 0 ? defaults.duration : fields.take(4);
    const size = (flags & 0x200) === 0 ? defaults.size : fields.take(4);
    const own = (flags & 0x400) === 0 ? defaults.flags : fields.take(4);
    const offset = (flags & 0x800) === 0 ? 0 : fields.take(4) | 0;
    const sampleFlags = i === 0 && first !== null ? first : own;
    list.sample(size, duration, offset, (sampleFlags & NOT_SYNC) === 0);
    end += size;
  }
  return end;
};

/** One `moof`; `listOf` answers the list of a track, by its number. */
export const readFragment = async (
  window: Window,
  moof: Box,
  all: ReadonlyMap<number, Defaults>,
  listOf: (track: number) => SampleList,
): Promise<void> => {
  if (moof.end - moof.at > MAX_FRAGMENT_BYTES) throw doubtful("a fragment's index is too large");
  const bytes = await window.take(moof.body, moof.end - moof.body);
  let next = moof.at;
  for (const traf of boxesIn(bytes, 0, bytes.length)) {
    if (traf.type !== "traf") continue;
    const boxes = boxesIn(bytes, traf.body, traf.end);
    if (onlyBox(boxes, "senc") !== undefined) throw unsupported("encrypted videos are not cleaned here");
    const header = neededBox(boxes, "tfhd");
    const flags = flagsOf(bytes, header);
    const fields = new Fields(bytes, header.body + 4, header.end);
    const id = fields.take(4);
    const usual = all.get(id);
    if (usual === undefined) throw damaged("a fragment is of a track that is not there");
    const explicit = (flags & 1) === 0 ? null : fields.take(8);
    const base = explicit ?? ((flags & 0x2_0000) === 0 ? next : moof.at);
    const defaults: Defaults = {
      description: (flags & 2) === 0 ? usual.description : fields.take(4),
      duration: (flags & 8) === 0 ? usual.duration : fields.take(4),
      size: (flags & 0x10) === 0 ? usual.size : fields.take(4),
      flags: (flags & 0x20) === 0 ? usual.flags : fields.take(4),
    };
    const list = listOf(id);
    const time = onlyBox(boxes, "tfdt");
    if (time !== undefined)
      list.begin(bytes[time.body] === 1 ? u64be(bytes, time.body + 4) : u32be(bytes, time.body + 4));
    next = base;
    for (const box of boxes) if (box.type === "trun") next = readRun(bytes, box, base, next, list, defaults);
  }
};
