/**
 * The part of @vladmandic/face-api that is used: its detector of faces, and TensorFlow.js, which comes with it. Nothing
 * that tells faces apart.
 */
declare module "@vladmandic/face-api/dist/face-api.esm.js" {
  export interface Tensor {
    readonly shape: readonly number[];
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  type Four = readonly [number, number, number, number];
  /** `bias` has one number a channel that comes out. */
  interface Convolution {
    readonly x: Tensor;
    readonly filter: Tensor;
    readonly strides: number;
    readonly pad: number | "same" | "valid";
    readonly bias: Tensor;
    readonly activation?: "linear" | "relu" | "relu6";
  }
  interface WeightsGroup {
    readonly weights: readonly object[];
  }
  /** Pictures are batch, height, width, channel; `pad` is pixels on each side, or as TensorFlow names it. */
  export const tf: {
    setWasmPaths(paths: Readonly<Record<string, string>>): void;
    setBackend(name: "wasm"): Promise<boolean>;
    ready(): Promise<void>;
    env(): { set(flag: string, value: boolean): void };
    /** Disposes of what is made on the way to the answer. */
    tidy(make: () => Tensor): Tensor;
    tensor(values: Float32Array, shape: readonly number[]): Tensor;
    tensor4d(values: Float32Array, shape: Four): Tensor;
    transpose(a: Tensor, order: readonly number[]): Tensor;
    add(a: Tensor, b: Tensor | number): Tensor;
    mul(a: Tensor, b: Tensor | number): Tensor;
    clipByValue(a: Tensor, low: number, high: number): Tensor;
    relu(a: Tensor): Tensor;
    sigmoid(a: Tensor): Tensor;
    reshape(a: Tensor, shape: readonly number[]): Tensor;
    mean(a: Tensor, axes: readonly number[], keepsAxes: boolean): Tensor;
    concat(parts: readonly Tensor[], axis: number): Tensor;
    /** `weights` are height, width, out, in. */
    conv2dTranspose(a: Tensor, weights: Tensor, shape: Four, stride: number, pad: "valid"): Tensor;
    readonly fused: {
      /** The filter is height, width, in, out. */
      conv2d(convolution: Convolution): Tensor;
      /** The filter is height, width, channel, 1. */
      depthwiseConv2d(convolution: Convolution): Tensor;
    };
    readonly image: { resizeNearestNeighbor(a: Tensor, size: readonly [number, number]): Tensor };
    readonly io: { decodeWeights(bytes: ArrayBuffer, weights: readonly object[]): Readonly<Record<string, Tensor>> };
  };
  export class SsdMobilenetv1 {
    loadFromWeightMap(weights: Readonly<Record<string, Tensor>>): void;
    forwardInput(input: { toBatchTensor(): Tensor }): {
      readonly boxes: readonly Tensor[];
      readonly scores: readonly Tensor[];
    };
  }
  export type Manifest = readonly WeightsGroup[];
}
