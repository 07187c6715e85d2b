/** `recourse regimes`: the law and the procedures that notices rest on, one a line. */
import { allRegimes, freshness, leastVerified } from "@recourse/remedy";
import type { ExitStatus } from "../failure.ts";

const CHECKED = { S: "sources seen", S2: "reports seen", M: "not all checked" } as const;

export const runRegimes = (json: boolean, nowMs: number): ExitStatus => {
  for (const regime of allRegimes()) {
    if (json) console.log(JSON.stringify({ ...regime, stale: freshness(regime, nowMs).stale }));
    else {
      const { id, jurisdiction, kind, name, deadline } = regime;
      const time = deadline.hours === null ? "" : `, ${deadline.hours} hours`;
      console.log(`${id}\t${jurisdiction}\t${kind}\t${name}${time}\t${CHECKED[leastVerified(regime)]}`);
    }
  }
  if (!json) console.error("No lawyer has reviewed any of this.");
  return 0;
};
