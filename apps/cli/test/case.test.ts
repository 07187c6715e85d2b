import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { SMTPServer } from "smtp-server";
import { FULL } from "../../../packages/remedy/test/cases.ts";
import { lines, run } from "./run-recourse.ts";

let folder: string;
let facts: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
  facts = join(folder, "facts.json");
  await writeFile(
    facts,
    JSON.stringify({ ...FULL, places: "https://t.me/s/example/1 https://pictures.example.net/2" }),
  );
});
after(() => rm(folder, { recursive: true, force: true }));

/** A real mail server that takes everything but mail to `refused`. */
const withMail = async (refused: string, send: (url: string, received: string[]) => Promise<void>): Promise<void> => {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      if (address === refused) done(Object.assign(new Error("no"), { responseCode: 550 }));
      else done();
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await send(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, received);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
};

const notice = (out: string, more: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(["notice", facts, "--regime", "eu-dsa-16", "--out", join(folder, out), ...more], { env });

const states = async (out: string) =>
  JSON.parse(await readFile(join(folder, out, "case.json"), "utf8")).notices.map(
    ({ id, state }: { id: string; state: string }) => [id, state],
  );

describe("recourse notice --send, recourse case", () => {
  it("sends only when told twice, to whom an address is known, and writes down what went out", async () => {
    await withMail("nobody@example.com", async (url, received) => {
      const unconfirmed = await notice("unconfirmed", ["--send"], { SMTP_URL: url });
      assert.equal(unconfirmed.status, 2);
      assert.match(unconfirmed.stderr, /--confirm/u);
      assert.equal((await notice("unset", ["--send", "--confirm"], { SMTP_URL: "" })).status, 2);
      assert.deepEqual(received, []);

      const { status, stdout, stderr } = await notice("sent", ["--send", "--confirm", "--json"], { SMTP_URL: url });
      assert.equal(status, 1, stderr);
      const outcomes = lines(stdout)
        .map((line) => JSON.parse(line))
        .filter(({ letter }) => letter !== undefined);
      assert.deepEqual(outcomes, [
        { letter: "letter-001", outcome: "no_address" },
        { letter: "letter-002", outcome: "sent" },
      ]);
      assert.equal(received.length, 1);
      assert.match(received[0] ?? "", /^To: abuse@telegram\.org\r$/mu);
      assert.deepEqual(await states("sent"), [
        ["letter-001", "ready"],
        ["letter-002", "sent"],
      ]);
    });
  });

  it("keeps letters that a server refuses ready, and repeats no address", async () => {
    await withMail("abuse@telegram.org", async (url, received) => {
      const { status, stdout, stderr } = await notice("refused", ["--send", "--confirm"], { SMTP_URL: url });
      assert.equal(status, 3);
      assert.match(stderr, /error mail_recipient_refused: .* \(letter-002\)/u);
      assert.doesNotMatch(stdout + stderr, /abuse@telegram|person@example/u);
      assert.deepEqual(received, []);
      assert.deepEqual(await states("refused"), [
        ["letter-001", "ready"],
        ["letter-002", "ready"],
      ]);
      assert.ok((await readdir(join(folder, "refused"))).includes("letter-002.eml"));
    });
  });

  it("shows, answers, locks and unlocks a case", async () => {
    await withMail("", async (url) => {
      await notice("kept", ["--send", "--confirm"], { SMTP_URL: url });
    });
    const file = join(folder, "kept", "case.json");
    const shown = lines((await run(["case", "show", file, "--json"])).stdout).map((line) => JSON.parse(line));
    assert.deepEqual(
      shown.map(({ state, next }) => [state, next[0].kind]),
      [
        ["ready", "send"],
        ["sent", "wait"],
      ],
    );
    const mail = join(folder, "answer.eml");
    await writeFile(mail, "From: x@y.org\r\nSubject: Re\r\n\r\nWe will not.\r\n");
    assert.equal((await run(["case", "reply", file, "letter-002", "refused", "--mail", mail])).status, 0);
    assert.match((await run(["case", "reply", file, "letter-001", "refused"])).stderr, /error event_impossible/u);
    assert.match((await run(["case", "mark", file, "letter-001", "not_sent"])).stderr, /error event_impossible/u);
    assert.equal((await run(["case", "mark", file, "letter-001", "sent"])).status, 0);
    assert.equal((await run(["case", "mark", file, "letter-001", "received"])).status, 0);
    const { notices } = JSON.parse(await readFile(file, "utf8"));
    assert.deepEqual([notices[0].state, notices[0].sentBy], ["sent", "by_hand"]);
    assert.ok(notices[0].receivedAt >= notices[0].sentAt);
    assert.match(
      (await run(["case", "show", file])).stdout,
      /next: complaint: A complaint to the Digital Services Coordinator/u,
    );

    const packed = join(folder, "case.rcase");
    const env = { RECOURSE_PASSPHRASE: "four words and a half" };
    assert.match(
      (await run(["case", "pack", file, "--out", packed], { env: { RECOURSE_PASSPHRASE: "" } })).stderr,
      /error passphrase_needed/u,
    );
    assert.match(
      (await run(["case", "pack", file, "--out", packed], { env: { RECOURSE_PASSPHRASE: "short" } })).stderr,
      /error passphrase_too_short/u,
    );
    assert.equal((await run(["case", "pack", file, "--out", packed], { env })).status, 0);
    assert.equal((await run(["case", "pack", file, "--out", packed], { env })).status, 3);
    assert.match(
      (await run(["case", "show", packed], { env: { RECOURSE_PASSPHRASE: "another passphrase" } })).stderr,
      /error passphrase_wrong/u,
    );
    const opened = join(folder, "opened");
    assert.equal((await run(["case", "open", packed, "--out", opened], { env })).status, 0);
    assert.equal(await readFile(join(opened, "case.json"), "utf8"), await readFile(file, "utf8"));
    assert.match(await readFile(join(opened, "replies/reply-1.txt"), "utf8"), /We will not\./u);
    assert.equal((await run(["case", "open", packed, "--out", opened], { env })).status, 3);
    const plain = join(folder, "case.zip");
    assert.equal((await run(["case", "pack", file, "--out", plain, "--plain"])).status, 0);
    assert.equal((await readFile(plain)).subarray(0, 2).toString(), "PK");
    assert.match((await run(["case", "show", mail])).stderr, /error case_damaged/u);
  });
});
