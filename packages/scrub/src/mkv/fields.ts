/** Numbers that players need, by tables: each within what it can sensibly be, written anew in the table's order. */
import { doubtful } from "../core/refuse.ts";
import { type Element, floatElement, onlyElement, readFloat, readUint, uintElement } from "./ebml.ts";

export interface Field {
  readonly id: number;
  readonly kind: "uint" | "float";
  /** The most that it may be; of those with a sign the amount. */
  readonly most: number;
}

export const uint = (id: number, most: number): Field => ({ id, kind: "uint", most });
export const float = (id: number, most: number): Field => ({ id, kind: "float", most });

const READ = { uint: readUint, float: readFloat } as const;
const WRITE = { uint: uintElement, float: floatElement } as const;

/** The value of a field, or null if it is not there. Larger ones than can be are no honest ones. */
export const readField = (bytes: Uint8Array, elements: readonly Element[], field: Field): number | null => {
  const found = onlyElement(elements, field.id);
  if (found === undefined) return null;
  const value = READ[field.kind](bytes, found);
  if (!(Math.abs(value) <= field.most)) throw doubtful("a number is larger than it can be");
  return value;
};

/** All fields of a table that are there, anew. */
export const copyFields = (
  bytes: Uint8Array,
  elements: readonly Element[],
  fields: readonly Field[],
): readonly Uint8Array[] =>
  fields.flatMap((field) => {
    const value = readField(bytes, elements, field);
    return value === null ? [] : [WRITE[field.kind](field.id, value)];
  });
