/**
 * What all style sheets and the style attribute say of each element, put together (CSS Cascade 3): what is written
 * again are the declarations that won, in the order in which they did, so that no selector is needed any more.
 */
import { doubtful, unsupported } from "../core/refuse.ts";
import {
  attributeOf,
  type Declaration,
  declarationsOf,
  matches,
  type Rule,
  type Traits,
  traitsOf,
} from "./style-sheet.ts";
import { tokensOf } from "./tokens.ts";
import type { Told } from "./values.ts";
import type { XmlElement } from "./xml.ts";

export type Style = ReadonlyMap<string, Declaration>;

interface Ranked {
  readonly rule: Rule;
  readonly order: number;
}

/** Steps of matching; an honest picture needs a few for each element. */
const MAX_STEPS = 20_000_000;
const MAX_DECLARATIONS = 5_000_000;

export class Cascade {
  readonly #byId = new Map<string, Ranked[]>();
  readonly #byClass = new Map<string, Ranked[]>();
  readonly #byType = new Map<string, Ranked[]>();
  readonly #rest: Ranked[] = [];
  readonly #traits = new Map<XmlElement, Traits>();
  readonly #isInUsed: (element: XmlElement) => XmlElement | null;
  #steps = 0;
  #declarations = 0;

  /** `isInUsed` answers the outermost element around this one that another place in the picture draws again. */
  constructor(rules: readonly Rule[], isInUsed: (element: XmlElement) => XmlElement | null) {
    this.#isInUsed = isInUsed;
    for (const [order, rule] of rules.entries()) {
      const last = rule.compounds.at(-1);
      const [id] = last?.ids ?? [];
      const [name] = last?.classes ?? [];
      const add = (map: Map<string, Ranked[]>, key: string): void => {
        const list = map.get(key);
        if (list === undefined) map.set(key, [{ rule, order }]);
        else list.push({ rule, order });
      };
      if (id !== undefined) add(this.#byId, id);
      else if (name !== undefined) add(this.#byClass, name);
      else if (last?.type !== null && last !== undefined) add(this.#byType, last.type);
      else this.#rest.push({ rule, order });
    }
  }

  #traitsOf = (element: XmlElement): Traits => {
    const known = this.#traits.get(element);
    if (known !== undefined) return known;
    const traits = traitsOf(element);
    this.#traits.set(element, traits);
    return traits;
  };

  #spend = (): void => {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw unsupported("a style sheet of so many rules is not cleaned here");
  };

  /** `told` hears what is left out of the style attribute. */
  styleOf(element: XmlElement, told: Told): Style {
    const { id, classes } = this.#traitsOf(element);
    const found: Ranked[] = [];
    const consider = (list: readonly Ranked[] | undefined): void => {
      for (const ranked of list ?? []) {
        const outermost = matches(ranked.rule, element, this.#traitsOf, this.#spend);
        if (outermost === null) continue;
        // Whether a rule reaches into what `use` draws again from outside of it is answered differently by programs.
        const used = outermost === element ? null : this.#isInUsed(element);
        if (used !== null && isAbove(outermost, used)) throw doubtful("a style that reaches into what is drawn again");
        found.push(ranked);
      }
    };
    if (id !== undefined) consider(this.#byId.get(id));
    for (const name of classes) consider(this.#byClass.get(name));
    consider(this.#byType.get(element.local));
    consider(this.#rest);
    found.sort((a, b) => a.rule.specificity - b.rule.specificity || a.order - b.order);
    const own = attributeOf(element, "style");
    const inline = own === undefined ? [] : declarationsOf(tokensOf(own), told);
    const all = [...found.flatMap(({ rule }) => rule.declarations), ...inline];
    this.#declarations += all.length;
    if (this.#declarations > MAX_DECLARATIONS) throw unsupported("a style sheet of so many rules is not cleaned here");
    const style = new Map<string, Declaration>();
    for (const isImportant of [false, true]) {
      for (const declaration of all) {
        if (declaration.isImportant !== isImportant) continue;
        style.delete(declaration.name);
        style.set(declaration.name, declaration);
      }
    }
    return style;
  }
}

const isAbove = (element: XmlElement, other: XmlElement): boolean => {
  for (let up = other.parent; up !== null; up = up.parent) if (up === element) return true;
  return false;
};
