/** The feed over a cluster of three servers of NATS, one of which goes away, with adds and withdrawals going on. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTemporaryBank, type TemporaryBank } from "@recourse/bank/testing";
import { type NatsNode, noNatsServer, startTemporaryNats, type TemporaryNats } from "@recourse/bank/testing-nats";
import { assertSame, eventually, type Hub, startGate, startHub, startWriting, type StreamGate } from "./followers.ts";

const STREAM = "RECOURSE_FEED";

describe("a bank's feed over three servers of NATS", { skip: noNatsServer() }, () => {
  let temporary: TemporaryBank;
  let nats: TemporaryNats;
  const hubs: Hub[] = [];
  const gates: StreamGate[] = [];
  before(async () => {
    temporary = await startTemporaryBank();
    nats = await startTemporaryNats(3);
    // Each hub and each gate begins with another server; all of them know all three.
    const urls = nats.nodes.map((_node, at) => [...nats.nodes.slice(at), ...nats.nodes.slice(0, at)]);
    for (const nodes of urls) {
      const url = nodes.map((node) => node.url).join(",");
      if (hubs.length < 2) hubs.push(startHub(temporary.bank, url, { replicas: 3 }));
      gates.push(startGate(url));
    }
  });
  after(async () => {
    for (const gate of gates) await gate.close();
    for (const hub of hubs) await hub.close();
    await nats.close();
    await temporary.close();
  });

  const leaderOf = async (): Promise<string | undefined> =>
    nats.manage(async (manager) => (await manager.streams.info(STREAM)).cluster?.leader).catch(() => undefined);

  const isWhole = async (): Promise<boolean> =>
    nats
      .manage(async (manager) => {
        const { cluster } = await manager.streams.info(STREAM);
        return cluster?.replicas?.length === 2 && cluster.replicas.every(({ current }) => current);
      })
      .catch(() => false);

  /**
   * A server that is killed can lose what it acknowledged: it writes to the disk later. Gates find that by the checksum
   * and read anew; what counts is that they do, and come to stand where the bank stands.
   */
  const onlyRebuilt = (): void => {
    for (const { events } of gates) for (const event of events) assert.match(event.event, /^replica_rebuil(?:ding|t)$/);
  };

  /** Changes go on before, while and after the server is away; then each gate is as the bank is. */
  const without = async (choose: (leader: string) => NatsNode, back: (node: NatsNode) => Promise<void>) => {
    await eventually("the stream has a leader", async () => (await leaderOf()) !== undefined);
    await eventually("all servers have all of it", isWhole);
    const leader = await leaderOf();
    assert.ok(leader !== undefined);
    const node = choose(leader);
    const writing = startWriting(temporary.bank);
    await writing.more(40);
    await node.kill();
    await writing.more(60);
    // Two of three go on.
    const { sequence } = await temporary.bank.feedHead();
    await eventually("what was written while it is away has come to every gate", () =>
      gates.every(({ keeper }) => keeper.replica.sequence >= sequence),
    );
    await back(node);
    await node.start();
    await writing.more(60);
    await writing.stop();
    await assertSame(temporary.bank, ...gates);
    onlyRebuilt();
    await eventually("all servers have all of it again", isWhole);
  };
  const named = (name: string): NatsNode => {
    const node = nats.nodes.find((each) => each.name === name);
    assert.ok(node !== undefined);
    return node;
  };

  it("ends as the bank is in every gate after a server that follows was killed", () =>
    without(
      (leader) => nats.nodes.find(({ name }) => name !== leader)!,
      async () => {},
    ));

  it("ends as the bank is in every gate after the leader was killed", () => without(named, async () => {}));

  it("ends as the bank is in every gate after the leader lost all it had", () => without(named, (node) => node.wipe()));

  it("ends as the bank is in every gate after the database was killed too", async () => {
    const writing = startWriting(temporary.bank);
    await writing.more(20);
    const leader = await leaderOf();
    assert.ok(leader !== undefined);
    await named(leader).kill();
    process.kill(await temporary.postgresPid(), "SIGKILL");
    await writing.more(40);
    await named(leader).start();
    await writing.more(20);
    await writing.stop();
    await assertSame(temporary.bank, ...gates);
    onlyRebuilt();
  });
});
