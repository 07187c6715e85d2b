/** The reader of TensorFlow Lite's models: the one that is served, whole and cut, and small ones made by hand. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, it } from "node:test";
import { splitModel } from "../../src/suggest/screens.ts";
import { readTflite, widen } from "../../src/suggest/tflite.ts";
import { byte, bytes, integer, integers, type Part, table, tables, write } from "./flatbuffer-writer.ts";

const FILE = fileURLToPath(
  new URL("../../../../node_modules/@mediapipe/objectron/objectron_solution_packed_assets.data", import.meta.url),
);

/** Of BuiltinOperator. */
const CONV_2D = 3;
const DEQUANTIZE = 6;
const RESHAPE = 22;
const FLOAT16 = 1;

const halves = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
const tensor = (dims: readonly number[], type: number, buffer: number): Part =>
  table(integers(...dims), byte(type), integer(buffer));
const operator = (code: number, inputs: readonly number[], outputs: readonly number[], options?: Part): Part =>
  table(integer(code), integers(...inputs), integers(...outputs), byte(1), options);

interface Small {
  readonly codes?: readonly number[];
  readonly weights?: Part;
  readonly stored?: Uint8Array;
  readonly options?: Part;
  readonly operators?: readonly Part[];
}

/** A picture of 2 x 2 with one channel, convolved with one weight and one bias of 16 bits, then made a row. */
function small({
  codes = [DEQUANTIZE, CONV_2D, RESHAPE],
  weights,
  stored,
  options,
  operators,
}: Small = {}): Uint8Array {
  const convolution = options ?? table(byte(0), integer(1), integer(1), byte(3), integer(1), integer(1));
  const graph = table(
    tables(
      tensor([1, 2, 2, 1], 0, 0),
      weights ?? tensor([1, 1, 1, 1], FLOAT16, 1),
      tensor([1], FLOAT16, 2),
      tensor([1, 1, 1, 1], 0, 0),
      tensor([1], 0, 0),
      tensor([1, 2, 2, 1], 0, 0),
      tensor([1, 4], 0, 0),
    ),
    integers(0),
    integers(6),
    tables(
      ...(operators ?? [
        operator(0, [1], [3]),
        operator(0, [2], [4]),
        operator(1, [0, 3, 4], [5], convolution),
        operator(2, [5], [6]),
      ]),
    ),
  );
  return write(
    table(
      integer(3),
      tables(...codes.map((code) => table(byte(code), undefined, integer(1), integer(code)))),
      tables(graph),
      undefined,
      tables(table(), table(bytes(stored ?? halves(0x3c00))), table(bytes(halves(0xc000)))),
    ),
    "TFL3",
  );
}

describe("reader of TensorFlow Lite's format", () => {
  it("reads the detector of things: its operators, in order, and its weights", async () => {
    const { nodes, constants, input, outputs } = readTflite(splitModel(await readFile(FILE)));
    assert.equal(nodes.length, 97);
    assert.equal(constants.size, 144);
    const [first] = nodes;
    assert.ok(first !== undefined);
    assert.deepEqual(
      { ...first, inputs: [first.inputs[0]] },
      {
        op: "convolution",
        inputs: [input],
        output: first.output,
        dims: [1, 150, 150, 32],
        activation: "relu6",
        stride: 2,
        pad: "same",
        axis: 0,
      },
    );
    assert.deepEqual(constants.get(first.inputs[1] ?? -1)?.dims, [32, 3, 3, 3]);
    const made = new Map(nodes.map(({ output, dims }) => [output, dims]));
    assert.deepEqual(
      outputs.map((output) => made.get(output)),
      [
        [1, 1917, 4],
        [1, 1917, 24],
      ],
    );
  });

  it("reads a model made by hand; weights of 16 bits are widened", () => {
    const { nodes, constants, input, outputs } = readTflite(small());
    assert.deepEqual([input, outputs], [0, [6]]);
    assert.deepEqual(
      nodes.map(({ op, inputs, output, dims, activation }) => [op, inputs, output, dims, activation]),
      [
        ["convolution", [0, 3, 4], 5, [1, 2, 2, 1], "relu6"],
        ["reshape", [5], 6, [1, 4], "linear"],
      ],
    );
    assert.deepEqual(
      [...constants].map(([number, { values }]) => [number, ...values]),
      [
        [3, 1],
        [4, -2],
      ],
    );
  });

  it("widens every kind of number of 16 bits", () => {
    for (const [half, value] of [
      [0x0000, 0],
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0xfbff, -65504],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
      [0x7e00, NaN],
    ] as const)
      assert.equal(widen(half), value, half.toString(16));
    assert.ok(Object.is(widen(0x8000), -0));
  });

  it("refuses what it does not know: operators, activations, dilations, strides that differ, numbers of 8 bits", () => {
    const option = (...fields: readonly number[]): Part =>
      table(...fields.map((value, at) => (at === 0 || at === 3 ? byte(value) : integer(value))));
    assert.doesNotThrow(() => readTflite(small({ options: option(0, 1, 1, 0, 1, 1) })));
    for (const [what, model] of Object.entries({
      operator: small({ codes: [DEQUANTIZE, 99, RESHAPE] }),
      activation: small({ options: option(0, 1, 1, 4, 1, 1) }),
      dilation: small({ options: option(0, 1, 1, 0, 2, 1) }),
      strides: small({ options: option(0, 1, 2, 0, 1, 1) }),
      stride: small({ options: option(0, 0, 0, 0, 1, 1) }),
      pad: small({ options: option(2, 1, 1, 0, 1, 1) }),
      numbers: small({ weights: tensor([1, 1, 1, 1], 9, 1) }),
    }))
      assert.throws(() => readTflite(model), RangeError, what);
  });

  it("refuses shapes that lie, axes without end, weights that are not there and answers that nothing makes", () => {
    const dequantize = [operator(0, [1], [3]), operator(0, [2], [4])];
    const convolve = operator(1, [0, 3, 4], [5], table());
    const reshape = operator(2, [5], [6]);
    assert.doesNotThrow(() => readTflite(small({ operators: [...dequantize, convolve, reshape] })));
    for (const [what, model] of Object.entries({
      smaller: small({ stored: halves(0x3c00, 0x3c00) }),
      larger: small({ weights: tensor([1, 1, 1, 2], FLOAT16, 1) }),
      huge: small({ weights: tensor([2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1, 1], FLOAT16, 1) }),
      none: small({ weights: tensor([0, 1], FLOAT16, 1) }),
      axes: small({ weights: tensor([1, 1, 1, 1, 1, 1], FLOAT16, 1) }),
      buffer: small({ weights: tensor([1, 1, 1, 1], FLOAT16, 77) }),
      missing: small({ operators: [...dequantize, operator(1, [0, 99, 4], [6], table())] }),
      circle: small({ operators: [...dequantize, operator(1, [6, 3, 4], [6], table())] }),
      twice: small({ operators: [...dequantize, operator(0, [1], [3]), convolve, reshape] }),
      again: small({ operators: [...dequantize, convolve, reshape, reshape] }),
      nothing: small({ operators: dequantize }),
      unanswered: small({ operators: [...dequantize, convolve] }),
    }))
      assert.throws(() => readTflite(model), RangeError, what);
  });

  it("widens no more weights than the file has bytes, though tensors may share them", () => {
    const weights = halves(...Array.from({ length: 512 }, () => 0x3c00));
    const shared = (times: number): Uint8Array => {
      const graph = table(
        tables(
          tensor([1, 4], 0, 0),
          tensor([512], FLOAT16, 1),
          tensor([4], 0, 0),
          ...Array.from({ length: times }, () => tensor([512], 0, 0)),
        ),
        integers(0),
        integers(2),
        tables(...Array.from({ length: times }, (_, at) => operator(0, [1], [3 + at])), operator(1, [0], [2])),
      );
      const codes = [DEQUANTIZE, RESHAPE].map((code) => table(byte(code), undefined, integer(1), integer(code)));
      const buffers = tables(table(), table(bytes(weights)));
      return write(table(integer(3), tables(...codes), tables(graph), undefined, buffers), "TFL3");
    };
    assert.equal(readTflite(shared(1)).constants.size, 1);
    assert.throws(() => readTflite(shared(100)), RangeError);
  });

  it("refuses a model that is cut anywhere, and one that is none", async () => {
    const whole = small();
    for (let length = 0; length < whole.length - 4; length++)
      assert.throws(() => readTflite(whole.subarray(0, length)), RangeError, String(length));
    const large = splitModel(await readFile(FILE));
    for (let length = 1000; length < large.length; length += 499_979)
      assert.throws(() => readTflite(large.subarray(0, length)), RangeError, String(length));
    const other = small();
    other[4] = 0x55;
    assert.throws(() => readTflite(other), RangeError);
  });

  it("ends with an answer or a RangeError, whatever bytes are changed", () => {
    // Numerical Recipes' linear congruential generator.
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const whole = small();
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const changed = whole.slice();
      for (let count = 1 + random(3); count > 0; count--) changed[random(changed.length)] = random(256);
      try {
        readTflite(changed);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
        refused++;
      }
    }
    assert.ok(refused > 5_000 && refused < 20_000, `${refused} refused`);
  });
});
