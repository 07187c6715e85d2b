import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, FindingKind } from "@recourse/scrub";
import { describeFindings } from "../src/clean/describe-findings.ts";

const finding = (kind: FindingKind, name: string, value: string): Finding => ({
  kind,
  name,
  value,
  where: "here",
  severity: "high",
});

/** Keys of the sentences, with what is put into them. */
const said = (...findings: readonly Finding[]): readonly (readonly [string, string])[] =>
  describeFindings(findings).flatMap(({ statements }) =>
    statements.map(({ key, values }) => [
      key,
      Object.values(values ?? {})
        .join()
        .replaceAll(/[\u2066-\u2069]/gu, ""),
    ]),
  );

test("a track of telemetry is a record of places, not the name of one", () => {
  assert.deepEqual(
    said(
      finding("location", "GoPro telemetry: places, movements, serial", "13 samples"),
      finding("location", "GPSPosition", "33.1254, -117.3311"),
    ),
    [
      ["clean.say.position", "33.1254, -117.3311"],
      ["clean.say.telemetry", ""],
    ],
  );
});

test("a number that one device has is not told as its name", () => {
  assert.deepEqual(
    said(
      finding("device", "LENS", "LAE6101112400243"),
      finding("device", "LensSerialNumber", "C33632245042171"),
      finding("device", "Model", "GoPro Max"),
    ),
    [
      ["clean.say.device", "GoPro Max"],
      ["clean.say.serial", ""],
    ],
  );
});

test("the date of a colour profile is not told as when the picture was made", () => {
  const profile = finding("time", "ProfileDateTime", "1998-02-09 06:49:00");
  assert.deepEqual(said(profile), [["clean.say.profileTime", ""]]);
  assert.deepEqual(said(profile, finding("time", "DateTimeOriginal", "2024-05-17 13:05:09")), [
    ["clean.say.time", "2024-05-17 13:05"],
  ]);
});

test("empty fields and sizes are no names", () => {
  assert.deepEqual(
    said(
      finding("author", "Artist", ""),
      finding("author", "UserComment", "1 byte"),
      finding("author", "text", "12 samples"),
    ),
    [["clean.say.authorParts", ""]],
  );
});

test("where the record of its making is kept is told as that record", () => {
  assert.deepEqual(said(finding("editing", "dcterms:provenance", "https://example.org/471107")), [
    ["clean.say.credentials", ""],
  ]);
});
