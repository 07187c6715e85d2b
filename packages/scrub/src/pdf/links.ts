/** Which objects lead to which, so that those can be told that nothing leads to. */
import { uint32, withRoom } from "../core/columns.ts";

/** More links than this are not gone through; then nothing is said of what is not reached. */
const MAX_LINKS = 4_000_000;

export class Links {
  /** Pairs: from, to. */
  #pairs: Uint32Array = uint32(0);
  #count = 0;
  #from = 0;
  readonly #objects = new Set<number>();
  readonly #exempt = new Set<number>();

  /** The links told next are those of this object; 0 are the trailers, where all begins. */
  begin(number: number): void {
    this.#from = number;
    if (number > 0) this.#objects.add(number);
  }

  /** Of what holds the file together, and is reached in no other way. */
  exempt(number: number): void {
    this.#exempt.add(number);
  }

  to(number: number): void {
    if (number <= 0 || number > 0xffff_ffff || this.#count >= MAX_LINKS) return;
    this.#pairs = withRoom(this.#pairs, 2 * this.#count + 2, uint32);
    this.#pairs[2 * this.#count] = this.#from;
    this.#pairs[2 * this.#count + 1] = number;
    this.#count += 1;
  }

  /** How many objects no trailer leads to. */
  unreached(): number {
    if (this.#count >= MAX_LINKS) return 0;
    // Links by where they begin: the places of each object's in one row.
    const starts = new Map<number, number>();
    const next = uint32(this.#count);
    for (let i = this.#count - 1; i >= 0; i -= 1) {
      const from = this.#pairs[2 * i] ?? 0;
      next[i] = (starts.get(from) ?? -1) + 1;
      starts.set(from, i);
    }
    const reached = new Set<number>([0]);
    const waiting = [0];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      for (let i = starts.get(number) ?? -1; i >= 0; i = (next[i] ?? 0) - 1) {
        const to = this.#pairs[2 * i + 1] ?? 0;
        if (reached.has(to)) continue;
        reached.add(to);
        waiting.push(to);
      }
    }
    let count = 0;
    for (const number of this.#objects) if (!reached.has(number) && !this.#exempt.has(number)) count += 1;
    return count;
  }
}
