/** The recognisers of a run: ours first, the peer last. Each thread loads them from here. */
import { plainPdq, type Recogniser } from "./recogniser.ts";

export const recognisers: readonly Recogniser[] = [plainPdq];
