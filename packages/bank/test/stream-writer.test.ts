/** Two writers of one stream: what the first left on its way when the second began. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { FeedEntry } from "../src/index.ts";
import { type FeedConnection, openFeedConnection } from "../src/stream/index.ts";
import { ALL_SUBJECTS, decodeMessage, sequenceOf } from "../src/stream/layout.ts";
import { nextOf } from "../src/stream/places.ts";
import { createStreamWriter, type StreamWriter } from "../src/stream/writer.ts";
import { startTemporaryBank, type TemporaryBank } from "../src/testing.ts";
import { noNatsServer, startTemporaryNats, type TemporaryNats } from "../src/testing-nats.ts";

describe("two writers of one stream", { skip: noNatsServer() }, () => {
  let temporary: TemporaryBank;
  let nats: TemporaryNats;
  let connection: FeedConnection;
  before(async () => {
    [temporary, nats] = await Promise.all([startTemporaryBank(), startTemporaryNats()]);
    connection = openFeedConnection({ url: nats.url });
  });
  after(async () => {
    await connection.close();
    await nats.close();
    await temporary.close();
  });

  it("lose no entry by coming between each other, although one reads the bank after a withdrawal", async () => {
    const { bank } = temporary;
    const add = async (): Promise<string> =>
      (await bank.addOwnItem([{ type: "md5", value: randomBytes(16).toString("hex") }])).item;
    const open = async (): Promise<StreamWriter> => {
      const { manager, publisher } = await connection.open();
      return createStreamWriter({ bank, manager, publisher, keptWithdrawals: 1_000, isDoubted: false });
    };
    const read = async (): Promise<readonly FeedEntry[]> => (await bank.readFeed(0, 100)).entries;

    // The first entry makes both go on from the same place.
    await add();
    const first = await open();
    await first.write(await read());
    const second = await open();

    const [, withdrawn] = [await add(), await add(), await add()];
    assert.ok(withdrawn !== undefined);
    const earlier = await read();
    await bank.removeOwnItem(withdrawn);
    await add();
    const later = await read();
    assert.deepEqual([earlier.length, later.length], [4, 6]);

    // Of the third entry the second knows no signals any more; the first was faster by two.
    await first.write(earlier.slice(0, 3));
    await assert.rejects(second.write(later));

    const { manager } = await connection.open();
    const sequences: number[] = [];
    for (let at = 0; ;) {
      const found = await nextOf(manager, ALL_SUBJECTS, at);
      if (found === null) break;
      sequences.push(sequenceOf(decodeMessage(found.subject, found.data)));
      at = found.seq + 1;
    }
    assert.deepEqual(sequences, [0, 1, 2, 3, 4, 5, 6]);
  });
});
