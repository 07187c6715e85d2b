/** Writes small FlatBuffers for tests: each table after the one that names it. */

export type Part =
  | { readonly kind: "byte" | "integer"; readonly value: number }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "integers"; readonly values: readonly number[] }
  | { readonly kind: "table"; readonly fields: readonly (Part | undefined)[] }
  | { readonly kind: "tables"; readonly tables: readonly Part[] };

export const byte = (value: number): Part => ({ kind: "byte", value });
export const integer = (value: number): Part => ({ kind: "integer", value });
export const bytes = (content: Uint8Array): Part => ({ kind: "bytes", bytes: content });
export const integers = (...values: readonly number[]): Part => ({ kind: "integers", values });
export const table = (...fields: readonly (Part | undefined)[]): Part => ({ kind: "table", fields });
export const tables = (...all: readonly Part[]): Part => ({ kind: "tables", tables: all });

export function write(root: Part, identifier: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(65_536));
  let end = 8;
  for (const [at, letter] of [...identifier].entries()) view.setUint8(4 + at, letter.charCodeAt(0));
  const waiting: { readonly from: number; readonly part: Part }[] = [{ from: 0, part: root }];
  const name = (part: Part): void => {
    waiting.push({ from: end, part });
    end += 4;
  };
  const put = (value: number): void => {
    view.setInt32(end, value, true);
    end += 4;
  };
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { from, part } = next;
    end = Math.ceil(end / 4) * 4;
    if (part.kind === "table") {
      const list = end;
      const size = Math.ceil((4 + part.fields.length * 2) / 4) * 4;
      view.setUint16(list, 4 + part.fields.length * 2, true);
      view.setUint16(list + 2, 4 + part.fields.length * 4, true);
      end = list + size;
      view.setUint32(from, end - from, true);
      const start = end;
      put(size);
      for (const [at, field] of part.fields.entries()) {
        if (field === undefined) continue;
        view.setUint16(list + 4 + at * 2, end - start, true);
        if (field.kind === "byte" || field.kind === "integer") put(field.value);
        else name(field);
      }
    } else {
      view.setUint32(from, end - from, true);
      if (part.kind === "bytes") {
        put(part.bytes.length);
        new Uint8Array(view.buffer).set(part.bytes, end);
        end += part.bytes.length;
      } else if (part.kind === "integers") {
        put(part.values.length);
        part.values.forEach(put);
      } else if (part.kind === "tables") {
        put(part.tables.length);
        part.tables.forEach(name);
      }
    }
  }
  return new Uint8Array(view.buffer, 0, Math.ceil(end / 4) * 4).slice();
}
