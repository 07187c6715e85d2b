/**
 * The parts of HarfBuzz that a document needs: which glyphs a text becomes, and a font with only those. Both programs
 * are WebAssembly from the package `harfbuzzjs`, called here without its glue, so that pages and Node load them alike.
 * Structures are those of hb-buffer.h: 20 bytes a glyph in each of the two lists.
 */

/** Of the platform's WebAssembly only this is used, so no library of types has to be there. */
interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}
declare const WebAssembly: {
  readonly instantiate: (
    bytes: Uint8Array<ArrayBuffer>,
    imports: Readonly<Record<string, Readonly<Record<string, (value: number) => number | void>>>>,
  ) => Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

type Call = (...values: readonly number[]) => number;
type Calls = Readonly<Record<string, Call>>;

interface Program {
  readonly memory: Memory;
  readonly call: Calls;
}

const start = async (bytes: Uint8Array<ArrayBuffer>): Promise<Program> => {
  const started: { memory?: Memory } = {};
  const stop = (): never => {
    throw new RangeError("the program for fonts gave up");
  };
  const grow = (sizeBytes: number): number => {
    const { memory } = started;
    if (memory === undefined) return 0;
    try {
      memory.grow(Math.ceil(((sizeBytes >>> 0) - memory.buffer.byteLength) / 65_536));
      return 1;
    } catch {
      return 0;
    }
  };
  const { instance } = await WebAssembly.instantiate(bytes, {
    wasi_snapshot_preview1: { proc_exit: stop },
    env: {
      _emscripten_runtime_keepalive_clear: () => {},
      _abort_js: stop,
      _setitimer_js: () => 0,
      emscripten_resize_heap: grow,
    },
  });
  const memory = instance.exports["memory"] as Memory; // both programs export theirs under this name
  const call = instance.exports as unknown as Calls; // all else that they export are functions of numbers
  started.memory = memory;
  call["__wasm_call_ctors"]?.();
  call["_initialize"]?.();
  return { memory, call };
};

const fn = ({ call }: Program, name: string): Call => {
  const found = call[name];
  if (found === undefined) throw new TypeError(`the program for fonts has no ${name}`);
  return found;
};

/** Copies bytes into the program. Whoever asked frees them. */
const give = (program: Program, bytes: Uint8Array): number => {
  const at = fn(program, "malloc")(Math.max(bytes.length, 1));
  if (at === 0) throw new RangeError("no memory for a font");
  new Uint8Array(program.memory.buffer).set(bytes, at);
  return at;
};

const tag = (name: string): number => [...name].reduce((value, letter) => (value << 8) | letter.charCodeAt(0), 0) >>> 0;

const HB_MEMORY_MODE_READONLY = 1;
const HB_DIRECTION_LTR = 4;
const HB_DIRECTION_RTL = 5;
const WEIGHT = 400;

export interface Glyph {
  readonly id: number;
  /** Where in the text (UTF-16) what it stands for begins. */
  readonly cluster: number;
  /** In units of the font. */
  readonly advance: number;
  readonly x: number;
  readonly y: number;
}

export interface ShapedFont {
  readonly unitsPerEm: number;
  readonly has: (codePoint: number) => boolean;
  readonly advanceOf: (glyph: number) => number;
  /** In visual order. `script` is an ISO 15924 tag. */
  readonly shape: (text: string, isRightToLeft: boolean, script: string) => readonly Glyph[];
  /** The font with these glyphs only, under their old numbers, at its regular weight (TrueType). */
  readonly subset: (glyphs: Iterable<number>) => Uint8Array<ArrayBuffer>;
}

const open = (shaper: Program, subsetter: Program, sfnt: Uint8Array): ShapedFont => {
  const hb = (name: string): Call => fn(shaper, name);
  const data = give(shaper, sfnt);
  const blob = hb("hb_blob_create")(data, sfnt.length, HB_MEMORY_MODE_READONLY, 0, 0);
  const face = hb("hb_face_create")(blob, 0);
  const font = hb("hb_font_create")(face);
  const word = hb("malloc")(8);
  const view = (): DataView => new DataView(shaper.memory.buffer);
  view().setUint32(word, tag("wght"), true);
  view().setFloat32(word + 4, WEIGHT, true);
  hb("hb_font_set_variations")(font, word, 1);

  const shape = (text: string, isRightToLeft: boolean, script: string): readonly Glyph[] => {
    const buffer = hb("hb_buffer_create")();
    const units = new Uint8Array(text.length * 2);
    const write = new DataView(units.buffer);
    for (let index = 0; index < text.length; index += 1) write.setUint16(index * 2, text.charCodeAt(index), true);
    const at = give(shaper, units);
    hb("hb_buffer_add_utf16")(buffer, at, text.length, 0, text.length);
    hb("hb_buffer_set_direction")(buffer, isRightToLeft ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb("hb_buffer_set_script")(buffer, tag(script));
    hb("hb_buffer_guess_segment_properties")(buffer);
    hb("hb_shape")(font, buffer, 0, 0);
    const length = hb("hb_buffer_get_length")(buffer);
    const infos = hb("hb_buffer_get_glyph_infos")(buffer, 0);
    const positions = hb("hb_buffer_get_glyph_positions")(buffer, 0);
    const read = view();
    const glyphs = Array.from({ length }, (_, index): Glyph => ({
      id: read.getUint32(infos + index * 20, true),
      cluster: read.getUint32(infos + index * 20 + 8, true),
      advance: read.getInt32(positions + index * 20, true),
      x: read.getInt32(positions + index * 20 + 8, true),
      y: read.getInt32(positions + index * 20 + 12, true),
    }));
    hb("hb_buffer_destroy")(buffer);
    hb("free")(at);
    return glyphs;
  };

  return {
    unitsPerEm: hb("hb_face_get_upem")(face),
    has: (codePoint) => hb("hb_font_get_nominal_glyph")(font, codePoint, word) !== 0,
    advanceOf: (glyph) => hb("hb_font_get_glyph_h_advance")(font, glyph),
    shape,
    subset: (glyphs) => subsetOf(subsetter, sfnt, glyphs),
  };
};

/** hb-subset.h: no hinting, old glyph numbers, an outline for what is missing. */
const SUBSET_FLAGS = 0x01 | 0x02 | 0x40;
const SETS_DROP_TABLE_TAG = 3;
/** Nothing that a document needs: it names glyphs by number, and they are placed already. */
const DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "name", "OS/2", "post", "STAT", "meta", "vhea", "vmtx", "VORG"];

const subsetOf = (program: Program, sfnt: Uint8Array, glyphs: Iterable<number>): Uint8Array<ArrayBuffer> => {
  const hb = (name: string): Call => fn(program, name);
  const data = give(program, sfnt);
  const blob = hb("hb_blob_create")(data, sfnt.length, HB_MEMORY_MODE_READONLY, 0, 0);
  const face = hb("hb_face_create")(blob, 0);
  const input = hb("hb_subset_input_create_or_fail")();
  let subset = 0;
  try {
    if (input === 0) throw new RangeError("no memory for a font");
    hb("hb_subset_input_set_flags")(input, SUBSET_FLAGS);
    hb("hb_subset_input_pin_axis_location")(input, face, tag("wght"), WEIGHT);
    const dropped = hb("hb_subset_input_set")(input, SETS_DROP_TABLE_TAG);
    for (const name of DROPPED) hb("hb_set_add")(dropped, tag(name));
    const wanted = hb("hb_subset_input_glyph_set")(input);
    for (const glyph of glyphs) hb("hb_set_add")(wanted, glyph);
    subset = hb("hb_subset_or_fail")(face, input);
    if (subset === 0) throw new RangeError("the font could not be cut down");
    const out = hb("hb_face_reference_blob")(subset);
    const sizeBytes = hb("hb_blob_get_length")(out);
    const from = hb("hb_blob_get_data")(out, 0);
    const bytes = new Uint8Array(program.memory.buffer).slice(from, from + sizeBytes);
    hb("hb_blob_destroy")(out);
    return bytes as Uint8Array<ArrayBuffer>; // memory that is not shared gives an ArrayBuffer
  } finally {
    if (subset !== 0) hb("hb_face_destroy")(subset);
    if (input !== 0) hb("hb_subset_input_destroy")(input);
    hb("hb_face_destroy")(face);
    hb("hb_blob_destroy")(blob);
    hb("free")(data);
  }
};

/** Opens fonts (TrueType tables, not compressed). What is opened lives as long as the shaper. */
export interface Shaper {
  readonly openFont: (sfnt: Uint8Array) => ShapedFont;
}

export const startShaper = async (shape: Uint8Array<ArrayBuffer>, subset: Uint8Array<ArrayBuffer>): Promise<Shaper> => {
  const [shaper, subsetter] = await Promise.all([start(shape), start(subset)]);
  return { openFont: (sfnt) => open(shaper, subsetter, sfnt) };
};
