import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { FULL, without } from "../../../packages/remedy/test/cases.ts";
import { lines, run } from "./run-recourse.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-test-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const factsFile = async (name: string, facts: unknown): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(facts));
  return file;
};

describe("recourse regimes, plan and notice", () => {
  it("lists a regime a line, each with how far it was checked", async () => {
    const { status, stdout } = await run(["regimes", "--json"]);
    assert.equal(status, 0);
    const regimes = lines(stdout).map((line) => JSON.parse(line));
    assert.ok(regimes.length >= 34);
    const act = regimes.find(({ id }) => id === "us-take-it-down");
    assert.equal(act.deadline.hours, 48);
    assert.equal(act.elements.length, 4);
    assert.equal(act.stale, false);
  });

  it("prints the form of the facts, and a plan of them", async () => {
    const schema = JSON.parse((await run(["plan", "--schema"])).stdout);
    assert.equal(schema.properties.ageWhenTaken.description.length > 0, true);
    const { status, stdout } = await run(["plan", "-", "--json"], { input: JSON.stringify(FULL) });
    assert.equal(status, 0);
    const { steps, links } = JSON.parse(stdout);
    assert.equal(links.links.length, 2);
    assert.ok(
      steps.some(
        ({ rule, regime }: { rule: string; regime?: string }) =>
          rule === "take_it_down_act" && regime === "us-take-it-down",
      ),
    );
  });

  it("writes complete notices, a recipient a letter, under names that say nothing", async () => {
    const out = join(folder, "letters");
    const { status, stdout } = await run([
      "notice",
      await factsFile("full.json", FULL),
      "--regime",
      "us-take-it-down",
      "--out",
      out,
      "--json",
    ]);
    assert.equal(status, 0);
    const printed = lines(stdout).map((line) => JSON.parse(line));
    assert.deepEqual(
      printed.map(({ recipient, complete }) => [recipient, complete]),
      [
        ["example.net", true],
        ["X", true],
      ],
    );
    const names = await readdir(out);
    assert.equal(names.length, 13);
    for (const name of names)
      assert.match(
        name,
        /^case\.json$|^letter-00[12]\.(?:txt|pdf|checklist\.txt|xarf\.json|cloudflare\.json|desk\.json)$/u,
      );
    assert.match(await readFile(join(out, "letter-001.pdf"), "latin1"), /^%PDF-1\.7\n/u);
    const text = await readFile(join(out, "letter-002.txt"), "utf8");
    const desk = JSON.parse(await readFile(join(out, "letter-002.desk.json"), "utf8"));
    assert.deepEqual(
      [desk.form, desk.version, desk.recipient, desk.urls],
      ["recourse-desk-notice", 1, "X", ["https://x.com/a/status/1"]],
    );
    assert.equal(`${desk.letter.subject}\n\n${desk.letter.body}\n`, text);
    for (const { text: element } of printed[1].elements) assert.ok(text.includes(element));
    assert.match(text, /https:\/\/x\.com\/a\/status\/1/u);
    assert.doesNotMatch(text, /pictures\.example\.net/u);
    // What was written stays: a second time needs another folder.
    assert.equal(
      (await run(["notice", join(folder, "full.json"), "--regime", "us-take-it-down", "--out", out])).status,
      3,
    );
  });

  it("writes nothing of what is incomplete, and names what is missing", async () => {
    const out = join(folder, "incomplete");
    const file = await factsFile("part.json", without(FULL, "/signature"));
    const { status, stdout } = await run(["notice", file, "--regime", "us-take-it-down", "--out", out, "--json"]);
    assert.equal(status, 1);
    for (const line of lines(stdout)) {
      const { complete, files, elements } = JSON.parse(line);
      assert.deepEqual([complete, files], [false, []]);
      assert.deepEqual(
        elements.flatMap(({ missing }: { missing: string[] }) => missing),
        ["/signature"],
      );
    }
    assert.deepEqual(await readdir(out), []);
  });

  it("finds contacts on a saved page, and tells what is known of an address without visiting it", async () => {
    const file = join(folder, "page.html");
    await writeFile(file, '<!DOCTYPE html><p>Abuse: abuse@pictures-site.com</p><a href="/contact">Contact</a>');
    const { status, stdout } = await run(["contacts", file, "--page-url", "https://www.pictures-site.com/1", "--json"]);
    assert.equal(status, 0);
    assert.deepEqual(
      lines(stdout).map((line) => JSON.parse(line)),
      [
        {
          purpose: "abuse",
          kind: "mail",
          to: "abuse@pictures-site.com",
          of: "site",
          foundIn: "text",
          confidence: "high",
        },
        {
          purpose: "general",
          kind: "form",
          to: "https://www.pictures-site.com/contact",
          of: "site",
          foundIn: "link",
          confidence: "medium",
        },
      ],
    );
    const known = await run(["contacts", "hxxps://discord[.]com/channels/1"]);
    assert.equal(known.status, 0);
    assert.match(known.stdout, /^ncii\tform\thttps:\/\/discord\.com\/report\thigh$/mu);
    assert.match(known.stderr, /Not visited/u);
    assert.equal((await run(["contacts", "https://nobody-known.com/1"])).status, 1);
    assert.match((await run(["contacts", "-"], { input: "no page" })).stderr, /error page_unreadable/u);
  });

  it("visits a page only when told to, and falls back to security.txt", async () => {
    const asked: string[] = [];
    const site = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(
        request.url === "/.well-known/security.txt"
          ? "Contact: mailto:security@pictures-site.com\n"
          : "<!doctype html><a href='/contact'>Contact</a>",
      );
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    const { port } = site.address() as AddressInfo; // it listens on a port
    try {
      // A name that leads here without being a private address by its look.
      const { status, stdout, stderr } = await run(["contacts", `http://site.localtest.me:${port}/1`, "--visit"], {
        env: {
          NODE_OPTIONS: `--import=${new URL("resolve-here.ts", import.meta.url).href}`,
          RECOURSE_VISIT_PRIVATE: "1",
          RECOURSE_RDAP_BOOTSTRAP: "https://registries.localtest.me:1/",
        },
      });
      assert.equal(status, 0, stderr);
      assert.match(
        stdout,
        /^general\tform\t[^\n]*\/contact\tmedium\nsecurity\tmail\tsecurity@pictures-site\.com\tlow$/mu,
      );
      assert.deepEqual(asked, ["/1", "/.well-known/security.txt"]);
      assert.match(stderr, /The site learns/u);
      // The same name leads into a private network, and without a word about it is not visited.
      const refused = await run(["contacts", `http://site.localtest.me:${port}/1`, "--visit"], {
        env: { NODE_OPTIONS: `--import=${new URL("resolve-here.ts", import.meta.url).href}` },
      });
      assert.equal(refused.status, 3);
      assert.match(refused.stderr, /error visit_private_address/u);
      assert.equal(asked.length, 2);
    } finally {
      site.close();
    }
  });

  it("says in a sentence why there is nobody to write to", async () => {
    for (const [address, status, words] of [
      ["data:text/html,hello", 2, /holds its content in itself/u],
      ["javascript:alert(1)", 2, /holds its content in itself/u],
      ["http://192.168.1.1/x", 2, /private network/u],
      ["https://", 2, /no address that can be written about/u],
      ["http://expyuzz4wqqyqhjn.onion/1", 1, /Tor network/u],
      ["https://bit.ly/abc", 1, /only leads on/u],
      ["https://bücher-bilder.de/1", 1, /Read as: xn--bcher-bilder-dlb\.de \(bücher-bilder\.de\)/u],
      ["https://аррӏе.com/1", 1, /Read as: xn--80ak6aa92e\.com\n/u],
      ["pictures-site[.]com/1", 1, /Read as: pictures-site\.com/u],
    ] as const) {
      const ended = await run(["contacts", address]);
      assert.equal(ended.status, status, address);
      assert.match(ended.stderr, words);
    }
  });

  it("refuses by name, and repeats nothing of the facts", async () => {
    const wrong = await factsFile("wrong.json", { ...FULL, person: { email: "SECRET-WORD" } });
    const cases: readonly (readonly [words: readonly string[], status: number, code: RegExp])[] = [
      [["plan", wrong], 3, /error facts_invalid: .*\(at \/person\/email\)/u],
      [
        ["plan", await factsFile("unknown.json", { ...FULL, "SECRET-WORD": 1 })],
        3,
        /error facts_invalid: .*\(at the top: a field is not known\)/u,
      ],
      [["plan"], 2, /error usage/u],
      [["plan", join(folder, "none.json")], 3, /error file_unreadable/u],
      [["notice", wrong, "--regime", "toString", "--out", folder], 2, /error regime_unknown/u],
      [
        ["notice", join(folder, "full.json"), "--regime", "gb-soa-66b", "--out", folder],
        3,
        /error no_notice_procedure/u,
      ],
      [
        [
          "notice",
          await factsFile("young.json", { ...FULL, ageWhenTaken: "unsure" }),
          "--regime",
          "us-dmca",
          "--out",
          folder,
        ],
        3,
        /error notice_under_18/u,
      ],
    ];
    for (const [words, status, code] of cases) {
      const ended = await run(words);
      assert.equal(ended.status, status, words.join(" "));
      assert.match(ended.stderr, code);
      assert.doesNotMatch(ended.stderr + ended.stdout, /SECRET-WORD|Person Example/u);
    }
  });
});
