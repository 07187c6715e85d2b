/**
 * Runs a model in ONNX's format with TensorFlow.js: the operators that a detector of writing consists of, no others.
 * ONNX orders batch, channel, height, width; here the channel is last, as TensorFlow.js computes fastest.
 */
import { type Tensor, tf } from "@vladmandic/face-api/dist/face-api.esm.js";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "../suggest/onnx.ts";
import { follow, type Step } from "./steps.ts";

export interface Network {
  /**
   * A picture of one in the batch to what the last node says. The input is disposed of; the answer is the caller's.
   * `progress` is called with 0 to 1 on the way.
   */
  run(input: Tensor, progress: (fraction: number) => void): Tensor;
}

type Make = Step<string>["make"];

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
  const steps = nodes.map((node) => ({
    output: node.output,
    inputs: node.inputs.filter((name) => name !== "" && !constants.has(name)),
    make: makeOf(node),
  }));
  const course = { steps, given: nodes[0]?.inputs[0] ?? "", wanted: [nodes.at(-1)?.output ?? ""] };

  function makeOf(node: OnnxNode): Make {
    const [a = "", b = "", c = ""] = node.inputs;
    /** The second of two terms, or the first where the second is a picture and the first is not. */
    const both = (combine: (x: Tensor, y: Tensor | number) => Tensor): Make => {
      const [picture, other] = constants.has(a) ? [b, a] : [a, b];
      if (!constants.has(other)) return (of) => combine(of(picture), of(other));
      const fixed = broadcast(constant(other));
      return (of) => combine(of(picture), fixed);
    };
    switch (node.op) {
      case "Conv":
        return convolution(node);
      case "ConvTranspose": {
        const stride = uniform(node, "strides", 1);
        if (uniform(node, "pads", 0) !== 0 || c !== "") throw new RangeError("an unknown kind of convolution");
        const weights = reordered(constant(b), [2, 3, 1, 0]);
        const [, out = 0] = constant(b).dims;
        return (of) => {
          const [, height = 0, width = 0] = of(a).shape;
          return tf.conv2dTranspose(of(a), weights, [1, height * stride, width * stride, out], stride, "valid");
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
        return (of) => tf.add(tf.mul(of(a), by), plus);
      }
      case "Add":
        return both((x, y) => tf.add(x, y));
      case "Mul":
        return both((x, y) => tf.mul(x, y));
      case "Div": {
        const factor = 1 / number(b);
        return (of) => tf.mul(of(a), factor);
      }
      case "Clip": {
        const [low, high] = [number(b), number(c)];
        return (of) => tf.clipByValue(of(a), low, high);
      }
      case "HardSigmoid": {
        const [alpha, beta] = [node.numbers.get("alpha") ?? 0.2, node.numbers.get("beta") ?? 0.5];
        return (of) => tf.clipByValue(tf.add(tf.mul(of(a), alpha), beta), 0, 1);
      }
      case "Relu":
        return (of) => tf.relu(of(a));
      case "Sigmoid":
        return (of) => tf.sigmoid(of(a));
      case "GlobalAveragePool":
        return (of) => tf.mean(of(a), [1, 2], true);
      case "Resize": {
        const [, , down = 1, across = 1] = constant(c).values;
        if (node.texts.get("mode") !== "nearest") throw new RangeError("an unknown way of resizing");
        return (of) => {
          const [, height = 0, width = 0] = of(a).shape;
          return tf.image.resizeNearestNeighbor(of(a), [height * down, width * across]);
        };
      }
      case "Concat":
        return (of) =>
          tf.concat(
            node.inputs.map((name) => of(name)),
            3,
          );
      default:
        throw new RangeError("an operator that is not known");
    }
  }

  function convolution(node: OnnxNode): Make {
    const [a = "", b, c] = node.inputs;
    const [stride, pad] = [uniform(node, "strides", 1), uniform(node, "pads", 0)];
    const [out = 0, inPerGroup = 0] = constant(b).dims;
    const groups = node.numbers.get("group") ?? 1;
    const isDepthwise = groups > 1;
    if (uniform(node, "dilations", 1) !== 1 || (isDepthwise && (groups !== out || inPerGroup !== 1)))
      throw new RangeError("an unknown kind of convolution");
    const weights = reordered(constant(b), isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
    const bias = tf.tensor(c === undefined ? new Float32Array(out) : constant(c).values, [out]);
    return (of) => {
      const whole = { x: of(a), filter: weights, strides: stride, pad, bias };
      return isDepthwise ? tf.fused.depthwiseConv2d(whole) : tf.fused.conv2d(whole);
    };
  }

  return {
    run(input, progress) {
      const [answer = input] = follow(course, input, progress);
      return answer;
    },
  };
}
