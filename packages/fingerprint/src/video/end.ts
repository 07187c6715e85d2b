/** What is said of a video's length, and whether all of it was read. Claims of containers are often wrong, or lies. */

/** A container's claim is rounded, and often counts sound that goes on after the last picture. */
const CLAIM_SLACK_SEC = 2;
const CLAIM_SLACK_SHARE = 0.1;
/** How long the last frame looked at stands, at the most. */
const LAST_FRAME_SEC = 0.25;

/** `lastSec` is the time of the last frame looked at, `clean` false if the decoder complained. */
export function endOf(
  lastSec: number,
  claimedSec: number | null,
  limitSec: number,
  clean: boolean,
): { readonly durationSec: number; readonly complete: boolean } {
  const readSec = lastSec + LAST_FRAME_SEC;
  const claim = claimedSec !== null && Number.isFinite(claimedSec) ? claimedSec : 0;
  const whole = claim - readSec <= CLAIM_SLACK_SEC + claim * CLAIM_SLACK_SHARE;
  return {
    // A claim that fits what was read is the more exact one.
    durationSec: claim >= lastSec && claim > 0 ? Math.min(claim, readSec) : readSec,
    complete: clean && whole && readSec < limitSec,
  };
}
