/**
 * Reads a model in ONNX's format (github.com/onnx/onnx, onnx/onnx.proto) as far as one with constant weights needs:
 * nodes, their attributes and the numbers they hold. A file that is cut, or wider than what is known here, throws.
 */

/** Numbers with a shape; integers of 64 bits become numbers. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface OnnxNode {
  /** The operator, as ONNX names it. */
  readonly op: string;
  /** Names of values; "" where one is left out. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly numbers: ReadonlyMap<string, number>;
  readonly lists: ReadonlyMap<string, readonly number[]>;
  readonly texts: ReadonlyMap<string, string>;
}

export interface OnnxGraph {
  /** In an order in which each only needs those before it. Without those that are constants. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
}

/** Of TensorProto.DataType, those that weights and shapes come in. */
const FLOAT = 1;
const INT64 = 7;
/** Wire types of Protocol Buffers. */
const VARINT = 0;
const BITS_64 = 1;
const BYTES = 2;
const BITS_32 = 5;

interface Field {
  readonly number: number;
  /** Of a number; 0 for bytes. */
  readonly value: number;
  /** A view of the file; empty for a number. */
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array();
/** Names here are of ASCII. */
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A number of seven bits a byte; those above 2^53, negative ones, lose what nobody here asks for but their sign. */
function varint(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[at];
    if (byte === undefined) break;
    at++;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return [Number(BigInt.asIntN(64, value)), at];
  }
  throw new RangeError("a number of the model is cut");
}

/** The fields of one message, one after the other. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const [key, afterKey] = varint(bytes, at);
    const [number, wire] = [Math.floor(key / 8), key & 7];
    if (wire === VARINT) {
      const [value, next] = varint(bytes, afterKey);
      yield { number, value, bytes: NO_BYTES };
      at = next;
      continue;
    }
    const [length, start] =
      wire === BYTES ? varint(bytes, afterKey) : [wire === BITS_64 ? 8 : wire === BITS_32 ? 4 : -1, afterKey];
    if (length < 0 || length > bytes.length - start) throw new RangeError("a field of the model is cut");
    yield { number, value: 0, bytes: bytes.subarray(start, start + length) };
    at = start + length;
  }
}

/** Whole numbers, one a field or many in one. */
function numbersOf({ bytes, value }: Field): readonly number[] {
  if (bytes.length === 0) return [value];
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [next, after] = varint(bytes, at);
    numbers.push(next);
    at = after;
  }
  return numbers;
}

/** TensorProto. */
function tensorOf(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  let type = 0;
  let raw: Uint8Array = NO_BYTES;
  const floats: number[] = [];
  const integers: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) dims.push(...numbersOf(field));
    else if (field.number === 2) type = field.value;
    else if (field.number === 4) {
      for (let at = 0; at + 4 <= field.bytes.length; at += 4) floats.push(viewOf(field.bytes).getFloat32(at, true));
    } else if (field.number === 7) integers.push(...numbersOf(field));
    else if (field.number === 9) raw = field.bytes;
  }
  const count = dims.reduce((product, dim) => product * dim, 1);
  const values = ((): Float32Array => {
    if (type === FLOAT && raw.length > 0) return new Float32Array(new Uint8Array(raw).buffer);
    if (type === FLOAT) return Float32Array.from(floats);
    if (type !== INT64) throw new RangeError("the model holds numbers of an unknown kind");
    if (raw.length === 0) return Float32Array.from(integers);
    const view = viewOf(raw);
    return Float32Array.from({ length: raw.length / 8 }, (_, at) => Number(view.getBigInt64(at * 8, true)));
  })();
  if (values.length !== count) throw new RangeError("a tensor of the model has not as many numbers as its shape");
  return { dims, values };
}

/** NodeProto; a constant's tensor comes apart. */
function nodeOf(bytes: Uint8Array): OnnxNode & { readonly tensor: OnnxTensor | undefined } {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let op = "";
  let tensor: OnnxTensor | undefined;
  const numbers = new Map<string, number>();
  const lists = new Map<string, readonly number[]>();
  const texts = new Map<string, string>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(text(field.bytes));
    else if (field.number === 2) outputs.push(text(field.bytes));
    else if (field.number === 4) op = text(field.bytes);
    else if (field.number === 5) {
      // AttributeProto.
      let name = "";
      const list: number[] = [];
      for (const part of fieldsOf(field.bytes)) {
        if (part.number === 1) name = text(part.bytes);
        else if (part.number === 2) numbers.set(name, viewOf(part.bytes).getFloat32(0, true));
        else if (part.number === 3) numbers.set(name, part.value);
        else if (part.number === 4) texts.set(name, text(part.bytes));
        else if (part.number === 5) tensor = tensorOf(part.bytes);
        else if (part.number === 8) list.push(...numbersOf(part));
      }
      if (list.length > 0) lists.set(name, list);
    }
  }
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) throw new RangeError("a node of the model has not one output");
  return { op, inputs, output, numbers, lists, texts, tensor };
}

/** The graph of a model. Its tensors are copies; `bytes` may be let go. */
export function readOnnx(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxTensor>();
  for (const field of fieldsOf(bytes)) {
    // ModelProto.graph
    if (field.number !== 7) continue;
    for (const part of fieldsOf(field.bytes)) {
      // GraphProto.node
      if (part.number !== 1) continue;
      const { tensor, ...node } = nodeOf(part.bytes);
      if (node.op !== "Constant") nodes.push(node);
      else if (tensor !== undefined) constants.set(node.output, tensor);
    }
  }
  if (nodes.length === 0) throw new RangeError("the model holds no graph");
  return { nodes, constants };
}
