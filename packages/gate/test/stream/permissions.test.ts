/** The feed over servers that do not let everybody in: TLS, users, credentials, and what each user may not do. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { FeedConnectionOptions } from "@recourse/bank/stream";
import { openFeedConnection, openHubLine, serveHubLine } from "@recourse/bank/stream";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { type NatsRules, noNatsServer, startTemporaryNats, type TemporaryNats } from "@recourse/bank/testing-nats";
import { hex, pdq } from "../signals.ts";
import { assertSame, eventually, startGate, startHub } from "./followers.ts";
import { type Authority, createAuthority, createNatsOperator, documentedPermissions, userLine } from "./nats-users.ts";

const STREAM = "RECOURSE_FEED";

/** What the stream holds, asked by somebody who may. */
const stateOf = (nats: TemporaryNats) =>
  nats.manage(async (manager) => {
    const { state } = await manager.streams.info(STREAM);
    return { messages: state.messages, last: state.last_seq };
  });

/** Carries changes from the bank to a gate, then tries as either user what it must not be able to do. */
const carryAndTry = async (
  temporary: TemporaryBank,
  nats: TemporaryNats,
  asHub: FeedConnectionOptions,
  asGate: FeedConnectionOptions,
): Promise<void> => {
  const { bank } = temporary;
  const hub = startHub(bank, asHub);
  const gate = startGate(asGate);
  try {
    const { item } = await bank.addOwnItem([pdq(hex(32)), { type: "md5", value: hex(16) }]);
    await bank.addOwnItem([pdq(hex(32))]);
    await assertSame(bank, gate);
    await bank.removeOwnItem(item);
    await assertSame(bank, gate);
    assert.deepEqual(gate.events, []);
    await hub.close();

    const held = await stateOf(nats);
    const gateConnection = openFeedConnection(asGate);
    const hubConnection = openFeedConnection(asHub);
    try {
      const key = hex(16);
      const partner = await bank.addPartner({ name: "platform", role: "gate", key });
      const line = serveHubLine(bank, hubConnection);
      await eventually("the hub answers what a gate asks", () =>
        openHubLine(key, gateConnection)
          .listLateMatches(partner.id, 0)
          .then(
            ({ matches }) => matches.length === 0,
            () => false,
          ),
      );
      await line.close();
      const reader = await gateConnection.open();
      const bytes = new Uint8Array([1]);
      const settings = { timeout: 1_000 };
      await assert.rejects(reader.publisher.publish("recourse.feed.add.1", bytes, settings), "an entry");
      await assert.rejects(reader.publisher.publish("recourse.feed.head", bytes, settings), "a head");
      await assert.rejects(reader.manager.streams.deleteMessage(STREAM, held.last, true), "erasing");
      await assert.rejects(reader.manager.streams.purge(STREAM), "emptying");
      await assert.rejects(reader.manager.streams.delete(STREAM), "deleting the stream");
      const writer = await hubConnection.open();
      await assert.rejects(writer.manager.streams.delete(STREAM), "deleting the stream as a hub");
      await assert.rejects(writer.manager.streams.add({ name: "OTHER", subjects: ["other"] }), "another stream");
      await assert.rejects(writer.publisher.publish("other", bytes, settings), "another subject");
    } finally {
      await gateConnection.close();
      await hubConnection.close();
    }
    assert.deepEqual(await stateOf(nats), held);
  } finally {
    await gate.close();
    await hub.close();
  }
};

describe("a feed over servers that don't let everybody in", { skip: noNatsServer() }, () => {
  let temporary: TemporaryBank;
  let folder: string;
  let authority: Authority;
  const { hub, gate } = documentedPermissions();

  before(async () => {
    temporary = await startTemporaryBank();
    folder = await mkdtemp(join(tmpdir(), "recourse-nats-users-"));
    authority = await createAuthority(folder, "one");
  });
  after(async () => {
    await temporary.close();
    await rm(folder, { recursive: true, force: true });
  });

  const withNats = async (rules: NatsRules, work: (nats: TemporaryNats) => Promise<void>): Promise<void> => {
    const nats = await startTemporaryNats(1, rules);
    try {
      await work(nats);
    } finally {
      await nats.close();
    }
  };

  const [hubPassword, gatePassword, rootPassword] = [hex(12), hex(12), hex(12)];
  const withPasswords = (work: (nats: TemporaryNats, port: string) => Promise<void>): Promise<void> =>
    withNats(
      {
        config: `tls { cert_file: "${authority.certFile}", key_file: "${authority.keyFile}" }
authorization { users: [
  ${userLine("hub", hubPassword, hub)}
  ${userLine("gate", gatePassword, gate)}
  ${userLine("root", rootPassword)}
] }
`,
        administrator: { user: "root", pass: rootPassword, tls: { caFile: authority.caFile } },
      },
      (nats) => work(nats, new URL(nats.url).port),
    );

  it("is carried over TLS with the documented permissions, and with no others", () =>
    withPasswords((nats, port) =>
      carryAndTry(
        temporary,
        nats,
        { url: `tls://hub:${hubPassword}@127.0.0.1:${port}`, caFile: authority.caFile },
        { url: `tls://gate:${gatePassword}@127.0.0.1:${port}`, caFile: authority.caFile },
      ),
    ));

  it("is carried with credentials that an operator's key stands behind", async () => {
    const operator = createNatsOperator();
    const files = {
      hub: join(folder, "hub.creds"),
      gate: join(folder, "gate.creds"),
      root: join(folder, "root.creds"),
    };
    await writeFile(files.hub, operator.credentials("hub", hub));
    await writeFile(files.gate, operator.credentials("gate", gate));
    const root = operator.credentials("root");
    const { credsAuthenticator } = await import("@nats-io/transport-node");
    await withNats(
      { config: operator.config, administrator: { authenticator: credsAuthenticator(Buffer.from(root)) } },
      async (nats) => {
        await carryAndTry(
          temporary,
          nats,
          { url: nats.url, credentialsFile: files.hub },
          { url: nats.url, credentialsFile: files.gate },
        );
        // Of another operator: well made, and nobody here knows who made them.
        const strange = join(folder, "strange.creds");
        await writeFile(strange, createNatsOperator().credentials("gate", gate));
        const connection = openFeedConnection({ url: nats.url, credentialsFile: strange });
        await assert.rejects(connection.open(), { name: "BankError", code: "feed_refused" });
        await connection.close();
      },
    );
  });

  it("says by a code, once, and with nothing of the address, who is refused and whom it does not trust", () =>
    withPasswords(async (_nats, port) => {
      const other = await createAuthority(folder, "other");
      const address = `127.0.0.1:${port}`;
      const tries: readonly (readonly [string, FeedConnectionOptions])[] = [
        ["feed_refused", { url: `tls://gate:wrong-${gatePassword}@${address}`, caFile: authority.caFile }],
        ["feed_refused", { url: `tls://stranger:${gatePassword}@${address}`, caFile: authority.caFile }],
        ["feed_untrusted", { url: `tls://gate:${gatePassword}@${address}`, caFile: other.caFile }],
        ["feed_untrusted", { url: `tls://gate:${gatePassword}@${address}` }],
      ];
      for (const [code, options] of tries) {
        const told: string[] = [];
        const connection = openFeedConnection({ ...options, onRefused: (refusal) => told.push(refusal) });
        for (let time = 0; time < 2; time += 1) {
          await assert.rejects(connection.open(), (error: Error & { readonly code?: string }) => {
            assert.equal(error.code, code);
            for (const secret of [gatePassword, "stranger", address, "127.0.0.1"]) {
              assert.ok(!error.message.includes(secret), "the message says nothing of the address");
            }
            return true;
          });
        }
        assert.deepEqual(told, [code]);
        await connection.close();
      }
    }));
});
