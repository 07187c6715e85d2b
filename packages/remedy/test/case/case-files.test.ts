import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { zipSync } from "fflate";
import { applyToCase, caseFiles, type CaseFile, isSealed, packCase, unpackCase } from "../../src/index.ts";
import { FULL, NOW_MS } from "../cases.ts";

const CASE: CaseFile = {
  version: 1,
  facts: FULL,
  notices: [
    {
      id: "a",
      kind: "notice",
      regime: "us-take-it-down",
      recipient: "Ünïted Example",
      urls: ["https://x.com/1"],
      state: "sent",
      draftedAt: "2026-11-26T00:00:00Z",
      sentAt: "2026-11-27T00:00:00Z",
      sentBy: "form",
      letter: { subject: "Notice", body: "What was sent" },
    },
  ],
  replies: [{ id: "r1", notice: "a", at: "2026-11-27T10:00:00Z", from: "x@y.org", text: "We look at it." }],
};
const PASSPHRASE = "seven blue kites over water";
const random = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => randomFillSync(bytes);

const packed = async (passphrase?: string): Promise<Uint8Array<ArrayBuffer>> => {
  const outcome = await packCase(CASE, NOW_MS, passphrase === undefined ? undefined : { passphrase, random });
  assert.ok(outcome.ok);
  return outcome.bytes;
};
const code = async (bytes: Uint8Array, passphrase?: string): Promise<string> => {
  const outcome = await unpackCase(new Uint8Array(bytes), passphrase);
  return outcome.ok ? "ok" : outcome.code;
};

test("the folder has what is read again, and what people read; names say nothing", () => {
  const files = caseFiles(CASE, NOW_MS);
  assert.deepEqual(Object.keys(files), ["case.json", "reminders.ics", "letters/a.txt", "replies/r1.txt"]);
  const text = (name: string): string => new TextDecoder().decode(files[name]);
  assert.deepEqual(JSON.parse(text("case.json")), CASE);
  assert.equal(text("letters/a.txt"), "Notice\n\nWhat was sent\n");
  assert.match(text("replies/r1.txt"), /x@y\.org[^]*We look at it\./u);
  assert.match(text("reminders.ics"), /DTSTART:20261129T000000Z/u);
  assert.match(text("reminders.ics"), /SUMMARY:Reminder/u);
});

test("what was written is read again: plain, sealed, and the bare file", async () => {
  assert.deepEqual(await unpackCase(await packed()), { ok: true, case: CASE });
  const sealed = await packed(PASSPHRASE);
  assert.ok(isSealed(sealed));
  assert.ok(!Buffer.from(sealed).includes("case.json"));
  assert.deepEqual(await unpackCase(sealed, PASSPHRASE), { ok: true, case: CASE });
  // The same letters, typed as letters and marks apart.
  const accented = await packed("café con leche y pan");
  assert.deepEqual(await unpackCase(accented, "cafe\u0301 con leche y pan"), { ok: true, case: CASE });
  assert.deepEqual(await unpackCase(new Uint8Array(caseFiles(CASE, NOW_MS)["case.json"]!)), { ok: true, case: CASE });
  // Plain is the same file each time; sealed never is.
  assert.deepEqual(await packed(), await packed());
  assert.notDeepEqual(await packed(PASSPHRASE), sealed);
});

test("independent: another program opens the sealed file by its description", async () => {
  const { createDecipheriv, pbkdf2Sync } = await import("node:crypto");
  const sealed = Buffer.from(await packed(PASSPHRASE));
  assert.equal(sealed.subarray(0, 5).toString("latin1"), "RCASE");
  const head = sealed.subarray(0, 38);
  const key = pbkdf2Sync(PASSPHRASE, head.subarray(10, 26), head.readUInt32BE(6), 32, "sha256");
  const opened = createDecipheriv("aes-256-gcm", key, head.subarray(26, 38));
  opened.setAAD(head);
  opened.setAuthTag(sealed.subarray(-16));
  const zip = Buffer.concat([opened.update(sealed.subarray(38, -16)), opened.final()]);
  assert.deepEqual(new Uint8Array(zip), await packed());
});

test("wrong and missing passphrases, and changed bytes, are told by code", async () => {
  const sealed = await packed(PASSPHRASE);
  assert.equal(await code(sealed), "passphrase_needed");
  assert.equal(await code(sealed, `${PASSPHRASE} `), "passphrase_wrong");
  assert.equal(await code(sealed, ""), "passphrase_wrong");
  for (const [offset, expected] of [
    [0, "case_damaged"],
    [5, "case_version_unknown"],
    [6, "case_damaged"],
    [9, "passphrase_wrong"],
    [12, "passphrase_wrong"],
    [30, "passphrase_wrong"],
    [60, "passphrase_wrong"],
    [sealed.length - 1, "passphrase_wrong"],
  ] as const) {
    const changed = sealed.slice();
    changed[offset] = (changed[offset] ?? 0) ^ 0x40;
    assert.equal(await code(changed, PASSPHRASE), expected, String(offset));
  }
  assert.deepEqual(await packCase(CASE, NOW_MS, { passphrase: "eleven char", random }), {
    ok: false,
    code: "passphrase_too_short",
  });
  assert.deepEqual(await packCase(CASE, NOW_MS, { passphrase: "x".repeat(1001), random }), {
    ok: false,
    code: "passphrase_too_long",
  });
});

test("every truncation is refused", async () => {
  const zip = await packed();
  for (let end = 0; end < zip.length; end += 1)
    assert.equal(await code(zip.subarray(0, end)), "case_damaged", String(end));
  const sealed = await packed(PASSPHRASE);
  for (const end of [0, 4, 5, 6, 20, 37, 38, 53, 54, 100, sealed.length - 1]) {
    assert.notEqual(await code(sealed.subarray(0, end), PASSPHRASE), "ok", String(end));
  }
});

test("every changed byte of the ZIP is refused or changes nothing of the case", async () => {
  const zip = await packed();
  for (let at = 0; at < zip.length; at += 1) {
    const changed = zip.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x11;
    const outcome = await unpackCase(changed);
    if (outcome.ok) assert.deepEqual(outcome.case, CASE, String(at));
  }
});

const json = new TextEncoder().encode(JSON.stringify(CASE));

test("names that lead elsewhere, and what unpacks to too much, are refused before anything is unpacked", async () => {
  for (const name of [
    "../case.json",
    "/etc/passwd",
    "a/../../b",
    "C:\\x",
    "a\\b",
    "nul.txt",
    "letters/con",
    "a b",
    "a\u202eb",
    "a//b",
    "x".repeat(201),
    ".",
  ]) {
    assert.equal(await code(zipSync({ "case.json": json, [name]: new Uint8Array(1) })), "case_unsafe_name", name);
  }
  assert.equal(await code(zipSync({ "case.json": json, "CASE.JSON": json })), "case_unsafe_name");
  const bomb = zipSync({ "case.json": new Uint8Array(70_000_000) }, { level: 9 });
  assert.ok(bomb.length < 100_000);
  assert.equal(await code(bomb), "case_too_large");
  const parts = Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`p${index}`, new Uint8Array(60_000_000)]));
  assert.equal(await code(zipSync({ "case.json": json, ...parts }, { level: 9 })), "case_too_large");
  // Promises one size and unpacks to another: never more than was promised is held.
  const lie = Buffer.from(zipSync({ "case.json": json }));
  const at = lie.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  lie.writeUInt32LE(10, at + 24);
  assert.equal(await code(lie), "case_damaged");
  const swapped = Buffer.from(zipSync({ "case.json": json }, { level: 0 }));
  swapped.set(deflateRawSync(Buffer.alloc(10)), 40);
  assert.equal(await code(swapped), "case_damaged");
});

test("what is no case is told apart: no ZIP, no case in it, another version, not its form", async () => {
  assert.equal(await code(new TextEncoder().encode("hello")), "case_damaged");
  assert.equal(await code(zipSync({ "other.json": json })), "case_damaged");
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  assert.equal(await code(zipSync({ "case.json": text({ ...CASE, version: 9 }) })), "case_version_unknown");
  assert.equal(await code(zipSync({ "case.json": text({ ...CASE, notices: 1 }) })), "case_invalid");
  assert.equal(await code(zipSync({ "case.json": new Uint8Array([0xff, 0xfe]) })), "case_invalid");
  assert.equal(await code(text({ ...CASE, facts: { ...FULL, ageWhenTaken: "unsure" } })), "notice_under_18");
});

test("a case that could not be read again is not written", async () => {
  let large = CASE;
  for (let index = 0; index < 400; index += 1) {
    const outcome = applyToCase(large, {
      type: "answered",
      at: "2026-11-27T11:00:00Z",
      id: "a",
      answer: "other",
      reply: { id: `x${index}`, text: "y".repeat(200_000) },
    });
    assert.ok(outcome.ok);
    large = outcome.case;
  }
  assert.deepEqual(await packCase(large, NOW_MS), { ok: false, code: "case_too_large" });
});
