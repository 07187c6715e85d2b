import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { SHARE_ADDRESS } from "../../server/src/refuse-shared.ts";
import { ensureBuilt } from "../build/index.ts";
import { publishFolder } from "../build/publish.ts";
import { hashSources } from "../build/source-hash.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recourse-build-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes files, given as path and content, below a folder of that name. */
const write = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
  const root = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
};

const read = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(root.length + 1).replaceAll("\\", "/")] = await readFile(path, "utf8");
  }
  return found;
};

describe("the hash of the page's sources", () => {
  const files = {
    "apps/web/index.html": "page",
    "apps/web/package.json": "{}",
    "apps/web/src/main.tsx": "one",
    "apps/web/src/messages/en.json": "{}",
    "apps/web/build/index.ts": "build",
    "apps/web/public/icon.svg": "icon",
    "packages/fingerprint/src/core/plain.ts": "core",
    "packages/protocol/src/hub.ts": "hub",
    "packages/redact/src/redact.ts": "redact",
    "packages/remedy/law/a-law.json": "{}",
    "packages/remedy/services/services.json": "[]",
    "packages/remedy/src/plan.ts": "plan",
    "packages/remedy/support/support.json": "[]",
    "packages/scrub/src/scrub.ts": "scrub",
    "package-lock.json": "lock",
  };

  it("changes with the content, the name, the coming and the going of each, and with nothing else", async () => {
    const root = await write("repository", files);
    const before = await hashSources(root);
    assert.match(before, /^[0-9a-f]{64}$/);
    const seen = new Set([before]);
    const isNew = async (what: string): Promise<void> => {
      const hash = await hashSources(root);
      assert.ok(!seen.has(hash), what);
      seen.add(hash);
    };
    for (const path of Object.keys(files)) {
      await writeFile(join(root, path), "changed");
      await isNew(path);
    }
    await rename(join(root, "apps/web/src/main.tsx"), join(root, "apps/web/src/start.tsx"));
    await isNew("a new name");
    await writeFile(join(root, "apps/web/src/more.ts"), "");
    await isNew("a new file");
    await rm(join(root, "packages/protocol/src/hub.ts"));
    await isNew("a file that went");

    const last = await hashSources(root);
    await write("repository", {
      "apps/web/test/a.test.ts": "a test",
      "apps/web/dist/index.html": "built",
      "apps/web/README.md": "words",
      "apps/server/src/app.ts": "the server",
    });
    assert.equal(await hashSources(root), last);
  });

  it("is that of the same sources elsewhere", async () => {
    const here = await write("here", files);
    const there = join(folder, "elsewhere", "there");
    await cp(here, there, { recursive: true });
    assert.equal(await hashSources(there), await hashSources(here));
  });
});

describe("publishing a build", () => {
  const LAST = ["index.html", "build.json"];
  const older = { "index.html": "asks for a1", "assets/a1.js": "old", "icon.svg": "icon", "build.json": "old" };
  const newer = { "index.html": "asks for b2", "assets/b2.js": "new", "icon.svg": "icon 2", "build.json": "new" };

  it("leaves exactly the new files, in place of none and of older ones", async () => {
    const dist = join(folder, "dist");
    for (const build of [older, newer]) {
      await publishFolder(await write("work", build), dist, LAST);
      assert.deepEqual(await read(dist), build);
    }
  });

  it("never shows a page whose files are missing, nor calls a build whole that is not", async () => {
    const dist = join(folder, "dist");
    await publishFolder(await write("work", older), dist, LAST);
    const work = await write("work", {
      ...newer,
      ...Object.fromEntries([...Array(40).keys()].map((n) => [`assets/${n}.js`, "x"])),
    });
    let isDone = false;
    const publishing = publishFolder(work, dist, LAST).finally(() => {
      isDone = true;
    });
    let looks = 0;
    while (!isDone) {
      // Read in the order in which they are moved: what is named later must find what came before.
      const build = await readFile(join(dist, "build.json"), "utf8");
      const page = await readFile(join(dist, "index.html"), "utf8");
      const names = await readdir(join(dist, "assets"));
      if (build === "new") assert.equal(page, "asks for b2");
      if (page === "asks for b2") assert.ok(names.includes("b2.js"));
      looks += 1;
    }
    await publishing;
    assert.ok(looks > 1, "it was over before anyone looked");
  });

  it("may be done at once by several with the same build", async () => {
    const dist = join(folder, "dist");
    // Many stale files: each is taken out by whoever comes first, and is then gone for the others.
    const stale = Object.fromEntries(Array.from({ length: 60 }, (_unused, n) => [`assets/${n}.js`, "old"]));
    await publishFolder(await write("work", { ...older, ...stale }), dist, LAST);
    const works = await Promise.all(["one", "two", "three"].map((name) => write(name, newer)));
    await Promise.all(works.map((work) => publishFolder(work, dist, LAST)));
    assert.deepEqual(await read(dist), newer);
  });
});

describe("the app that files are shared to", () => {
  const readSource = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), "utf8");

  it("takes the pictures and videos that can be cleaned, at the address that the page and the server know", async () => {
    const manifest = JSON.parse(await readSource("public/clean/app.webmanifest"));
    const [files] = manifest.share_target.params.files;
    const formats = await readSource("src/clean/formats.ts");
    const cleaned = [...formats.matchAll(/"((?:image|video)\/[\w.+-]+)"/g)].map(([, type]) => type);
    assert.ok(cleaned.length > 10);
    assert.deepEqual(files.accept.toSorted(), cleaned.toSorted());
    assert.equal(manifest.share_target.action, SHARE_ADDRESS);
    for (const [path, expected] of [
      ["src/exit/share-worker.ts", `SHARE_ADDRESS = "${SHARE_ADDRESS}"`],
      ["src/clean/shared/take-shared.ts", `FIELD = "${files.name}"`],
      ["src/clean/shared/use-share-target.ts", 'MANIFEST = "/clean/app.webmanifest"'],
    ] as const)
      assert.ok((await readSource(path)).includes(expected), path);
  });

  it("has a worker that is one script: it imports nothing, asks for nothing and stores nothing", async () => {
    const script = await readFile(join(await ensureBuilt(), "clean/worker.js"), "utf8");
    assert.match(script, /addEventListener\(`fetch`|addEventListener\("fetch"/);
    assert.doesNotMatch(script, /\bimport\b|\bexport\b|\bfetch\(|caches|indexedDB|skipWaiting|clients|storage/);
    assert.ok(script.length < 2_000);
  });
});
