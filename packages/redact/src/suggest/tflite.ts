/**
 * Reads a model in TensorFlow Lite's format (tensorflow/lite/schema/schema.fbs, version 3) as far as a detector made of
 * convolutions needs: its operators, and weights that are constant, of 16 or 32 bits. What is cut, or wider than what is
 * known here, throws a RangeError.
 */
import { bytesOf, byteOf, integerOf, integersOf, rootOf, type Table, tableOf, tablesOf } from "./flatbuffer.ts";

export interface TfliteTensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export interface TfliteNode {
  readonly op: "add" | "concatenate" | "convolution" | "depthwise_convolution" | "reshape";
  /** Numbers of tensors. */
  readonly inputs: readonly number[];
  readonly output: number;
  /** Of the output. */
  readonly dims: readonly number[];
  readonly activation: "linear" | "relu" | "relu6";
  /** Of convolutions; 1 elsewhere. */
  readonly stride: number;
  readonly pad: "same" | "valid";
  /** Of concatenations. */
  readonly axis: number;
}

export interface TfliteGraph {
  /** In an order in which each only needs those before it. */
  readonly nodes: readonly TfliteNode[];
  /** By the number of the tensor. */
  readonly constants: ReadonlyMap<number, TfliteTensor>;
  readonly input: number;
  readonly outputs: readonly number[];
}

/** "TFL3" */
const IDENTIFIER = 0x334c4654;
/** TensorType. */
const FLOAT32 = 0;
const FLOAT16 = 1;
/** BuiltinOperator. */
const ADD = 0;
const CONCATENATION = 2;
const CONV_2D = 3;
const DEPTHWISE_CONV_2D = 4;
const DEQUANTIZE = 6;
const RESHAPE = 22;
/** ActivationFunctionType. */
const ACTIVATIONS: Readonly<Record<number, TfliteNode["activation"]>> = { 0: "linear", 1: "relu", 3: "relu6" };
/** Padding. */
const PADS: Readonly<Record<number, TfliteNode["pad"]>> = { 0: "same", 1: "valid" };
const MAX_AXES = 5;
const MAX_INPUTS = 16;

/** IEEE 754 binary16. */
export function widen(half: number): number {
  const [sign, exponent, fraction] = [half >= 0x8000 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

interface Held {
  readonly dims: readonly number[];
  readonly type: number;
  /** Empty for what is computed. */
  readonly bytes: Uint8Array;
}

function heldOf(tensor: Table, buffers: readonly Table[]): Held {
  const dims = integersOf(tensor, 0, MAX_AXES);
  const buffer = buffers[integerOf(tensor, 2)];
  if (buffer === undefined || dims.some((dim) => dim < 1)) throw new RangeError("a tensor of the model is of no shape");
  return { dims, type: byteOf(tensor, 1), bytes: bytesOf(buffer, 0) };
}

function widened({ dims, type, bytes }: Held): TfliteTensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const size = type === FLOAT32 ? 4 : 2;
  if ((type !== FLOAT32 && type !== FLOAT16) || bytes.length !== count * size)
    throw new RangeError("a tensor of the model has not as many numbers as its shape");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(count);
  for (let at = 0; at < count; at++)
    values[at] = size === 4 ? view.getFloat32(at * 4, true) : widen(view.getUint16(at * 2, true));
  return { dims, values };
}

const KINDS: Readonly<Record<number, TfliteNode["op"]>> = {
  [ADD]: "add",
  [CONCATENATION]: "concatenate",
  [CONV_2D]: "convolution",
  [DEPTHWISE_CONV_2D]: "depthwise_convolution",
  [RESHAPE]: "reshape",
};

function nodeOf(code: number, operator: Table, inputs: readonly number[], output: number, held: Held): TfliteNode {
  const op = KINDS[code];
  if (op === undefined) throw new RangeError("an operator of the model is not known");
  const options = tableOf(operator, 4);
  const is = (kind: TfliteNode["op"]): boolean => op === kind;
  const integer = (field: number, otherwise: number): number =>
    options === undefined ? otherwise : integerOf(options, field, otherwise);
  const byte = (field: number): number => (options === undefined ? 0 : byteOf(options, field));
  const isConvolution = is("convolution") || is("depthwise_convolution");
  const dilations = is("convolution") ? [4, 5] : [5, 6];
  const [across, down] = isConvolution ? [integer(1, 1), integer(2, 1)] : [1, 1];
  const activation = is("reshape")
    ? "linear"
    : ACTIVATIONS[byte(is("add") ? 0 : is("concatenate") ? 1 : is("convolution") ? 3 : 4)];
  const pad = PADS[isConvolution ? byte(0) : 0];
  if (
    activation === undefined ||
    pad === undefined ||
    across !== down ||
    across < 1 ||
    (isConvolution && dilations.some((field) => integer(field, 1) !== 1))
  )
    throw new RangeError("an operator of the model works in an unknown way");
  const axis = is("concatenate") ? integer(0, 0) : 0;
  return { op, inputs, output, dims: held.dims, activation, stride: across, pad, axis };
}

/** The first graph of a model. Weights are copies; `bytes` may be let go. */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const model = rootOf(view);
  if (view.getUint32(4, true) !== IDENTIFIER) throw new RangeError("this is no model");
  // Before version 3a of the schema, the code was a byte of its own; the larger of both counts.
  const codes = tablesOf(model, 1).map((code) => Math.max(byteOf(code, 0), integerOf(code, 3)));
  const [graph] = tablesOf(model, 2);
  if (graph === undefined) throw new RangeError("the model holds no graph");
  const buffers = tablesOf(model, 4);
  const tensors = tablesOf(graph, 0).map((tensor) => heldOf(tensor, buffers));
  const tensor = (number: number): Held => {
    const held = tensors[number];
    if (held === undefined) throw new RangeError("an operator of the model needs what is not there");
    return held;
  };

  const constants = new Map<number, TfliteTensor>();
  const [input = -1, ...otherInputs] = integersOf(graph, 1, MAX_INPUTS);
  if (otherInputs.length > 0) throw new RangeError("the model wants more than a picture");
  tensor(input);
  const computed = new Set([input]);
  let held = 0;
  /** A tensor that weights are in, widened once. */
  const hold = (number: number, from: Held): void => {
    held += from.bytes.length;
    // Tensors may share their bytes; together they are not more than the file.
    if (held > bytes.length) throw new RangeError("the model holds more numbers than bytes");
    constants.set(number, widened(from));
  };
  const nodes: TfliteNode[] = [];
  for (const operator of tablesOf(graph, 3)) {
    const inputs = integersOf(operator, 1, MAX_INPUTS);
    const [output = -1, ...others] = integersOf(operator, 2, MAX_INPUTS);
    const [first = -1] = inputs;
    if (others.length > 0 || computed.has(output) || constants.has(output))
      throw new RangeError("an operator of the model has not one output");
    const code = codes[integerOf(operator, 0)] ?? -1;
    if (code === DEQUANTIZE) {
      if (tensor(first).type !== FLOAT16) throw new RangeError("weights of an unknown kind");
      hold(output, tensor(first));
      continue;
    }
    // Of a reshape, the shape stands at the output as well.
    const needed = code === RESHAPE ? [first] : inputs;
    for (const number of needed) {
      if (computed.has(number) || constants.has(number)) continue;
      hold(number, tensor(number));
    }
    nodes.push(nodeOf(code, operator, needed, output, tensor(output)));
    computed.add(output);
  }
  const outputs = integersOf(graph, 2, MAX_INPUTS);
  if (nodes.length === 0 || outputs.some((number) => !computed.has(number)))
    throw new RangeError("the model answers nothing");
  return { nodes, constants, input, outputs };
}
