/** How the page is bundled. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { InlineConfig } from "vite";
import { compileMessages } from "./messages-plugin.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const SHARE_WORKER = "share-worker";

/** `outDir` is emptied first. */
export const viteConfig = (outDir: string): InlineConfig => ({
  root: here("../"),
  configFile: false,
  logLevel: "warn",
  plugins: [react(), compileMessages()],
  resolve: {
    alias: { "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js" },
  },
  worker: { format: "es", rolldownOptions: { checks: { bundlerTimings: false } } },
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2022",
    // Nothing is inlined: the content security policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The HEIC decoder alone is larger than the usual warning; it is loaded only for HEIC files.
    chunkSizeWarningLimit: 2_500,
    // Where a build's seconds went is of no use to whoever starts a server.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      input: { index: here("../index.html"), [SHARE_WORKER]: here("../src/clean/shared/worker.ts") },
      output: {
        // Browsers know a worker by its address: it has no hash, and is asked for anew each time.
        entryFileNames: ({ name }) => (name === SHARE_WORKER ? "clean/worker.js" : "assets/[name]-[hash].js"),
      },
    },
  },
});
