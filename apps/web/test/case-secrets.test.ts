import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { CASE_NUMBER_PATTERN } from "@recourse/protocol";
import fc from "fast-check";
import { checkCharacter, isChecked, normalise } from "../src/case/base32.ts";
import {
  caseTokenOf,
  makeCaseNumber,
  makeSecret,
  readCaseNumber,
  readSecret,
  recoveryTokenOf,
  verifierOf,
} from "../src/case/case-secrets.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const characters = (count: number) =>
  fc.array(fc.constantFrom(...ALPHABET), { minLength: count, maxLength: count }).map((all) => all.join(""));

describe("case numbers and keys", () => {
  it("have the form the protocol demands, and are never the same twice", () => {
    const numbers = Array.from({ length: 500 }, makeCaseNumber);
    for (const number of numbers) assert.match(number, new RegExp(CASE_NUMBER_PATTERN));
    const secrets = Array.from({ length: 500 }, makeSecret);
    for (const secret of secrets) assert.match(secret, /^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
    assert.equal(new Set([...numbers, ...secrets]).size, 1000);
  });

  it("come back right however they were typed", () => {
    for (let round = 0; round < 200; round += 1) {
      const number = makeCaseNumber();
      const secret = makeSecret();
      const sloppy = (text: string) =>
        ` ${text.toLowerCase().replaceAll("0", "o").replaceAll("1", "l").replaceAll("-", " – ")} `;
      assert.equal(readCaseNumber(sloppy(number)), number);
      assert.equal(readCaseNumber(number.slice(3)), number);
      assert.equal(readSecret(sloppy(secret)), secret);
    }
  });

  it("come back right when the number itself begins with RC, typed with the prefix or without", () => {
    // One number in 1024; without its prefix it was taken for one that had it, and refused.
    for (const typed of ["RC-RCSV-Q55J-EGBR", "RCSV-Q55J-EGBR", "rcsv q55j egbr", "rcrcsvq55jegbr"]) {
      assert.equal(readCaseNumber(typed), "RC-RCSV-Q55J-EGBR");
    }
  });

  it("are refused when one character is wrong, missing or too many", () => {
    const number = makeCaseNumber();
    const secret = makeSecret();
    for (const text of ["", number.slice(0, -1), `${number}0`, secret]) assert.equal(readCaseNumber(text), undefined);
    for (const text of ["", secret.slice(1), `${secret}0`, number]) assert.equal(readSecret(text), undefined);
    assert.equal(readSecret("U".repeat(32)), undefined);
  });

  it("carry a check that sees every single wrong character", () => {
    fc.assert(
      fc.property(characters(31), fc.nat(30), fc.constantFrom(...ALPHABET), (body, position, other) => {
        const whole = body + checkCharacter(body);
        assert.equal(isChecked(whole, 32), true);
        fc.pre(whole[position] !== other);
        assert.equal(isChecked(whole.slice(0, position) + other + whole.slice(position + 1), 32), false);
      }),
    );
  });

  it("are hashed as the protocol says, whatever the typing", async () => {
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const key = makeSecret();
    const plain = normalise(key);
    assert.equal(await caseTokenOf(key), sha256(`recourse case v1:${plain}`));
    assert.equal(await caseTokenOf(key.toLowerCase()), await caseTokenOf(plain));
    assert.equal(await recoveryTokenOf(key), sha256(`recourse recovery v1:${plain}`));
    assert.equal(await verifierOf(await caseTokenOf(key)), sha256(sha256(`recourse case v1:${plain}`)));
  });
});
