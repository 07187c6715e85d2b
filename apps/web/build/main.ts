/** `npm run build`: builds the page if its sources changed. */
import { ensureBuilt } from "./index.ts";

await ensureBuilt();
