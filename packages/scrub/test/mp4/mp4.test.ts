import assert from "node:assert/strict";
import { test } from "node:test";
import { box, findBox, full, latin, be16, be32 } from "../boxes.ts";
import { holdsPlanted, inspectBytes, planted, PLANTED, stripBytes } from "../files.ts";
import { defaultSound, defaultVideo, makeFragmented, makeMp4, mp4Cases, seiText, unit } from "./mp4s.ts";

const valuesOf = async (bytes: Buffer): Promise<Record<string, string>> => {
  const found = await inspectBytes(bytes);
  assert.ok(found.ok, found.ok ? "" : found.reason);
  return Object.fromEntries(found.findings.map(({ name, value }) => [name, value]));
};

/** The content of the media data, where an output has it: last. */
const mediaOf = (bytes: Buffer): Buffer => bytes.subarray(findBox(bytes, "mdat") + 8);

test("whatever is planted where, the output does not hold it, and cleaning it again changes nothing", async () => {
  const cases = mp4Cases();
  assert.ok(cases.length > 35);
  for (const { name, bytes } of cases) {
    const found = await inspectBytes(bytes);
    assert.ok(found.ok && found.findings.length > 0, `${name}: ${found.ok ? "nothing found" : found.reason}`);
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.equal(holdsPlanted(clean), false, name);
    assert.deepEqual(outcome.removed, found.findings, name);
    assert.equal(outcome.sizeBytes, clean.length, name);
    assert.deepEqual(await inspectBytes(clean), { ok: true, format: "mp4", findings: [], trailingBytes: 0 }, name);
    assert.deepEqual((await stripBytes(clean)).bytes, clean, `${name}: not the same when cleaned again`);
  }
});

test("a chunk without bytes has no place of its own, wherever its index puts it", async () => {
  const sounds = [...defaultSound().slice(0, 2), Buffer.alloc(0)];
  const bytes = makeMp4({ sound: sounds });
  const video = bytes.indexOf("stco") + 12;
  const sound = bytes.indexOf("stco", video) + 12;
  // Where the first picture lies: it came to lie where the first sound did, and behind that when cleaned again.
  bytes.copyWithin(sound + 4 * (sounds.length - 1), video, video + 4);
  const { outcome, bytes: clean } = await stripBytes(bytes);
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  assert.deepEqual((await stripBytes(clean)).bytes, clean);
});

test("what is played is there, sample by sample and in the order in which it lay", async () => {
  const video = defaultVideo();
  const sound = defaultSound();
  const { outcome, bytes } = await stripBytes(
    makeMp4({ data: { format: "gpmd", handler: "meta", samples: [planted, planted, planted] } }),
  );
  assert.ok(outcome.ok);
  const wanted = video.flatMap((one, n) => [one, sound[n] ?? Buffer.alloc(0)]);
  assert.deepEqual(mediaOf(bytes), Buffer.concat(wanted));
});

test("place, time, device and program are told so that people can read them", async () => {
  const values = await valuesOf(
    makeMp4({
      when: 2_082_844_800 + 1_715_951_109,
      movieExtra: [
        box(
          "udta",
          box("©xyz", be16(22), be16(0), latin("+47.3769+008.5417+408/")),
          box("©mak", be16(4), be16(0), latin("Acme")),
        ),
      ],
      video: defaultVideo().map((one) => Buffer.concat([seiText(latin("x264 - core 164 r3108")), one])),
    }),
  );
  assert.equal(values["GPSPosition"], "47.3769, 8.5417, 408 m");
  assert.equal(values["CreateDate"], "2024-05-17T13:05:09Z");
  assert.equal(values["©mak"], "Acme");
  assert.equal(values["user data"], "x264 - core 164 r3108 (6 times)");
});

/** A key of GoPro's telemetry; type "" holds others. */
const gpmf = (key: string, type: string, size: number, data: Buffer): Buffer =>
  Buffer.concat([
    latin(key),
    Buffer.from([type === "" ? 0 : type.charCodeAt(0), type === "" ? 1 : size]),
    be16(type === "" ? data.length : data.length / size),
    data,
    Buffer.alloc(-data.length & 3),
  ]);
const place = (latitude: number, longitude: number, before = 0): Buffer =>
  Buffer.concat([
    Buffer.alloc(before),
    ...[latitude, longitude].map((one) => be32((1e7 * one) >>> 0)),
    Buffer.alloc(12),
  ]);

test("telemetry tells the first place that it knows, and whose device it was", async () => {
  const device = (...all: readonly Buffer[]): Buffer =>
    gpmf("DEVC", "", 1, Buffer.concat([gpmf("STRM", "", 1, Buffer.concat(all))]));
  const values = await valuesOf(
    makeMp4({
      movieExtra: [
        box(
          "udta",
          box("GPMF", device(gpmf("MINF", "c", 10, latin("HERO9 Hero")), gpmf("CASN", "c", 8, latin("C3471107")))),
        ),
      ],
      data: {
        format: "gpmd",
        handler: "meta",
        samples: [
          device(gpmf("GPS5", "l", 20, place(0, 0))),
          device(gpmf("GPSU", "U", 16, latin("240517130509.120")), gpmf("GPS5", "l", 20, place(-33.8568, 151.2153))),
          device(gpmf("GPS5", "l", 20, place(47.3769, 8.5417))),
        ],
      },
    }),
  );
  assert.equal(values["GPSPosition"], "-33.8568, 151.2153");
  assert.equal(values["GPSDateTime"], "2024-05-17T13:05:09Z");
  assert.equal(values["Model"], "HERO9 Hero");
  assert.equal(values["SerialNumber"], "C3471107");
});

test("telemetry of a Karma, of HERO11 and of Google tells its place as well", async () => {
  const camm = Buffer.alloc(28);
  camm.writeUInt16LE(5, 2);
  camm.writeDoubleLE(47.3769, 4);
  camm.writeDoubleLE(8.5417, 12);
  const samples: readonly (readonly [string, Buffer])[] = [
    ["gpmd", gpmf("GLPI", "?", 24, place(47.3769, 8.5417, 4))],
    ["gpmd", gpmf("GPRI", "?", 28, place(47.3769, 8.5417, 8))],
    ["gpmd", gpmf("GPS9", "?", 20, place(47.3769, 8.5417))],
    ["camm", camm],
  ];
  for (const [format, sample] of samples) {
    const values = await valuesOf(makeMp4({ data: { format, handler: "meta", samples: [sample] } }));
    assert.equal(values["GPSPosition"], "47.3769, 8.5417", format);
  }
});

test("telemetry that lies about its sizes, its places and its depth is left out all the same", async () => {
  let deep = gpmf("GPS5", "l", 20, place(47, 8));
  for (let depth = 0; depth < 50; depth += 1) deep = gpmf("DEVC", "", 1, deep);
  const lying = gpmf("GPS5", "l", 20, place(47, 8));
  lying.writeUInt16BE(0xffff, 6);
  const samples = [
    deep,
    lying,
    Buffer.alloc(40),
    Buffer.from("DEVC"),
    gpmf("GPS5", "l", 4, be32(470_000_000)),
    gpmf("GPS5", "l", 20, place(100, 8)),
    gpmf("GPSU", "U", 16, planted.subarray(0, 16)),
  ];
  const { outcome, bytes } = await stripBytes(makeMp4({ data: { format: "gpmd", handler: "meta", samples } }));
  assert.ok(outcome.ok);
  assert.deepEqual(
    outcome.removed.filter(({ where }) => where === "track 3 gpmd").map(({ name }) => name),
    ["GoPro telemetry: places, movements, serial"],
  );
  assert.ok(!bytes.includes("DEVC"));
});

test("numbers of a device are told as their size, and Adobe's time code is no name", async () => {
  const found = await inspectBytes(
    makeMp4({
      movieExtra: [box("udta", box("GUMI", latin("looks like text!")), box("©TSC", be16(2), be16(0), latin("30")))],
    }),
  );
  assert.ok(found.ok);
  const told = (name: string): unknown => {
    const one = found.findings.find((finding) => finding.name === name);
    return [one?.kind, one?.value, one?.severity];
  };
  assert.deepEqual(told("GUMI"), ["device", "16 bytes", "high"]);
  assert.deepEqual(told("©TSC"), ["other", "30", "low"]);
});

test("a finding for a place in 3GPP's box and in degrees, minutes and seconds", async () => {
  const loci = full(
    "loci",
    0,
    0,
    be16(0x15c7),
    latin("Home\0"),
    Buffer.alloc(1),
    be32(0x8_8aac),
    be32(0x2f_607c),
    be32(0),
    latin("earth\0\0"),
  );
  const values = await valuesOf(makeMp4({ movieExtra: [box("udta", loci)] }));
  assert.equal(values["GPSPosition"], "47.376892, 8.541687");
  assert.equal(values["place name"], "Home");
  const minutes = await valuesOf(
    makeMp4({ movieExtra: [box("udta", box("©xyz", be16(20), be16(0), latin("+472236.8+0083230.1/")))] }),
  );
  assert.equal(minutes["GPSPosition"], "47.376889, 8.541694");
});

test("fragments come out as one movie, from the first picture's time on", async () => {
  const { outcome, bytes } = await stripBytes(makeFragmented());
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  assert.equal(holdsPlanted(bytes), false);
  for (const type of ["moof", "mvex", "sidx", "tfdt", "elst"]) assert.equal(bytes.includes(type), false, type);
  assert.deepEqual(mediaOf(bytes), Buffer.concat(defaultVideo()));
  assert.deepEqual((await stripBytes(bytes)).bytes, bytes);
});

test("an edit list keeps what it plays and what that needs, and nothing else", async () => {
  const video = defaultVideo();
  const sync = video.map((one, n) => (n === 3 ? unit(0x65, 0x88, Buffer.alloc(20, 0x99)) : one));
  // 350 to 600 thousandths are played: samples 3 to 5; the first three are before the place where decoding begins.
  const { outcome, bytes } = await stripBytes(makeMp4({ video: sync, sync: [1, 4], edits: [[200, 400]], sound: [] }));
  assert.ok(outcome.ok);
  assert.deepEqual(mediaOf(bytes), Buffer.concat(sync.slice(3)));
  assert.ok(outcome.kept.includes("edit list") && outcome.kept.includes("hidden samples that decoding needs"));
  const elst = findBox(bytes, "elst");
  assert.deepEqual([bytes.readUInt32BE(elst + 16), bytes.readUInt32BE(elst + 20)], [200, 100]);
  // An empty edit hides nothing.
  const late = await stripBytes(
    makeMp4({
      video,
      edits: [
        [500, -1],
        [600, 0],
      ],
      sound: [],
    }),
  );
  assert.ok(late.outcome.ok);
  assert.deepEqual(mediaOf(late.bytes), Buffer.concat(video));
});

test("a message that showing needs stays, whole or of what is left", async () => {
  const recovery = unit(6, 6, 1, 0xc0, 0x80);
  const both = unit(6, 6, 1, 0xc0, 5, 20, Buffer.alloc(20, 0x41), 0x80);
  const [first = Buffer.alloc(0)] = defaultVideo();
  for (const message of [recovery, both]) {
    const { outcome, bytes } = await stripBytes(makeMp4({ video: [Buffer.concat([message, first])], sound: [] }));
    assert.ok(outcome.ok);
    assert.deepEqual(mediaOf(bytes), Buffer.concat([recovery, first]));
  }
});

test("old QuickTime files without a type stay QuickTime, phones' files stay 3GP", async () => {
  const plain = makeMp4({ brand: "qt  ", compatible: "qt  " });
  const { outcome, bytes } = await stripBytes(plain);
  assert.ok(outcome.ok && outcome.format === "mov");
  assert.equal(bytes.toString("latin1", 4, 12), "ftypqt  ");
  const phone = await stripBytes(makeMp4({ brand: "3gp5", compatible: "3gp5isom" }));
  assert.ok(phone.outcome.ok && phone.outcome.format === "3gp");
});

test("the turning of a video stays", async () => {
  const quarter = Buffer.concat([0, 0x1_0000, 0, 0xffff_0000, 0, 0, 0x30_0000, 0, 0x4000_0000].map(be32));
  const { outcome, bytes } = await stripBytes(makeMp4({ matrix: quarter }));
  assert.ok(outcome.ok && outcome.kept.includes("orientation"));
  assert.ok(bytes.includes(quarter));
});

test("what is doubtful is refused by name and nothing is written", async () => {
  const plain = makeMp4();
  const changed = (type: string, offset: number, value: Buffer): Buffer => {
    const copy = Buffer.from(plain);
    value.copy(copy, findBox(copy, type) + offset);
    return copy;
  };
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["another codec", changed("avc1", 4, latin("priv")), "scrub_unsupported"],
    ["encrypted", changed("avc1", 4, latin("encv")), "scrub_unsupported"],
    ["media of another file", changed("url ", 11, Buffer.from([0])), "scrub_unsupported"],
    ["samples outside", changed("stco", 16, be32(0x7fff_ffff)), "scrub_damaged"],
    ["samples within the index", changed("stco", 16, be32(40)), "scrub_damaged"],
    ["more samples than sizes", changed("stsz", 16, be32(0x0fff_ffff)), "scrub_damaged"],
    [
      "four thousand million samples of one size",
      changed("stsz", 12, Buffer.concat([be32(1), be32(0xffff_ffff)])),
      "scrub_doubtful",
    ],
    ["no time scale", changed("mvhd", 20, be32(0)), "scrub_damaged"],
    ["a box longer than its parent", changed("stbl", 0, be32(0x7fff_0000)), "scrub_damaged"],
    ["a box of no length", changed("stsd", 0, be32(3)), "scrub_damaged"],
    ["cut off within the media", plain.subarray(0, -5), "scrub_damaged"],
    ["units that do not fit", changed("mdat", 8, be32(0x00ff_ffff)), "scrub_damaged"],
    ["text in a parameter set", changed("avcC", 16, latin("Marta Muster")), "scrub_damaged"],
    [
      "an early encoder",
      makeMp4({ video: [Buffer.concat([seiText(latin("x264 - core 20")), defaultVideo()[0] ?? planted])] }),
      "scrub_doubtful",
    ],
    ["text behind sound", makeMp4({ sound: [Buffer.concat([Buffer.from([0x21, 0x10]), planted])] }), "scrub_doubtful"],
    ["no movie", plain.subarray(0, findBox(plain, "moov")), "scrub_damaged"],
  ];
  for (const [name, bytes, code] of cases) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0, name);
  }
});

test("every truncation is refused or clean, and never holds what was planted", async () => {
  const file = makeMp4({ movieExtra: [box("udta", box("©nam", planted))], after: [box("free", planted)] });
  for (let length = 1; length < file.length; length += 1) {
    const { outcome, bytes, writes } = await stripBytes(file.subarray(0, length));
    if (!outcome.ok) assert.equal(writes, 0);
    else assert.equal(holdsPlanted(bytes), false, String(length));
  }
});

test("a hundred thousand boxes and boxes of four gigabytes end in bounded time", async () => {
  const many = Buffer.concat(Array.from({ length: 100_000 }, () => box("free", latin(PLANTED))));
  const outside = await stripBytes(makeMp4({ before: [many] }));
  assert.ok(outside.outcome.ok && !holdsPlanted(outside.bytes));
  const inside = await stripBytes(makeMp4({ movieExtra: [box("udta", many)] }));
  assert.ok(inside.outcome.ok && !holdsPlanted(inside.bytes));
  const huge = Buffer.concat([makeMp4(), be32(1), latin("free"), be32(0xffff_ffff), be32(0xffff_ffff), planted]);
  const behind = await stripBytes(huge);
  assert.ok(behind.outcome.ok && !holdsPlanted(behind.bytes));
});

test("bytes changed by chance: refused, or clean and the same when cleaned again", async () => {
  const files = [makeMp4({ when: 7, edits: [[400, 100]] }), makeFragmented()];
  let state = 11;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
  let cleaned = 0;
  for (let round = 0; round < 3000; round += 1) {
    const copy = Buffer.from(files[round % 2] ?? planted);
    for (let i = 0; i <= next(3); i += 1) copy[next(copy.length)] = [0, 1, 0x7f, 0x80, 0xff, next(256)][next(6)] ?? 0;
    const { outcome, bytes, writes } = await stripBytes(copy);
    if (!outcome.ok) {
      assert.equal(writes, 0);
      assert.notEqual(outcome.code, "scrub_incomplete", `round ${round}`);
      continue;
    }
    cleaned += 1;
    assert.deepEqual((await stripBytes(bytes)).bytes, bytes);
  }
  assert.ok(cleaned > 300);
});
