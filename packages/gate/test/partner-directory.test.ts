import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ListedPartner, partnerKeyName } from "@recourse/bank";
import { createPartnerDirectory } from "../src/partner-directory.ts";

const listed = (id: number, key: string): ListedPartner => ({ id, role: "gate", keyName: partnerKeyName(key) });

describe("the partner directory", () => {
  it("asks the database once for a flood of wrong keys, and finds a new key within half a second", async () => {
    let now = 0;
    let loads = 0;
    let list = [listed(1, "one")];
    const directory = createPartnerDirectory(
      async () => {
        loads += 1;
        return list;
      },
      () => now,
    );
    for (let guess = 0; guess < 1_000; guess += 1) assert.equal(await directory.find(`wrong ${guess}`), undefined);
    assert.equal(loads, 1);
    assert.deepEqual(await directory.find("one"), { id: 1, role: "gate" });
    list = [listed(2, "two")];
    now = 501;
    assert.deepEqual(await directory.find("two"), { id: 2, role: "gate" });
    assert.equal(await directory.find("one"), undefined);
  });

  it("goes on with the list it has, at once, while the database hangs", async () => {
    let now = 0;
    let hangs = false;
    const directory = createPartnerDirectory(
      async () => (hangs ? new Promise(() => {}) : [listed(1, "one")]),
      () => now,
    );
    await directory.find("one");
    hangs = true;
    now = 60_000;
    assert.deepEqual(await directory.find("one"), { id: 1, role: "gate" });
    assert.equal(await directory.find("wrong"), undefined);
  });

  it("throws while there has never been a list", async () => {
    const directory = createPartnerDirectory(async () => {
      throw new Error("away");
    });
    await assert.rejects(directory.find("one"), /away/);
  });
});
