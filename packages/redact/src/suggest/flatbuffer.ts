/**
 * Reads tables of a FlatBuffer (flatbuffers.dev, "FlatBuffer Internals"): little-endian; a table begins with the
 * distance back to its list of fields, which gives each field's place or 0. Every step is checked against the file's
 * end, so that a file that is cut or lies throws a RangeError and nothing is read beside it.
 */

/** A place in a buffer where a table begins. */
export interface Table {
  readonly view: DataView;
  readonly at: number;
}

/** More things of one kind than any model here has; a file that names one place a million times ends here. */
const MAX_ENTRIES = 4096;

export const rootOf = (view: DataView): Table => ({ view, at: view.getUint32(0, true) });

/** Where a field's content stands, or undefined where the table has none. `field` counts from 0. */
function placeOf({ view, at }: Table, field: number): number | undefined {
  const fields = at - view.getInt32(at, true);
  const entry = 4 + field * 2;
  if (entry + 2 > view.getUint16(fields, true)) return undefined;
  const offset = view.getUint16(fields + entry, true);
  return offset === 0 ? undefined : at + offset;
}

export function byteOf(table: Table, field: number): number {
  const place = placeOf(table, field);
  return place === undefined ? 0 : table.view.getInt8(place);
}

export function integerOf(table: Table, field: number, otherwise = 0): number {
  const place = placeOf(table, field);
  return place === undefined ? otherwise : table.view.getInt32(place, true);
}

export function tableOf(table: Table, field: number): Table | undefined {
  const place = placeOf(table, field);
  return place === undefined ? undefined : { view: table.view, at: place + table.view.getUint32(place, true) };
}

interface Vector {
  readonly start: number;
  readonly count: number;
}

function vectorOf(table: Table, field: number, entryBytes: number): Vector {
  const place = placeOf(table, field);
  if (place === undefined) return { start: 0, count: 0 };
  const at = place + table.view.getUint32(place, true);
  const count = table.view.getUint32(at, true);
  if (count * entryBytes > table.view.byteLength - at - 4) throw new RangeError("a list of the model is cut");
  return { start: at + 4, count };
}

function entriesOf<T>(
  table: Table,
  field: number,
  most: number,
  read: (view: DataView, place: number) => T,
): readonly T[] {
  const { start, count } = vectorOf(table, field, 4);
  if (count > most) throw new RangeError("a list of the model is longer than is known");
  return Array.from({ length: count }, (_, entry) => read(table.view, start + entry * 4));
}

/** Throws where there are more than `most`. */
export const integersOf = (table: Table, field: number, most: number): readonly number[] =>
  entriesOf(table, field, most, (view, place) => view.getInt32(place, true));

export const tablesOf = (table: Table, field: number): readonly Table[] =>
  entriesOf(table, field, MAX_ENTRIES, (view, place) => ({ view, at: place + view.getUint32(place, true) }));

/** A view of the file. */
export function bytesOf(table: Table, field: number): Uint8Array {
  const { start, count } = vectorOf(table, field, 1);
  return new Uint8Array(table.view.buffer, table.view.byteOffset + start, count);
}
