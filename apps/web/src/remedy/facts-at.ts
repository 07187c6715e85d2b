/** Reading and writing single facts by their path, as the elements of notices name them. */
import { type Facts, readFacts } from "@recourse/remedy";

export const NO_FACTS: Facts = { version: 1 };

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** undefined where nothing stands. `path` as in "/person/email". */
export const factAt = (facts: Facts, path: string): unknown => {
  let value: unknown = facts;
  for (const name of path.split("/").slice(1)) value = isTree(value) ? value[name] : undefined;
  return value;
};

export const textAt = (facts: Facts, path: string): string => {
  const value = factAt(facts, path);
  return typeof value === "string" ? value : "";
};

const put = (tree: Tree, [name = "", ...rest]: readonly string[], value: unknown): Tree => {
  const inner = tree[name];
  const next = rest.length === 0 ? value : put(isTree(inner) ? inner : {}, rest, value);
  if (next !== undefined) return { ...tree, [name]: next };
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== name));
};

/** A copy with the fact; undefined and "" take it out. What others read of it is made sound by `soundFacts`. */
export const withFact = (facts: Facts, path: string, value: unknown): Facts =>
  // The shape is checked where facts are used: half an address is a fact in the making.
  put(facts, path.split("/").slice(1), value === "" ? undefined : value) as Facts;

export type Statement = NonNullable<Facts["confirmed"]>[number];

export const withStatement = (facts: Facts, statement: Statement, isMade: boolean): Facts => {
  const others = (facts.confirmed ?? []).filter((each) => each !== statement);
  return { ...facts, confirmed: isMade ? [...others, statement] : others };
};

/** Without what has not the form of a fact yet, such as half a mail address: it counts as missing. */
export const soundFacts = (facts: Facts): Facts => {
  let sound = facts;
  for (;;) {
    const read = readFacts(sound);
    if (read.ok) return read.facts;
    // Nothing to take out would mean turning round for ever.
    if (read.at === "" || factAt(sound, read.at) === undefined) return NO_FACTS;
    sound = withFact(sound, read.at, undefined);
  }
};
