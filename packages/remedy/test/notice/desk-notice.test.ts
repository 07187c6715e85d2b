import assert from "node:assert/strict";
import { test } from "node:test";
import Value from "typebox/value";
import {
  allRegimes,
  composeNotice,
  DeskNotice,
  type Facts,
  findLinks,
  type Regime,
  toDeskNotice,
} from "../../src/index.ts";
import { FULL, NOW_MS, without } from "../cases.ts";

const MADE = { id: "5f0b1b8e-0000-4000-8000-000000000001", madeAt: "2026-11-27T12:00:00.000Z" };
const SYNTHETIC: Facts = { ...FULL, origin: "synthetic" };
const HELPER: Facts = {
  ...FULL,
  helper: {
    name: "Helper Example",
    email: "helper@example.org",
    phone: "+1 555 0101",
    address: "2 Example Street",
    authority: "Written authority of 1 November",
  },
};

const deskNotice = (facts: Facts, regime: Regime) => {
  const outcome = composeNotice(facts, {
    regime,
    recipient: "Example\u202e Inc.",
    urls: findLinks(FULL.places ?? "").links.map(({ url }) => url),
    nowMs: NOW_MS,
  });
  assert.ok(outcome.ok);
  return { desk: toDeskNotice(outcome.notice, facts, regime, MADE), notice: outcome.notice };
};

const withProcedure = allRegimes().filter(({ elements }) => elements.length > 0);

for (const regime of withProcedure) {
  test(`${regime.id}: every element is there in the form of a desk, and nothing of the sender that none asks for`, () => {
    for (const facts of [FULL, SYNTHETIC, HELPER]) {
      const { desk, notice } = deskNotice(facts, regime);
      if (!notice.complete) continue;
      assert.ok(desk.ok);
      const { elements, sender, letter } = desk.notice;
      assert.ok(Value.Check(DeskNotice, desk.notice), JSON.stringify(Value.Errors(DeskNotice, desk.notice)));
      assert.deepEqual(
        elements.map(({ id }) => id),
        regime.elements.map(({ id }) => id),
      );
      for (const { text } of elements) assert.ok(letter.body.includes(text));
      // Whatever is told of the sender stands in the words of an element; only a drawing has no words.
      const said = elements.map(({ text }) => text).join("\n");
      if (facts.helper !== undefined && sender.signature !== undefined) assert.ok(sender.authority !== undefined);
      for (const field of ["name", "email", "phone", "address", "authority"] as const)
        if (sender[field] !== undefined) assert.ok(said.includes(sender[field]), `${regime.id} ${field}`);
      assert.doesNotMatch(JSON.stringify(desk.notice), /\u202e/u);
    }
    assert.ok([FULL, SYNTHETIC].some((facts) => deskNotice(facts, regime).notice.complete));
  });
}

test("only the fields that a regime's elements demand, of whoever signs", () => {
  const senderFor = (id: string, facts: Facts) => {
    const { desk } = deskNotice(facts, withProcedure.find((regime) => regime.id === id) ?? assert.fail());
    assert.ok(desk.ok);
    return Object.keys(desk.notice.sender).toSorted();
  };
  assert.deepEqual(senderFor("us-take-it-down", FULL), ["email", "role", "signature"]);
  assert.deepEqual(senderFor("us-dmca", FULL), ["address", "email", "phone", "role", "signature"]);
  assert.deepEqual(senderFor("eu-dsa-16", FULL), ["email", "name", "role"]);
  assert.deepEqual(senderFor("us-take-it-down", HELPER), ["authority", "email", "role", "signature"]);
  assert.deepEqual(senderFor("us-take-it-down", without(FULL, "/person/email")), ["phone", "role", "signature"]);
});

test("what is incomplete is no notice in this form, and the form takes nothing else", () => {
  const regime = withProcedure.find(({ id }) => id === "us-take-it-down") ?? assert.fail();
  assert.deepEqual(deskNotice(without(FULL, "/signature"), regime).desk, {
    ok: false,
    code: "notice_incomplete",
    missing: ["/signature"],
  });
  const { desk } = deskNotice(FULL, regime);
  assert.ok(desk.ok);
  for (const more of [{ picture: "aGk=" }, { sha256: "0" }, { version: 2 }, { urls: ["data:image/png;base64,aGk="] }])
    assert.equal(Value.Check(DeskNotice, { ...desk.notice, ...more }), false);
});
