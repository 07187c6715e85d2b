import assert from "node:assert/strict";
import { test } from "node:test";
import { mutate, seeded } from "../fuzz/mutate.ts";
import { holdInvariants } from "../fuzz/invariants.ts";
import { latin } from "../boxes.ts";
import { holdsPlanted, inspectBytes, planted, stripBytes } from "../files.ts";
import { defaultSound, defaultVideo } from "../mp4/mp4s.ts";
import { proveTruncations } from "../prove.ts";
import {
  blockOf,
  bombs,
  cluster,
  dateUtc,
  el,
  makeMkv,
  mkvCases,
  open,
  orderedChapters,
  plantedIndex,
  simple,
  size,
  tags,
  ticks,
} from "./mkvs.ts";

const frame = (n: number): Buffer => defaultVideo()[n] ?? planted;

const cleanOf = async (bytes: Buffer): Promise<Buffer> => {
  const { outcome, bytes: clean } = await stripBytes(bytes);
  assert.ok(outcome.ok, outcome.ok ? "" : `${outcome.code}: ${outcome.reason}`);
  return clean;
};

test("whatever is planted where, the output does not hold it, and cleaning it again changes nothing", async () => {
  const cases = mkvCases();
  assert.ok(cases.length > 60);
  for (const { name, bytes } of cases) {
    const found = await inspectBytes(bytes);
    assert.ok(found.ok && found.findings.length > 0, `${name}: ${found.ok ? "nothing found" : found.reason}`);
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, `${name}: ${outcome.ok || outcome.reason}`);
    assert.equal(holdsPlanted(clean), false, name);
    assert.deepEqual(outcome.removed, found.findings, name);
    assert.equal(outcome.sizeBytes, clean.length, name);
    const { format } = found;
    assert.deepEqual(await inspectBytes(clean), { ok: true, format, findings: [], trailingBytes: 0 }, name);
    assert.deepEqual((await stripBytes(clean)).bytes, clean, `${name}: not the same when cleaned again`);
  }
});

test("the index is made anew, and nothing of the old one comes along", async () => {
  assert.equal(holdsPlanted(await cleanOf(plantedIndex)), false);
  assert.deepEqual(await cleanOf(plantedIndex), await cleanOf(makeMkv()));
});

test("nothing is found in a file that says nothing", async () => {
  for (const parts of [{}, { isOpen: true }, { docType: "webm" }])
    assert.deepEqual((await inspectBytes(makeMkv(parts))).ok && (await inspectBytes(makeMkv(parts))), {
      ok: true,
      format: parts.docType === undefined ? "mkv" : "webm",
      findings: [],
      trailingBytes: 0,
    });
});

test("the blocks are there, one by one, with their times and flags", async () => {
  const clean = await cleanOf(makeMkv({ segmentExtra: [tags("TITLE", planted)] }));
  const video = defaultVideo();
  const sound = defaultSound();
  const cluster0 = cluster(
    ticks(0),
    ...video
      .slice(0, 3)
      .flatMap((one, n) => [
        simple(1, 100 * n, [one], n === 0 ? 0x80 : 0),
        simple(2, 100 * n, [sound[n] ?? planted], 0x80),
      ]),
  );
  assert.ok(clean.includes(cluster0));
  assert.deepEqual(await cleanOf(makeMkv({ isOpen: true })), clean, "sizes that are not told are told");
  // The index: one place for each cluster, counted from the segment's content.
  const segmentAt = clean.indexOf(Buffer.from("18538067", "hex")) + 12;
  const positions: number[] = [];
  for (
    let at = clean.indexOf(Buffer.from("f188", "hex"));
    at >= 0;
    at = clean.indexOf(Buffer.from("f188", "hex"), at + 1)
  )
    positions.push(Number(clean.readBigUInt64BE(at + 2)));
  assert.equal(positions.length, 2);
  for (const position of positions) assert.equal(clean.readUInt32BE(segmentAt + position), 0x1f43_b675);
});

test("what a group says of its block stays: duration, references, padding, transparency", async () => {
  const alpha = Buffer.alloc(20, 8);
  const group = el(
    0xa0,
    el(0xa1, blockOf(1, 5, [Buffer.alloc(30, 9)])),
    el(0x75a1, el(0xa6, el(0xee, 1), el(0xa5, alpha))),
    el(0x9b, 100),
    el(0xfb, Buffer.from([0xff])),
    el(0x75a2, Buffer.from([0x00, 0xff])),
  );
  const { outcome, bytes } = await stripBytes(
    makeMkv({
      videoCodec: ["V_VP9", Buffer.alloc(0)],
      videoExtra: [el(0x53c0, 1)],
      clusters: [cluster(ticks(0), group)],
      segmentExtra: [tags("TITLE", planted)],
    }),
  );
  assert.ok(outcome.ok && outcome.kept.includes("transparency"));
  assert.ok(bytes.includes(group));
});

test("frames that share a block stay the same, whatever way their sizes are told", async () => {
  const frames = [40, 300, 2, 300].map((length, n) => Buffer.alloc(length, n + 1));
  const same = [1, 2, 3].map((n) => Buffer.alloc(50, n));
  const kinds = ["xiph", "ebml", "fixed"] as const;
  for (const kind of kinds) {
    const wanted = kind === "fixed" ? same : frames;
    const clean = await cleanOf(
      makeMkv({
        soundCodec: ["A_AC3", Buffer.alloc(0)],
        clusters: [cluster(ticks(0), simple(1, 0, [frame(0)], 0x80), simple(2, 0, wanted, 0x80, kind))],
      }),
    );
    const all = Buffer.concat(wanted);
    const at = clean.indexOf(all);
    assert.ok(at > 0, kind);
    // Told as short as can be: 40 in one byte, then differences.
    const told =
      kind === "fixed" ? "02" : `03a8${size(260 + 8191, 2).toString("hex")}${size(-298 + 8191, 2).toString("hex")}`;
    assert.equal(clean.toString("hex", at - told.length / 2, at), told, kind);
  }
});

test("place, time, device and program are told so that people can read them", async () => {
  const found = await inspectBytes(
    makeMkv({
      info: [dateUtc, el(0x4d80, "Lavf60.16.100")],
      segmentExtra: [tags("LOCATION", "+47.3769+008.5417+408/"), tags("COM.ANDROID.MANUFACTURER", "Acme")],
    }),
  );
  assert.ok(found.ok);
  assert.deepEqual(
    found.findings.map(({ kind, name, value }) => [kind, name, value]),
    [
      ["time", "DateUTC", "2024-05-17T13:05:09Z"],
      ["editing", "MuxingApp", "Lavf60.16.100"],
      ["location", "GPSPosition", "47.3769, 8.5417, 408 m"],
      ["device", "COM.ANDROID.MANUFACTURER", "Acme"],
    ],
  );
});

test("the turning of a video stays, a clock that tells when is set back", async () => {
  const angle = Buffer.alloc(4);
  angle.writeFloatBE(-90);
  const turned = el(0x7670, el(0x7671, 0), el(0x7675, angle));
  const { outcome, bytes } = await stripBytes(makeMkv({ videoExtra: [turned], startTicks: 1_715_951_109_000 }));
  assert.ok(outcome.ok && outcome.kept.includes("orientation"));
  assert.ok(bytes.includes(turned));
  assert.deepEqual(bytes, await cleanOf(makeMkv({ videoExtra: [turned] })));
});

test("what is doubtful is refused by name and nothing is written", async () => {
  const track = (...more: readonly Buffer[]): Buffer => makeMkv({ trackExtra: more });
  const blocks = (...more: readonly Buffer[]): Buffer => makeMkv({ clusters: [cluster(ticks(0), ...more)] });
  const plain = makeMkv();
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["another kind of EBML", makeMkv({ docType: "other" }), "scrub_unsupported"],
    ["a later version", makeMkv({ headerExtra: [el(0x42f7, 2)] }), "scrub_unsupported"],
    ["another codec", makeMkv({ videoCodec: ["V_MS/VFW/FOURCC", Buffer.alloc(40)] }), "scrub_unsupported"],
    ["packed or encrypted", track(el(0x6d80, el(0x6240, el(0x5035, el(0x47e1, 5))))), "scrub_unsupported"],
    ["a time of its own", track(el(0x23_314f, Buffer.from([0x40, 0, 0, 0]))), "scrub_unsupported"],
    ["an encrypted block", blocks(el(0xaf, planted)), "scrub_unsupported"],
    [
      "settings that change",
      blocks(el(0xa0, el(0xa1, blockOf(1, 0, [frame(0)])), el(0xa4, planted))),
      "scrub_doubtful",
    ],
    ["chapters that say what is played", makeMkv({ segmentExtra: [orderedChapters] }), "scrub_doubtful"],
    ["two tracks of one number", track(el(0xd7, 2)), "scrub_doubtful"],
    ["no tracks", makeMkv({ segmentExtra: [], tracksExtra: [] }).subarray(0, 60), "scrub_damaged"],
    ["no media", makeMkv({ clusters: [] }), "scrub_damaged"],
    [
      "media of tracks that are not there",
      makeMkv({ clusters: [cluster(ticks(0), simple(7, 0, [frame(0)]))] }),
      "scrub_damaged",
    ],
    ["a cluster without a time", makeMkv({ clusters: [cluster(simple(1, 0, [frame(0)]))] }), "scrub_damaged"],
    [
      "clusters that run backwards",
      makeMkv({
        clusters: [cluster(ticks(9e12), simple(1, 0, [frame(0)])), cluster(ticks(0), simple(1, 0, [frame(0)]))],
      }),
      "scrub_damaged",
    ],
    ["frames that do not fit", blocks(el(0xa3, Buffer.from([0x81, 0, 0, 0x82, 3, 200, 200, 200]))), "scrub_damaged"],
    ["frames of no one size", blocks(el(0xa3, Buffer.from([0x81, 0, 0, 0x84, 2, 1, 2, 3, 4]))), "scrub_damaged"],
    [
      "an element longer than its parent",
      makeMkv({ info: [Buffer.concat([Buffer.from("7ba9", "hex"), size(5000), planted])] }),
      "scrub_damaged",
    ],
    [
      "an element of eight exabytes",
      makeMkv({ segmentExtra: [Buffer.from("ec01fffffffffffffe", "hex")] }),
      "scrub_damaged",
    ],
    ["a size that is not told where it has to be", makeMkv({ segmentExtra: [open(0x1254_c367)] }), "scrub_damaged"],
    ["an identifier of five bytes", makeMkv({ segmentExtra: [Buffer.from("0800000000", "hex")] }), "scrub_damaged"],
    ["cut off within the media", plain.subarray(0, -5), "scrub_damaged"],
    [
      "text in a parameter set",
      makeMkv({ videoCodec: ["V_MPEG4/ISO/ASP", Buffer.concat([Buffer.from([0, 0, 1, 0x20]), planted])] }),
      "scrub_doubtful",
    ],
    ["text behind sound", makeMkv({ sound: [Buffer.concat([Buffer.from([0x21, 0x10]), planted])] }), "scrub_doubtful"],
    ["a number that is none", makeMkv({ videoExtra: [el(0x54b0, latin("PLANTED-"))] }), "scrub_damaged"],
    ["a number that is too large", makeMkv({ videoExtra: [el(0x54b0, latin("PLANT"))] }), "scrub_doubtful"],
  ];
  for (const [name, bytes, code] of cases) {
    const { outcome, writes } = await stripBytes(bytes);
    assert.equal(outcome.ok ? "cleaned" : outcome.code, code, name);
    assert.equal(writes, 0, name);
  }
});

test("every truncation is refused or clean, and never holds what was planted", async () => {
  const parts = { info: [el(0x7ba9, planted)], segmentExtra: [tags("TITLE", planted)], after: [el(0xec, planted)] };
  await proveTruncations(makeMkv(parts));
  await proveTruncations(makeMkv({ ...parts, isOpen: true }));
});

test("a recording that was cut off is cleaned up to its last whole block", async () => {
  const cut = await cleanOf(makeMkv({ isOpen: true }).subarray(0, -5));
  assert.deepEqual(cut, await cleanOf(makeMkv({ video: defaultVideo().slice(0, 5) })));
});

test("a hundred thousand elements of each kind end in bounded time", async () => {
  const before = process.cpuUsage();
  for (const { name, bytes } of bombs()) {
    const { outcome, bytes: clean } = await stripBytes(bytes);
    assert.ok(outcome.ok, name);
    assert.equal(holdsPlanted(clean), false, name);
  }
  // About a second all in all. By the clock, a busy machine would count, too.
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 30e6, `${(user + system) / 1e6} s of the processor`);
});

test("bytes changed by chance: refused, or clean and the same when cleaned again", async () => {
  const cases = mkvCases();
  const random = seeded(11);
  let cleaned = 0;
  for (let run = 0; run < 3000; run += 1) {
    const [one, other] = [cases[random(cases.length)], cases[random(cases.length)]];
    const { ok } = await holdInvariants(mutate(one?.bytes ?? planted, other?.bytes ?? planted, random)).catch(
      (error: unknown) => {
        throw new Error(`run ${run}, from "${one?.name ?? ""}"`, { cause: error });
      },
    );
    if (ok) cleaned += 1;
  }
  assert.ok(cleaned > 300);
});
