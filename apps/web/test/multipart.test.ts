/** Forms with files, as browsers post them and as nobody should: whole, cut anywhere, crafted, changed at random. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readMultipart, type SharedFiles } from "../src/clean/shared/multipart.ts";

const BOUNDARY = "----WebKitFormBoundaryx7Q2mD0aZ3kT9pLw";
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const LIMITS = { field: "files", filesLimit: 500 };

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "latin1"));
const file = (
  content: string | Uint8Array<ArrayBuffer>,
  fields = 'name="files"; filename="a.jpg"',
  type = "image/jpeg",
) => [`Content-Disposition: form-data; ${fields}\r\nContent-Type: ${type}\r\n\r\n`, content];
const form = (...parts: readonly (readonly (string | Uint8Array<ArrayBuffer>)[])[]): Blob =>
  new Blob([...parts.flatMap((part) => [`--${BOUNDARY}\r\n`, ...part, "\r\n"]), `--${BOUNDARY}--\r\n`]);
const read = (body: Blob, type = TYPE): Promise<SharedFiles> => readMultipart(body, type, LIMITS);
const contents = async (answer: SharedFiles): Promise<readonly (readonly [type: string, content: string])[]> => {
  assert.ok(answer.ok);
  return Promise.all(
    answer.files.map(async (each) => [each.type, Buffer.from(await each.arrayBuffer()).toString("latin1")] as const),
  );
};

describe("the files of a form", () => {
  it("are those that a browser's own form holds, byte for byte, without their names", async () => {
    const data = new FormData();
    data.append("title", "From a gallery");
    const first = new Uint8Array(200_000).map((_, index) => (index * 7919) % 256);
    data.append("files", new File([first], 'Marta "1987"; name="x".jpg', { type: "image/jpeg" }));
    data.append("files", new File([], "empty.mp4", { type: "video/mp4" }));
    data.append("other", new File(["not asked for"], "x.txt"));
    const response = new Response(data);
    const type = response.headers.get("content-type") ?? "";
    const answer = await read(await response.blob(), type);
    assert.deepEqual(await contents(answer), [
      ["image/jpeg", Buffer.from(first).toString("latin1")],
      ["video/mp4", ""],
    ]);
    assert.ok(answer.ok && answer.files.every(({ name }) => name === ""));
  });

  it("are found where the delimiter lies over the edge of what is read at once", async () => {
    for (const shift of [-60, -41, -20, -2, -1, 0, 1, 30]) {
      const head = Buffer.byteLength(`--${BOUNDARY}\r\n${file("").join("")}`);
      const size = (4 << 20) + shift;
      const content = new Uint8Array(size).fill(0x2d);
      const answer = await read(form(file(content), file("second")));
      assert.ok(answer.ok);
      assert.deepEqual(
        answer.files.map((each) => each.size),
        [size, 6],
        String(head + shift),
      );
    }
  });

  it("may hold what looks like a delimiter, and is none", async () => {
    for (const content of [
      `\r\n--${BOUNDARY.slice(0, -1)}`,
      `\n--${BOUNDARY}`,
      `--${BOUNDARY}--`,
      `\r\n\r\n--`,
      "\r\n".repeat(50),
      "-".repeat(500),
    ]) {
      assert.deepEqual(await contents(await read(form(file(content)))), [["image/jpeg", content]]);
    }
  });

  it("are none where nothing was chosen, and other fields alone are none", async () => {
    const nothing = file("", 'name="files"; filename=""', "application/octet-stream");
    const text = ['Content-Disposition: form-data; name="title"\r\n\r\n', "words"];
    const named = file("x", 'name="other"; filename="files"');
    assert.deepEqual(await read(form(nothing, text, named)), { ok: false, code: "share_empty" });
    assert.deepEqual(await read(form()), { ok: false, code: "share_empty" });
  });

  it("are refused as a whole when cut off anywhere", async () => {
    const whole = new Uint8Array(await form(file("content of one"), file("and another")).arrayBuffer());
    // What follows the closing delimiter means nothing.
    for (let length = 0; length < whole.length - 2; length += 1) {
      const answer = await read(new Blob([whole.subarray(0, length)]));
      assert.deepEqual(answer, { ok: false, code: "share_unreadable" }, String(length));
    }
    assert.equal((await contents(await read(new Blob([whole])))).length, 2);
  });

  it("are refused without a boundary, with wrong headers, and with headers or parts without end", async () => {
    const whole = form(file("content"));
    for (const type of [
      "",
      "text/plain",
      "multipart/form-data",
      "multipart/mixed; boundary=x",
      "multipart/form-data; boundary=",
    ])
      assert.deepEqual(await read(whole, type), { ok: false, code: "share_unreadable" }, type);
    for (const part of [
      ["no header at all\r\n\r\n", "x"],
      ['Content-Disposition: attachment; name="files"; filename="a"\r\n\r\n', "x"],
      ['Content-Disposition: form-data; filename="a"\r\n\r\n', "x"],
      [`Content-Disposition: form-data; name="files"; filename="${"a".repeat(9_000)}"\r\n\r\n`, "x"],
    ])
      assert.deepEqual(await read(form(part)), { ok: false, code: "share_unreadable" });
    const text = ['Content-Disposition: form-data; name="t"\r\n\r\n', ""];
    assert.deepEqual(await read(form(...Array.from({ length: 2_100 }, () => text))), {
      ok: false,
      code: "share_unreadable",
    });
  });

  it("are read up to the number asked for, and the reading stops when told", async () => {
    const many = form(...Array.from({ length: 20 }, (_, index) => file(`file ${index}`)));
    const answer = await readMultipart(many, TYPE, { ...LIMITS, filesLimit: 7 });
    assert.equal((await contents(answer)).length, 7);
    const abort = new AbortController();
    const large = form(file(new Uint8Array(20 << 20)));
    const progress: number[] = [];
    const reading = readMultipart(large, TYPE, {
      ...LIMITS,
      signal: abort.signal,
      onProgress: (fraction) => {
        progress.push(fraction);
        if (progress.length === 2) abort.abort();
      },
    });
    await assert.rejects(reading, { name: "AbortError" });
    assert.equal(progress.length, 2);
  });

  it("never hold more at once than a block, and are slices, not copies", async () => {
    const body = form(file(new Uint8Array(64 << 20)));
    const slice = body.slice.bind(body);
    let largest = 0;
    let blocks = 0;
    const watched: Blob = Object.assign(body, {
      slice(from?: number, to?: number) {
        const part = slice(from, to);
        const whole = part.arrayBuffer.bind(part);
        return Object.assign(part, {
          arrayBuffer() {
            largest = Math.max(largest, part.size);
            blocks += 1;
            return whole();
          },
        });
      },
    });
    const answer = await read(watched);
    assert.ok(answer.ok && answer.files[0]?.size === 64 << 20);
    assert.ok(blocks > 16 && largest < 5 << 20, `${largest} bytes at once`);
  });

  it("that were put together at random come back, and bytes changed at random never break the reading", async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(parts, async (all) => {
        const found = await contents(await read(form(...all.map((each) => file(new Uint8Array(each))))));
        assert.deepEqual(
          found.map(([, content]) => content),
          all.map((each) => Buffer.from(each).toString("latin1")),
        );
      }),
      { numRuns: 200, seed: 20 },
    );
    const whole = new Uint8Array(await form(file("content of one"), file(bytes("\r\n--".repeat(20)))).arrayBuffer());
    const change = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const changed = whole.slice();
        for (const [at, value] of changes) changed[at] = value;
        const answer = await read(new Blob([changed]));
        if (answer.ok) assert.ok(answer.files.every((each) => each.size < whole.length));
      }),
      { numRuns: 3_000, seed: 20 },
    );
  });
});
