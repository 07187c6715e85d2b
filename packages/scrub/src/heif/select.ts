/** Which items the picture is made of: the primary one, what it is composed from, and its transparency. */
import { damaged, doubtful, unsupported } from "../core/refuse.ts";
import type { Meta } from "./meta.ts";
import { auxiliaryType, isAlpha } from "./properties.ts";

export const CODED: ReadonlySet<string> = new Set(["hvc1", "av01"]);
export const DERIVED: ReadonlySet<string> = new Set(["grid", "iovl", "iden"]);

/** Item numbers to the items that they are composed from, in order. */
export const inputsOf = ({ references }: Meta): ReadonlyMap<number, readonly number[]> => {
  const inputs = new Map<number, readonly number[]>();
  for (const { type, from, to } of references) {
    if (type !== "dimg") continue;
    if (inputs.has(from)) throw doubtful("a picture is composed twice");
    inputs.set(from, to);
  }
  return inputs;
};

/** Compositions of compositions; more is no honest picture. */
const MAX_DEPTH = 16;

/** Numbers of the items that are needed. Refuses circles and kinds of items that are not cleaned here. */
export const selectItems = (meta: Meta): ReadonlySet<number> => {
  const inputs = inputsOf(meta);
  const needed = new Set<number>();
  const open = new Set<number>();
  const visit = (id: number): void => {
    if (open.has(id) || open.size > MAX_DEPTH) throw doubtful("the pictures are composed in a circle");
    if (needed.has(id)) return;
    const info = meta.infos.get(id);
    if (info === undefined) throw damaged("an item that is needed is missing");
    if (info.protectedBy !== 0) throw unsupported("encrypted pictures are not cleaned here");
    const derived = DERIVED.has(info.type);
    if (!derived && !CODED.has(info.type)) throw unsupported("this kind of picture item is not cleaned here");
    if (derived) {
      open.add(id);
      for (const input of inputs.get(id) ?? []) visit(input);
      open.delete(id);
    }
    needed.add(id);
  };
  visit(meta.primary);
  const alpha = meta.references.filter(({ type, from }) => {
    if (type !== "auxl") return false;
    return isAlpha(auxiliaryType(meta.bytes, meta.properties, meta.properties.associations.get(from) ?? []));
  });
  // Transparency may belong to the whole or to each tile, and is composed itself.
  for (const { from, to } of alpha) if (to.some((id) => needed.has(id))) visit(from);
  return needed;
};
