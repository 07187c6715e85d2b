/**
 * Runs a model in ONNX's format with TensorFlow.js: the operators that a detector of writing consists of, no others.
 * ONNX orders batch, channel, height, width; here the channel is last, as TensorFlow.js computes fastest.
 */
import { type Tensor, tf } from "@vladmandic/face-api/dist/face-api.esm.js";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "../suggest/onnx.ts";

export interface Network {
  /**
   * A picture of one in the batch to what the last node says. The input is disposed of; the answer is the caller's.
   * `progress` is called with 0 to 1 on the way.
   */
  run(input: Tensor, progress: (fraction: number) => void): Tensor;
}

type Values = ReadonlyMap<string, Tensor>;
type Step = (values: Values) => Tensor;

/** A tensor with its axes in another order, `order[n]` being the old place of the new axis n. */
function reordered({ dims, values }: OnnxTensor, order: readonly number[]): Tensor {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const shape = order.map((axis) => dims[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const moved = new Float32Array(values.length);
  const at = shape.map(() => 0);
  for (let to = 0; to < moved.length; to++) {
    moved[to] = values[at.reduce((from, place, axis) => from + place * (steps[axis] ?? 0), 0)] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (shape[axis] ?? 0)) break;
      at[axis] = 0;
    }
  }
  return tf.tensor(moved, shape);
}

/** What is added to or multiplied with a picture: one number, or one a channel. */
function broadcast(constant: OnnxTensor): Tensor | number {
  const { dims, values } = constant;
  if (values.length === 1) return values[0] ?? 0;
  if (dims.length !== 4 || dims[2] !== 1 || dims[3] !== 1) throw new RangeError("a constant of an unknown shape");
  return reordered(constant, [0, 2, 3, 1]);
}

const perChannel = (values: Float32Array): Tensor => tf.tensor(values, [1, 1, 1, values.length]);

/** The one number that all of a list are, such as the stride of both axes. */
function uniform(node: OnnxNode, name: string, otherwise: number): number {
  const [first = otherwise, ...others] = node.lists.get(name) ?? [];
  if (others.some((each) => each !== first)) throw new RangeError("strides or edges differ by axis");
  return first;
}

/** Copies the weights to where TensorFlow.js computes. Throws a RangeError where the graph has what is not known here. */
export function prepare({ nodes, constants }: OnnxGraph): Network {
  const constant = (name: string | undefined): OnnxTensor => {
    const found = constants.get(name ?? "");
    if (found === undefined) throw new RangeError("weights that are not constant");
    return found;
  };
  const number = (name: string | undefined): number => constant(name).values[0] ?? 0;
  const steps = nodes.map((node) => ({ output: node.output, inputs: node.inputs, step: stepOf(node) }));
  const uses = new Map<string, number>();
  for (const { inputs } of steps) {
    for (const name of inputs) if (!constants.has(name)) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const given = nodes[0]?.inputs[0] ?? "";

  function stepOf(node: OnnxNode): Step {
    const [a = "", b = "", c = ""] = node.inputs;
    const of = (values: Values, name: string): Tensor => {
      const found = values.get(name);
      if (found === undefined) throw new RangeError("a node that comes too early");
      return found;
    };
    /** The second of two terms, or the first where the second is a picture and the first is not. */
    const both = (combine: (x: Tensor, y: Tensor | number) => Tensor): Step => {
      const [picture, other] = constants.has(a) ? [b, a] : [a, b];
      if (!constants.has(other)) return (values) => combine(of(values, picture), of(values, other));
      const fixed = broadcast(constant(other));
      return (values) => combine(of(values, picture), fixed);
    };
    switch (node.op) {
      case "Conv":
        return convolution(node, of);
      case "ConvTranspose": {
        const stride = uniform(node, "strides", 1);
        if (uniform(node, "pads", 0) !== 0 || c !== "") throw new RangeError("an unknown kind of convolution");
        const weights = reordered(constant(b), [2, 3, 1, 0]);
        const [, out = 0] = constant(b).dims;
        return (values) => {
          const [, height = 0, width = 0] = of(values, a).shape;
          return tf.conv2dTranspose(of(values, a), weights, [1, height * stride, width * stride, out], stride, "valid");
        };
      }
      case "BatchNormalization": {
        const [gain, bias, mean, variance] = [1, 2, 3, 4].map((at) => constant(node.inputs[at]).values);
        const epsilon = node.numbers.get("epsilon") ?? 1e-5;
        const scale = (gain ?? new Float32Array()).map((each, at) => each / Math.sqrt((variance?.[at] ?? 0) + epsilon));
        const [by, plus] = [
          perChannel(scale),
          perChannel(scale.map((each, at) => (bias?.[at] ?? 0) - (mean?.[at] ?? 0) * each)),
        ];
        return (values) => tf.add(tf.mul(of(values, a), by), plus);
      }
      case "Add":
        return both((x, y) => tf.add(x, y));
      case "Mul":
        return both((x, y) => tf.mul(x, y));
      case "Div": {
        const factor = 1 / number(b);
        return (values) => tf.mul(of(values, a), factor);
      }
      case "Clip": {
        const [low, high] = [number(b), number(c)];
        return (values) => tf.clipByValue(of(values, a), low, high);
      }
      case "HardSigmoid": {
        const [alpha, beta] = [node.numbers.get("alpha") ?? 0.2, node.numbers.get("beta") ?? 0.5];
        return (values) => tf.clipByValue(tf.add(tf.mul(of(values, a), alpha), beta), 0, 1);
      }
      case "Relu":
        return (values) => tf.relu(of(values, a));
      case "Sigmoid":
        return (values) => tf.sigmoid(of(values, a));
      case "GlobalAveragePool":
        return (values) => tf.mean(of(values, a), [1, 2], true);
      case "Resize": {
        const [, , down = 1, across = 1] = constant(c).values;
        if (node.texts.get("mode") !== "nearest") throw new RangeError("an unknown way of resizing");
        return (values) => {
          const [, height = 0, width = 0] = of(values, a).shape;
          return tf.image.resizeNearestNeighbor(of(values, a), [height * down, width * across]);
        };
      }
      case "Concat":
        return (values) =>
          tf.concat(
            node.inputs.map((name) => of(values, name)),
            3,
          );
      default:
        throw new RangeError("an operator that is not known");
    }
  }

  function convolution(node: OnnxNode, of: (values: Values, name: string) => Tensor): Step {
    const [a = "", b, c] = node.inputs;
    const [stride, pad] = [uniform(node, "strides", 1), uniform(node, "pads", 0)];
    const [out = 0, inPerGroup = 0] = constant(b).dims;
    const groups = node.numbers.get("group") ?? 1;
    const isDepthwise = groups > 1;
    if (uniform(node, "dilations", 1) !== 1 || (isDepthwise && (groups !== out || inPerGroup !== 1)))
      throw new RangeError("an unknown kind of convolution");
    const weights = reordered(constant(b), isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
    const bias = tf.tensor(c === undefined ? new Float32Array(out) : constant(c).values, [out]);
    return (values) => {
      const whole = { x: of(values, a), filter: weights, strides: stride, pad, bias };
      return isDepthwise ? tf.fused.depthwiseConv2d(whole) : tf.fused.conv2d(whole);
    };
  }

  return {
    run(input, progress) {
      const values = new Map([[given, input]]);
      const left = new Map(uses);
      return steps.reduce((_, { output, inputs, step }, at) => {
        if (at % 20 === 0) progress(at / steps.length);
        const made = tf.tidy(() => step(values));
        values.set(output, made);
        for (const name of inputs) {
          const still = (left.get(name) ?? 0) - 1;
          left.set(name, still);
          if (still === 0) values.get(name)?.dispose();
        }
        return made;
      }, input);
    },
  };
}
