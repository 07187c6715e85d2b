import assert from "node:assert/strict";
import { test } from "node:test";
import { type Place, placesOf } from "../src/clean/coordinates.ts";

const places = (...findings: readonly (readonly [name: string, value: string])[]): readonly Place[] =>
  placesOf(
    findings.map(([name, value]) => ({
      kind: "location" as const,
      name,
      value,
      where: "here",
      severity: "high" as const,
    })),
  );
const ZURICH = { latitude: 47.3769, longitude: 8.5417 };

const PAIRS: readonly (readonly [string, string])[] = [
  ["GPSPosition", "47.3769, 8.5417"],
  ["GPSPosition", "47.3769, 8.5417, 408 m"],
  ["RECORDING_LOCATION", "+47.3769+008.5417+408/"],
  ["Location", "(47.3769 8.5417)"],
];
for (const [name, value] of PAIRS) test(`${name} ${value}`, () => assert.deepEqual(places([name, value]), [ZURICH]));

test("south and west, and whole degrees where it is a position", () => {
  assert.deepEqual(places(["GPSPosition", "-33, -70"]), [{ latitude: -33, longitude: -70 }]);
});

test("XMP's degrees and minutes are not taken for a latitude and a longitude", () => {
  const [place, ...others] = places(["exif:GPSLatitude", "47,22.614N"], ["exif:GPSLongitude", "8,32,30.12E"]);
  assert.deepEqual(others, []);
  assert.ok(
    place !== undefined && Math.abs(place.latitude - 47.3769) < 1e-9 && Math.abs(place.longitude - 8.5417) < 1e-9,
  );
  const [south] = places(["exif:GPSLatitude", "33,51.408S"], ["exif:GPSLongitude", "70,12.918W"]);
  assert.ok(south !== undefined && south.latitude < -33.8 && south.longitude < -70.2);
});

const NONE: readonly (readonly [string, string])[] = [
  ["exif:GPSLatitude", "47,22.614N"],
  ["City", "12 34 Street"],
  ["City", "12 34"],
  ["GPSVersionID", "2 3 0 0"],
  ["exif:GPSVersionID", "2.2.0.0"],
  ["GPSAltitude", "408.25 m"],
  ["GPSPosition", "95.1, 8.5"],
  ["GPSPosition", "47.1, 200.5"],
  ["Location", "10, Downing Street"],
];
for (const [name, value] of NONE) test(`no place: ${name} ${value}`, () => assert.deepEqual(places([name, value]), []));

test("one place told twice is one place", () => {
  assert.deepEqual(places(["GPSPosition", "47.3769, 8.5417"], ["GPSPosition", "47.37694, 8.54166, 408 m"]), [ZURICH]);
});
