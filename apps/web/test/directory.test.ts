import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SUPPORT, supportByCountry, YOUTH_SUPPORT } from "../src/support/directory.ts";

const names = new Intl.DisplayNames("en", { type: "region" });
const nameOf = (country: string): string => (country === "" ? "" : (names.of(country) ?? country));

describe("the directory of people to talk to", () => {
  it("has entries a person can use: a known country, a number that can be dialled, a site without scheme", () => {
    for (const { name, country, phone, site, verifiedOn } of SUPPORT) {
      if (country !== undefined) assert.notEqual(nameOf(country), country, name);
      if (phone !== undefined) assert.match(phone, /^[*\d][\d -]*( ?[A-Z-]+ \(\d{3}-\d{4}\))?$/, name);
      if (site !== undefined) assert.match(site, /^[a-z\d-]+(\.[a-z\d-]+)+(\/[a-z\d/-]+)?$/, name);
      if (verifiedOn !== undefined) assert.equal(new Date(verifiedOn).toISOString().slice(0, 10), verifiedOn, name);
    }
    const keys = SUPPORT.map(({ name, country }) => `${country} ${name}`);
    assert.equal(new Set(keys).size, keys.length);
  });

  it("has for pictures of people under 18 what the page leads them to", () => {
    for (const entry of Object.values(YOUTH_SUPPORT)) assert.ok(SUPPORT.some((each) => each === entry));
    assert.equal(YOUTH_SUPPORT.takeItDown.site, "takeitdown.ncmec.org");
  });

  it("begins with the person's own countries, then worldwide, then the others by name, losing none", () => {
    const groups = supportByCountry(["es-MX", "es", "en-GB"], nameOf);
    assert.deepEqual(
      groups.slice(0, 4).map(({ country }) => country),
      ["MX", "GB", undefined, "AR"],
    );
    const others = groups.slice(3).map(({ country }) => nameOf(country ?? ""));
    assert.deepEqual(
      others,
      others.toSorted((a, b) => a.localeCompare(b)),
    );
    assert.equal(groups.flatMap(({ entries }) => entries).length, SUPPORT.length);
    for (const { entries } of groups) {
      const checked = entries.map(({ verifiedOn }) => verifiedOn !== undefined);
      assert.deepEqual(
        checked,
        checked.toSorted((a, b) => Number(b) - Number(a)),
      );
    }
  });

  it("begins with worldwide where the browser names no country", () => {
    assert.equal(supportByCountry(["en", "zh-Hans"], nameOf)[0]?.country, undefined);
  });
});
