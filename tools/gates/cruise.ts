/**
 * Runs dependency-cruiser over the current folder and prints its result as JSON.
 * dependency-cruiser reads TypeScript through the package `typescript`, and only below version 7: with 7 it sees no
 * modules and passes. So its own imports, and no others, are given version 6.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import type { ICruiseOptions } from "dependency-cruiser";

interface Rules {
  readonly options: ICruiseOptions;
  readonly forbidden: NonNullable<ICruiseOptions["ruleSet"]>["forbidden"];
}

registerHooks({
  resolve: (specifier, context, next) =>
    /^typescript(?=\/|$)/u.test(specifier) && context.parentURL?.includes("/dependency-cruiser/") === true
      ? next(specifier.replace("typescript", "typescript6"), context)
      : next(specifier, context),
});
// Only now: an import at the top would come before the hook.
const { cruise } = await import("dependency-cruiser");

const { options, forbidden } = JSON.parse(readFileSync(".dependency-cruiser.json", "utf8")) as Rules;
const result = await cruise(["packages", "apps", "bench", "tools"], {
  ...options,
  ...(forbidden === undefined ? {} : { ruleSet: { forbidden } }),
  validate: true,
});
process.stdout.write(typeof result.output === "string" ? result.output : JSON.stringify(result.output));
