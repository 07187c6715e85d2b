/** The part of @vladmandic/face-api that is used: its detector of faces, and nothing that tells faces apart. */
declare module "@vladmandic/face-api/dist/face-api.esm.js" {
  interface Tensor {
    readonly shape: readonly number[];
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  interface WeightsGroup {
    readonly weights: readonly object[];
  }
  export const tf: {
    setWasmPaths(paths: Readonly<Record<string, string>>): void;
    setBackend(name: "wasm"): Promise<boolean>;
    ready(): Promise<void>;
    env(): { set(flag: string, value: boolean): void };
    tensor4d(values: Float32Array, shape: readonly [number, number, number, number]): Tensor;
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
