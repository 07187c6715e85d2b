/** The recognisers of a run: ours first, the peer last. Each thread loads them from here. */
import { comparePictures, type Fingerprint, type Purpose } from "@recourse/fingerprint";
import { fingerprintBytes } from "@recourse/fingerprint/node";
import { plainPdq, type Recogniser } from "./recogniser.ts";

async function fingerprintOf(picture: Uint8Array, purpose: Purpose): Promise<Fingerprint> {
  const outcome = await fingerprintBytes(picture, { purpose, stronger: true });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.fingerprint;
}

/** What a gate does: the picture, its windows, its patches. The score is in thousandths. */
const recourse: Recogniser<Fingerprint, Fingerprint> = {
  name: "recourse",
  bank: (picture) => fingerprintOf(picture, "bank"),
  query: (picture) => fingerprintOf(picture, "query"),
  match: (bank, query) => {
    const { match, score, by, distance, votes } = comparePictures(bank, query);
    return { match, score: Math.round(score * 1000), by, votes, ...(distance === null ? {} : { distance }) };
  },
};

// The casts widen to what the harness knows of any recogniser: entries go back only to the one that made them.
export const recognisers: readonly Recogniser[] = [recourse as Recogniser, plainPdq as Recogniser];
