/** The regimes, checked when first asked for. */
import Value from "typebox/value";
import { LAW_FILES } from "./files.generated.ts";
import { type Claim, Regime } from "./schema.ts";

const checked = (file: unknown): Regime => {
  if (!Value.Check(Regime, file)) throw new TypeError("a file of law/ does not have the form of a regime");
  return file;
};

let regimes: readonly Regime[] | undefined;

/** All regimes, by id. Throws TypeError if a file in `law/` has not the form of one; a test reads them all. */
export const allRegimes = (): readonly Regime[] => (regimes ??= LAW_FILES.map(checked));

/** undefined for an id that nobody knows. */
export const findRegime = (id: string): Regime | undefined => allRegimes().find((regime) => regime.id === id);

/** The day something was last checked, and whether that is too long ago (`now` in milliseconds). */
export const freshness = (
  regime: Regime,
  now: number,
  { verifiedOn = regime.verifiedOn }: Pick<Claim, "verifiedOn"> = {},
): { readonly verifiedOn: string; readonly stale: boolean } => ({
  verifiedOn,
  stale: now - Date.parse(`${verifiedOn}T00:00:00Z`) > regime.reviewEveryDays * 86_400_000,
});

/**
 * The least that any claim of a regime was checked by; what is `M` is from memory and shown as not checked.
 * Who wants to rely on one claim looks at that claim.
 */
export const leastVerified = ({ elements, whoMaySend, deadline, identity, fits }: Regime): Claim["verified"] => {
  const marks = [...elements, whoMaySend, deadline, identity, fits].map(({ verified }) => verified);
  if (marks.includes("M")) return "M";
  return marks.includes("S2") ? "S2" : "S";
};
