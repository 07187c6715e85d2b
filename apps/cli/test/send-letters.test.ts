import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { applyToCase, type CaseEvent, type CaseFile, type Notice } from "@recourse/remedy";
import { SMTPServer } from "smtp-server";
import { FULL } from "../../../packages/remedy/test/cases.ts";
import { type Letter, sendLetters } from "../src/send-letters.ts";

const received: string[] = [];
let server: SMTPServer;
let port: number;
before(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      if (address.startsWith("nobody@")) done(Object.assign(new Error("no"), { responseCode: 550 }));
      else done();
    },
    onData(stream, session, done) {
      stream.resume();
      stream.on("end", () => {
        received.push(...session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  ({ port } = server.server.address() as AddressInfo); // it listens on a port
});
after(() => new Promise<void>((resolve) => server.close(() => resolve())));

const NOTICE: Notice = {
  regime: "us-take-it-down",
  recipient: "Example",
  language: "en",
  elements: [],
  complete: true,
  subject: "Notice",
  body: "Please remove it.",
  warnings: [],
  urls: ["https://example.com/1"],
};

const letter = (id: string, to = `${id}@example.com`): Letter => ({ id, notice: NOTICE, to });

const caseOf = (ids: readonly string[]): CaseFile => {
  let given: CaseFile = { version: 1, facts: FULL, notices: [], replies: [] };
  const at = "2026-11-01T00:00:00.000Z";
  for (const id of ids) {
    const events: readonly CaseEvent[] = [
      {
        type: "drafted",
        at,
        notice: { id, kind: "notice", regime: NOTICE.regime, recipient: "Example", urls: [...NOTICE.urls] },
      },
      { type: "completed", at, id },
    ];
    for (const event of events) {
      const applied = applyToCase(given, event);
      assert.ok(applied.ok);
      given = applied.case;
    }
  }
  return given;
};

const statesOf = ({ notices }: CaseFile) => notices.map(({ id, state }) => [id, state]);

/** What was kept, one after the other, and what was told; `failAt` is the writing that fails. */
const send = async (letters: readonly Letter[], given: CaseFile, failAt = -1) => {
  received.length = 0;
  const kept: CaseFile[] = [];
  const told: [string, string][] = [];
  let writings = 0;
  const ended = await sendLetters(
    letters,
    {
      server: { host: "127.0.0.1", port, isTlsFromStart: false },
      from: "person@example.org",
    },
    given,
    new AbortController().signal,
    {
      keep: (changed) => {
        writings += 1;
        if (writings - 1 === failAt) return Promise.reject(new Error("the disk is full"));
        kept.push(changed);
        return Promise.resolve();
      },
      tell: (id, outcome) => told.push([id, outcome]),
    },
  ).then(
    () => "done",
    () => "failed",
  );
  return { kept, told, ended, received: [...received] };
};

describe("sending letters", () => {
  it("keeps that a letter is being sent before it goes out, and what became of it after", async () => {
    const {
      kept,
      told,
      ended,
      received: got,
    } = await send([letter("a"), letter("b", "nobody@x.com")], caseOf(["a", "b"]));
    assert.equal(ended, "done");
    assert.deepEqual(
      kept.map((each) => statesOf(each).map(([, state]) => state)),
      [
        ["unsure", "ready"],
        ["sent", "ready"],
        ["sent", "unsure"],
        ["sent", "ready"],
      ],
    );
    assert.deepEqual(told, [
      ["a", "sent"],
      ["b", "mail_recipient_refused"],
    ]);
    assert.deepEqual(got, ["a@example.com"]);
    assert.equal(kept.at(-1)?.notices[0]?.letter?.body, NOTICE.body);
  });

  it("sends nothing that the case would refuse to write down", async () => {
    const sentOnce = await send([letter("a")], caseOf(["a"]));
    // Sent before, or not in the case at all.
    const {
      kept,
      told,
      received: got,
    } = await send([letter("a"), letter("unknown"), letter("b")], {
      ...caseOf(["b"]),
      notices: [...(sentOnce.kept.at(-1)?.notices ?? []), ...caseOf(["b"]).notices],
    });
    assert.deepEqual(told, [
      ["a", "event_impossible"],
      ["unknown", "event_impossible"],
      ["b", "sent"],
    ]);
    assert.deepEqual(got, ["b@example.com"]);
    assert.equal(kept.length, 2);
  });

  it("sends nothing when it can't be kept that it is being sent", async () => {
    const { told, ended, received: got } = await send([letter("a"), letter("b")], caseOf(["a", "b"]), 0);
    assert.deepEqual([told, ended, got], [[], "failed", []]);
  });

  it("leaves a letter unsure that went out unwritten, says that it went, and does not send it again", async () => {
    const { kept, told, ended, received: got } = await send([letter("a"), letter("b")], caseOf(["a", "b"]), 1);
    assert.deepEqual([told, ended, got], [[["a", "sent"]], "failed", ["a@example.com"]]);
    const last = kept.at(-1) ?? assert.fail();
    assert.deepEqual(statesOf(last), [
      ["a", "unsure"],
      ["b", "ready"],
    ]);
    const again = await send([letter("a"), letter("b")], last);
    assert.deepEqual(again.told, [
      ["a", "event_impossible"],
      ["b", "sent"],
    ]);
    assert.deepEqual(again.received, ["b@example.com"]);
  });
});
