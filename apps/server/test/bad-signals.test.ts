import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ERRORS, type ErrorCode, type Signal } from "@recourse/protocol";
import { type Answer, newItem, pdq, randomHex, startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const gate = () => ({ authorization: `Bearer ${server.gateKey}` });

const assertError = (answer: Answer, code: ErrorCode): void => {
  assert.deepEqual(answer.body, { error: { code, message: ERRORS[code].message } });
  assert.equal(answer.status, ERRORS[code].status);
};

describe("signals of the newer types", () => {
  it("are refused in a wrong form, with a code of its own for an unknown version", async () => {
    const local = { type: "pdq-local", value: randomHex(32), version: 1 };
    const frame = { type: "vpdq", value: randomHex(32), quality: 80, timestampMs: 0 };
    const tries: [unknown, ErrorCode][] = [
      [{ ...local, value: randomHex(31) }, "signal_invalid"],
      [{ ...local, value: randomHex(33) }, "signal_invalid"],
      [{ type: "pdq-local", value: randomHex(32) }, "signal_invalid"],
      [{ ...local, quality: 80 }, "signal_invalid"],
      [{ ...local, version: 2 }, "signal_version_unknown"],
      [{ ...local, version: 2, value: "longer in the next version" }, "signal_version_unknown"],
      [{ ...frame, value: randomHex(16) }, "signal_invalid"],
      [{ ...frame, timestampMs: -1 }, "signal_invalid"],
      [{ ...frame, timestampMs: 2 ** 31 }, "signal_invalid"],
      [{ ...frame, kind: "rot90" }, "signal_invalid"],
      [{ type: "vpdq", value: randomHex(32), quality: 80 }, "signal_invalid"],
      [{ type: "pdq", value: randomHex(32), version: 2 }, "signal_invalid"],
      [{ type: "pdq", value: randomHex(32), kind: "centre2x1" }, "signal_invalid"],
    ];
    const access = await server.openCase();
    for (const [signal, code] of tries) {
      assertError(await server.post("/api/gate/check", { signals: [signal] }, gate()), code);
      const headers = { authorization: `Bearer ${server.adminKey}` };
      assertError(await server.post("/api/gate/bank/items", { signals: [pdq(), signal] }, headers), code);
    }
    for (const [signal, code] of tries.slice(4, 7)) {
      const items = [newItem(pdq()), { ...newItem(), signals: [signal] }];
      const proofOfWork = await server.solve();
      assertError(await server.post("/api/hub/case/items", { ...access, items, proofOfWork }), code);
    }
  });

  it("are refused when there are too many of one type, in a check and in an item", async () => {
    const local = (): Signal => ({ type: "pdq-local", value: randomHex(32), version: 1 });
    const frame = (): Signal => ({ type: "vpdq", value: randomHex(32), quality: 80, timestampMs: 0 });
    const many = (length: number, make: () => Signal): Signal[] => Array.from({ length }, make);
    const admin = { authorization: `Bearer ${server.adminKey}` };
    for (const signals of [many(513, local), many(2_001, frame), many(1_025, () => pdq())]) {
      assertError(await server.post("/api/gate/check", { signals }, gate()), "too_many_signals");
    }
    const most = [...many(512, local), ...many(512, () => pdq()), ...many(2_000, frame)];
    assert.equal((await server.check(most)).body.verdict, "no_match");
    for (const signals of [many(513, local), many(625, () => pdq()), [...many(4_097, local), frame()]]) {
      assertError(await server.post("/api/gate/bank/items", { signals }, admin), "too_many_signals");
    }
    const access = await server.openCase();
    const send = async (media: string, signals: readonly Signal[]) =>
      server.post("/api/hub/case/items", {
        ...access,
        items: [{ ...newItem(...signals), media }],
        proofOfWork: await server.solve(),
      });
    assertError(await send("image", many(513, local)), "too_many_signals");
    assertError(await send("image", [frame()]), "too_many_signals");
    assertError(await send("video", many(8_001, frame)), "too_many_signals");
    const whole = [...many(8_000, frame), ...many(4_096, local), ...many(624, () => pdq())];
    const taken = await send("video", whole);
    assert.deepEqual([taken.status, taken.body.items[0].signalCount], [200, whole.length]);
    await server.post("/api/hub/case/withdraw", access);
  });
});
