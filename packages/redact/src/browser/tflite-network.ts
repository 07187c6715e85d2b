/** Runs a model in TensorFlow Lite's format with TensorFlow.js: pictures are batch, height, width, channel in both. */
import { type Tensor, tf } from "@vladmandic/face-api/dist/face-api.esm.js";
import type { TfliteGraph, TfliteNode } from "../suggest/tflite.ts";
import { follow, type Step } from "./steps.ts";

export interface TfliteNetwork {
  /** A picture of one in the batch to the model's outputs, in its order. The input is disposed of, the answers are not. */
  run(input: Tensor): readonly Tensor[];
}

/** Copies the weights to where TensorFlow.js computes. Throws a RangeError where the graph has what is not known here. */
export function prepareTflite({ nodes, constants, input, outputs }: TfliteGraph): TfliteNetwork {
  const constant = (number: number | undefined): Tensor => {
    const found = constants.get(number ?? -1);
    if (found === undefined) throw new RangeError("weights that are not constant");
    return tf.tensor(found.values, found.dims);
  };

  function makeOf({ op, inputs, dims, activation, stride, pad, axis }: TfliteNode): Step<number>["make"] {
    const [a = -1, b = -1, c = -1] = inputs;
    if (op === "convolution" || op === "depthwise_convolution") {
      // From out, height, width, in; with one filter a channel, 1 stands for out and the channel for in.
      const filter = tf.tidy(() => tf.transpose(constant(b), [1, 2, 3, 0]));
      const bias = constant(c);
      return (of) => {
        const whole = { x: of(a), filter, strides: stride, pad, bias, activation };
        return op === "convolution" ? tf.fused.conv2d(whole) : tf.fused.depthwiseConv2d(whole);
      };
    }
    if (activation !== "linear") throw new RangeError("an operator that is not known");
    if (op === "reshape") return (of) => tf.reshape(of(a), dims);
    if (inputs.some((number) => constants.has(number))) throw new RangeError("an operator that is not known");
    if (op === "add") return (of) => tf.add(of(a), of(b));
    return (of) => tf.concat(inputs.map(of), axis);
  }

  const steps = nodes.map((node) => ({
    output: node.output,
    inputs: node.inputs.filter((number) => !constants.has(number)),
    make: makeOf(node),
  }));
  return { run: (picture) => follow({ steps, given: input, wanted: outputs }, picture, () => {}) };
}
