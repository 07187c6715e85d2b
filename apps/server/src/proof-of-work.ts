/**
 * Proof of work (ALTCHA): a device spends a moment of computing on each case and each batch of items, so a flood costs
 * its sender something, and nobody has to say who they are. Challenges live in memory only: after a restart the page
 * simply gets a new one.
 */
import { randomBytes } from "node:crypto";
import type { Challenge, ProofOfWork } from "@recourse/protocol";
import { createChallenge, randomInt, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/sha";

export interface ProofOfWorkDesk {
  challenge(): Promise<Challenge>;
  /** True once for each solved challenge. */
  accept(proof: ProofOfWork): Promise<boolean>;
}

const LIFETIME_MS = 10 * 60 * 1000;
/** Hashes to find the answer: about half a second in a browser's worker on a laptop, three on a slow phone. */
const MIN_COUNTER = 20_000;
const MAX_COUNTER = 50_000;
/** Each took a solved challenge, so this many within ten minutes is no ordinary day. */
const SPENT_LIMIT = 500_000;

export const createProofOfWorkDesk = (now: () => number = Date.now): ProofOfWorkDesk => {
  const hmacSignatureSecret = randomBytes(32).toString("hex");
  const hmacKeySignatureSecret = randomBytes(32).toString("hex");
  /** Signature of a used challenge to when it would have expired anyway. */
  const spent = new Map<string, number>();

  const forgetExpired = (): void => {
    // Insertion order is the order of acceptance; expiry differs by ten minutes at most.
    for (const [signature, expiresAt] of spent) {
      if (expiresAt > now() && spent.size <= SPENT_LIMIT) return;
      spent.delete(signature);
    }
  };

  return {
    challenge: () =>
      createChallenge({
        algorithm: "SHA-256",
        cost: 1,
        counter: randomInt(MAX_COUNTER, MIN_COUNTER),
        deriveKey,
        expiresAt: Math.floor((now() + LIFETIME_MS) / 1000),
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      }),
    async accept({ challenge, solution }) {
      const { signature, parameters } = challenge;
      // Without an expiry of ours it is not a challenge of ours.
      if (signature === undefined || parameters.expiresAt === undefined || parameters.cost !== 1) return false;
      // A counter beyond 32 bits makes the library throw: a wrong solution like any other.
      const result = await verifySolution({
        challenge,
        solution,
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      }).catch(() => undefined);
      if (result?.verified !== true || spent.has(signature)) return false;
      forgetExpired();
      spent.set(signature, parameters.expiresAt * 1000);
      return true;
    },
  };
};
