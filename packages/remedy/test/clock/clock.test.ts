import assert from "node:assert/strict";
import { test } from "node:test";
import { clockOf, findRegime, toCalendar } from "../../src/index.ts";

const regime = (id: string) => {
  const found = findRegime(id);
  assert.ok(found !== undefined);
  return found;
};
const at = (text: string): number => Date.parse(text);

test("48 hours run from receipt, or from sending where receipt was not confirmed, whatever the zone", () => {
  const law = regime("us-take-it-down");
  const sent = { sentAt: "2026-03-28T20:00:00+01:00" };
  assert.deepEqual(clockOf(law, sent, at("2026-03-30T18:59:59Z")), {
    state: "running",
    startsAt: "2026-03-28T19:00:00.000Z",
    endsAt: "2026-03-30T19:00:00.000Z",
  });
  assert.equal(clockOf(law, sent, at("2026-03-30T19:00:00Z")).state, "over");
  assert.equal(
    clockOf(law, { ...sent, receivedAt: "2026-03-29T00:00:00Z" }, at("2026-03-30T19:00:00Z")).state,
    "running",
  );
});

test("a month is one of the calendar", () => {
  const law = regime("eu-gdpr-17");
  assert.equal(clockOf(law, { sentAt: "2026-01-31T10:00:00Z" }, 0).endsAt, "2026-02-28T10:00:00.000Z");
  assert.equal(clockOf(law, { sentAt: "2028-01-31T10:00:00Z" }, 0).endsAt, "2028-02-29T10:00:00.000Z");
  assert.equal(clockOf(law, { sentAt: "2026-12-15T10:00:00Z" }, 0).endsAt, "2027-01-15T10:00:00.000Z");
});

test("an authority's clock waits for its order; without a time there is no clock", () => {
  const law = regime("au-osa");
  assert.deepEqual(clockOf(law, { sentAt: "2026-11-01T00:00:00Z" }, at("2027-01-01T00:00:00Z")), { state: "waiting" });
  assert.equal(
    clockOf(law, { sentAt: "2026-11-01T00:00:00Z", orderedAt: "2026-11-02T00:00:00Z" }, at("2026-11-02T12:00:00Z"))
      .endsAt,
    "2026-11-03T00:00:00.000Z",
  );
  assert.deepEqual(clockOf(regime("google-intimate"), { sentAt: "2026-11-01T00:00:00Z" }, 0), { state: "none" });
  assert.deepEqual(clockOf(regime("eu-dsa-16"), { sentAt: "2026-11-01T00:00:00Z" }, 0), { state: "none" });
});

test("a calendar says nothing of what it is about", () => {
  const clock = clockOf(regime("us-take-it-down"), { sentAt: "2026-11-27T12:00:00Z" }, at("2026-11-27T12:00:00Z"));
  const text = toCalendar(
    [
      { uid: "1@r", clock },
      { uid: "2@r", clock: { state: "none" } },
      { uid: "3@r", clock, title: "Ä, b; c\nd".repeat(20) },
    ],
    at("2026-11-27T12:00:00Z"),
  );
  assert.equal(text.match(/BEGIN:VEVENT/gu)?.length, 2);
  assert.match(text, /DTSTART:20261129T120000Z\r\n/u);
  assert.match(text, /SUMMARY:Reminder\r\n/u);
  assert.doesNotMatch(text, /intimate|take it|notice|image/iu);
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75);
});
