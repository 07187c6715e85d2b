/**
 * Makes of the files in `law/` what is generated from them: the index in `src/law/files.generated.ts`, and the page
 * `docs/law.md`; and of the form of a desk's notices its JSON Schema. `npm run law --workspace @recourse/remedy`; a test compares.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeskNotice } from "../src/notice/desk-notice.ts";
import { lawPage } from "./law-page.ts";

const packageDir = fileURLToPath(new URL("..", import.meta.url));
export const LAW_FOLDER = join(packageDir, "law");

export const lawFiles = (): readonly string[] =>
  readdirSync(LAW_FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort();

export const generatedIndex = (): string => {
  const names = lawFiles();
  const imports = names.map((name, index) => `import file${index} from "../../law/${name}" with { type: "json" };`);
  return `/** Generated from the files in law/ by scripts/write-law.ts; do not edit. */
${imports.join("\n")}

export const LAW_FILES: readonly unknown[] = [
${names.map((_, index) => `  file${index},`).join("\n")}
];
`;
};

const deskSchema = (): string =>
  `${JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", ...DeskNotice }, undefined, 2)}\n`;

export const GENERATED = [
  { path: join(packageDir, "src/law/files.generated.ts"), text: generatedIndex },
  { path: join(packageDir, "../../docs/law.md"), text: () => lawPage(lawFiles().map(readLaw)) },
  { path: join(packageDir, "../../docs/desk-notice.schema.json"), text: deskSchema },
] as const;

const readLaw = (name: string): unknown => JSON.parse(readFileSync(join(LAW_FOLDER, name), "utf8")) as unknown;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, text } of GENERATED) writeFileSync(path, text());
}
