/** A process that writes one snapshot after the other into a folder, each of one item more, and says so. */
import { writeSync } from "node:fs";
import { createReplica } from "../src/replica.ts";
import { createSnapshotStore } from "../src/snapshot/store.ts";
import { add, hex, local, patches, pdq } from "./signals.ts";

const [folder = ""] = process.argv.slice(2);
const store = createSnapshotStore(folder, (event) => {
  if (event.event !== "snapshot_written" && event.event !== "snapshot_restored") throw new Error(event.event);
});
const bankId = "11111111-1111-4111-8111-111111111111";
const restored = await store.restore((saved) => createReplica({}, saved), undefined);
const replica = restored?.replica ?? createReplica();
for (let sequence = replica.sequence + 1; ; sequence += 1) {
  replica.apply([add(sequence, sequence, [pdq(hex(32)), { type: "md5", value: hex(16) }, ...patches(40).map(local)])]);
  replica.settle();
  await store.write(replica, bankId);
  writeSync(1, `${sequence}\n`);
}
