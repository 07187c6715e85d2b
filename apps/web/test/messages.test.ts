import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import type { FingerprintErrorCode, VideoErrorCode } from "@recourse/fingerprint";
import { ERRORS } from "@recourse/protocol";
import { RULES } from "@recourse/remedy";
import { fileProblemKey } from "../src/messages/problem-keys.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));

const load = async (language: string): Promise<Readonly<Record<string, string>>> =>
  JSON.parse(await readFile(join(source, "messages", `${language}.json`), "utf8"));

/** Arguments of a message with their kinds, and the categories of each plural. */
const describeMessage = (text: string) => {
  const found = new Set<string>();
  const plurals: string[][] = [];
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      if (element.type === TYPE.tag) {
        walk(element.children);
        continue;
      }
      found.add(`${element.value}:${element.type}`);
      if (element.type === TYPE.plural || element.type === TYPE.select) {
        plurals.push(Object.keys(element.options));
        for (const option of Object.values(element.options)) walk(option.value);
      }
    }
  };
  walk(parse(text));
  return { found: [...found].toSorted(), plurals };
};

const english = await load("en");

/** Each with all of its languages; the second loads with the screens that use it. */
const CATALOGUES = ["", "remedy/"] as const;

/** A type error if a code is missing here. */
const READING_CODES: Readonly<Record<FingerprintErrorCode | VideoErrorCode, true>> = {
  empty_file: true,
  file_unreadable: true,
  file_too_large: true,
  too_many_pixels: true,
  not_an_image: true,
  unsupported_format: true,
  image_damaged: true,
  decode_timeout: true,
  pixels_blocked: true,
  not_a_video: true,
  sound_only: true,
  video_damaged: true,
  decoder_missing: true,
  cancelled: true,
};

describe("the catalogues", () => {
  for (const language of ["es", "ar"]) {
    it(`${language} has the sentences of English, with the same arguments`, async () => {
      for (const folder of CATALOGUES) {
        const other = await load(folder + language);
        const own = await load(`${folder}en`);
        assert.deepEqual(Object.keys(other), Object.keys(own));
        for (const [key, text] of Object.entries(own)) {
          assert.deepEqual(describeMessage(other[key] ?? "").found, describeMessage(text).found, key);
        }
      }
    });
  }

  for (const language of ["en", "es", "ar"]) {
    it(`${language} has every plural form its language needs`, async () => {
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const folder of CATALOGUES) {
        for (const [key, text] of Object.entries(await load(folder + language))) {
          for (const categories of describeMessage(text).plurals) {
            assert.deepEqual(
              needed.filter((category) => !categories.includes(category)),
              [],
              `${key} in ${language}`,
            );
          }
        }
      }
    });
  }

  it("say victim nowhere, and have a sentence for every way a file can fail", async () => {
    const remedy = await load("remedy/en");
    for (const text of [...Object.values(english), ...Object.values(remedy)]) assert.doesNotMatch(text, /victim/i);
    const keys = Object.keys(english).filter((key) => /^(?:file|video)\./.test(key));
    for (const key of keys) assert.ok(Object.hasOwn(ERRORS, key.slice(key.indexOf(".") + 1)), key);
    for (const code of [...Object.keys(READING_CODES), "picture_too_plain"]) {
      for (const media of ["image", "video"] as const)
        assert.notEqual(fileProblemKey(code, media), "problem.other", code);
    }
  });

  for (const language of ["es", "ar"]) {
    it(`${language} has the sentences of every rule of the plan`, async () => {
      const steps = await load(`steps/${language}`);
      // What belongs to these is shown by screens of their own.
      const elsewhere = ["danger_first", "under_18_routes", "ask_age"];
      const wanted = [...RULES.map(({ id }) => id), "site_that_charges_report"].filter((id) => !elsewhere.includes(id));
      assert.deepEqual(Object.keys(steps).toSorted(), wanted.flatMap((id) => [`${id}.what`, `${id}.why`]).toSorted());
      for (const [key, text] of Object.entries(steps)) {
        for (const argument of describeMessage(text).found) assert.match(argument, /^(?:place|law):1$/, key);
      }
    });
  }

  it("hold every sentence: none stands in a component, and none is unused", async () => {
    const files = (await readdir(source, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
    let code = "";
    for (const name of files) {
      const text = await readFile(join(source, name), "utf8");
      code += text;
      if (!name.endsWith(".tsx")) continue;
      // Text between tags: letters that are no expression.
      const bare = [...text.matchAll(/^\s*[A-Z][a-z]+ [a-z]+[^;=(){}<>]*$/gm)].map((found) => found[0].trim());
      const between = [...text.matchAll(/<\/?[A-Za-z][^<>]*>([^<>{}]*[A-Za-z]{3}[^<>{}]*)<\//g)].map(
        (found) => found[1],
      );
      const attributes = [...text.matchAll(/(?:aria-label|title|alt|placeholder)="([^"]+)"/g)].map((found) => found[1]);
      const inComments = (words: string) => text.includes(`* ${words}`) || text.includes(`// ${words}`);
      assert.deepEqual([...bare.filter((words) => !inComments(words)), ...between, ...attributes], [], name);
    }
    const remedy = await load("remedy/en");
    // One sentence is looked for in both, so a key must lead to one.
    assert.deepEqual(
      Object.keys(remedy).filter((key) => key in english),
      [],
    );
    for (const key of [...Object.keys(english), ...Object.keys(remedy)]) {
      // Keys are written whole, or their last part comes from a variable.
      const stem = key.slice(0, key.lastIndexOf(".") + 1);
      assert.ok(code.includes(`"${key}"`) || code.includes(`\`${stem}\${`), `${key} is not used`);
    }
  });
});
