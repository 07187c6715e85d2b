/**
 * What of a picture is drawn: what stands in the tree and shows, and what that refers to. The rest is where things are
 * hidden. What does not show, but can't be taken out without moving what does, is refused if it could tell something.
 */
import { doubtful } from "../core/refuse.ts";
import type { CleanElement } from "./clean-element.ts";
import { ANIMATIONS, isKept, NEVER_DRAWN, REFUSED, TEXTS } from "./names.ts";
import { attributeOf } from "./style-sheet.ts";
import { isWord, type Value } from "./values.ts";
import { isElement, SVG, type XmlElement, XHTML } from "./xml.ts";

export interface Picture {
  readonly root: XmlElement;
  readonly all: readonly XmlElement[];
  readonly find: (id: string) => XmlElement | undefined;
  readonly clean: (element: XmlElement) => CleanElement;
  /** Names of attributes and properties that animations change, by element. */
  readonly animated: ReadonlyMap<XmlElement, ReadonlySet<string>>;
}

export interface Drawn {
  /** Drawn, with the children that are drawn. */
  readonly live: ReadonlySet<XmlElement>;
  /** Around something that is referred to: what they say is passed on to it. */
  readonly around: ReadonlySet<XmlElement>;
}

/** What is passed on from an element to its children. */
interface State {
  /** Something depends on how much room the content takes, shown or not. */
  readonly isMeasured: boolean;
  readonly isClip: boolean;
  readonly isInvisible: boolean;
  readonly hasNoFill: boolean;
}
const START: State = { isMeasured: false, isClip: false, isInvisible: false, hasNoFill: false };

export const isSvg = ({ ns, local }: XmlElement): boolean => ns === SVG && isKept(local);
export const elementsOf = (element: XmlElement): readonly XmlElement[] => element.children.filter(isElement);

/** What the style says, or else the attribute. */
const saidOf = ({ style, attributes }: CleanElement, name: string): Value | undefined =>
  style.get(name)?.value ?? attributes.get(name);

const isZero = (value: Value | undefined): boolean => {
  const [said] = value ?? [];
  return typeof said === "string" && value?.length === 1 && /^-?0(?:%|px)?$/u.test(said);
};

const MEASURED = ["filter", "mask", "clip-path", "transform-origin", "transform-box"];
const BY_ROOM = new Set(["linearGradient", "radialGradient", "pattern"]);

const MAX_ROUNDS = 100;

class Search {
  readonly live = new Set<XmlElement>();
  readonly around = new Set<XmlElement>();
  readonly #picture: Picture;
  readonly #waiting: { readonly element: XmlElement; readonly state: State }[] = [];

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  run(): Drawn {
    this.#add(this.#picture.root, START);
    for (let [more, round] = [true, 0]; more; round += 1) {
      if (round > MAX_ROUNDS) throw doubtful("animations that lead to one another without end");
      for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop())
        this.#visit(next.element, next.state);
      // An animation may stand anywhere and change what is drawn.
      more = false;
      for (const element of this.#picture.animated.keys()) {
        if (!this.live.has(element) && !this.around.has(element)) continue;
        for (const animation of this.#animationsOf(element)) {
          if (this.live.has(animation)) continue;
          this.#refer(animation);
          more = true;
        }
      }
    }
    return this;
  }

  #animationsOf(element: XmlElement): readonly XmlElement[] {
    this.#byTarget ??= groupAnimations(this.#picture);
    return this.#byTarget.get(element) ?? [];
  }
  #byTarget: ReadonlyMap<XmlElement, readonly XmlElement[]> | undefined;

  #add(element: XmlElement, state: State): void {
    if (this.live.has(element)) return;
    this.live.add(element);
    this.#waiting.push({ element, state });
  }

  /** What something refers to, with all that stands around it. */
  #refer(target: XmlElement | undefined): void {
    if (target === undefined || !isSvg(target) || this.live.has(target)) return;
    for (let up = target.parent; up !== null; up = up.parent) {
      if (this.live.has(up) || this.around.has(up)) continue;
      if (!isSvg(up)) throw doubtful("something that is drawn stands within what is not a picture");
      this.around.add(up);
      this.#follow(up);
    }
    this.#add(target, { ...START, isMeasured: true, isClip: target.local === "clipPath" });
  }

  #follow(element: XmlElement): void {
    for (const id of this.#picture.clean(element).references) this.#refer(this.#picture.find(id));
  }

  #visit(element: XmlElement, state: State): void {
    this.#follow(element);
    const inner = this.#passedOn(element, state);
    let isChosen = false;
    for (const child of elementsOf(element)) {
      if (child.ns === XHTML && child.local === "style") throw doubtful("a style sheet of another kind of document");
      if (child.ns !== SVG || !isShownByCondition(child)) continue;
      if (element.local === "switch" && !ANIMATIONS.has(child.local)) {
        if (isChosen) continue;
        isChosen = attributeOf(child, "systemLanguage") === undefined;
        if (!isKept(child.local) && REFUSED[child.local] === undefined)
          throw doubtful("a choice that nothing comes of");
      }
      const reason = Object.hasOwn(REFUSED, child.local) ? REFUSED[child.local] : undefined;
      if (reason !== undefined) throw doubtful(reason);
      if (!isKept(child.local) || NEVER_DRAWN.has(child.local)) continue;
      if (!this.#isHidden(child, inner)) this.#add(child, inner);
    }
  }

  #passedOn(element: XmlElement, state: State): State {
    const clean = this.#picture.clean(element);
    const isAnimated = (name: string): boolean => this.#picture.animated.get(element)?.has(name) === true;
    const visibility = saidOf(clean, "visibility");
    const fill = saidOf(clean, "fill");
    const hasNoFill =
      !isAnimated("fill") &&
      !isAnimated("fill-opacity") &&
      (isZero(saidOf(clean, "fill-opacity")) ||
        (fill === undefined || isWord(fill, "inherit") ? state.hasNoFill : isWord(fill, "none")));
    return {
      isMeasured:
        state.isMeasured ||
        BY_ROOM.has(element.local) ||
        MEASURED.some((name) => saidOf(clean, name) !== undefined && !isWord(saidOf(clean, name), "none")),
      isClip: state.isClip,
      isInvisible: isAnimated("visibility")
        ? false
        : visibility === undefined || isWord(visibility, "inherit")
          ? state.isInvisible
          : isWord(visibility, "hidden") || isWord(visibility, "collapse"),
      hasNoFill,
    };
  }

  /** Not drawn here. Refuses what can't go without moving something, if it could tell something. */
  #isHidden(element: XmlElement, outer: State): boolean {
    const clean = this.#picture.clean(element);
    const isAnimated = (name: string): boolean => this.#picture.animated.get(element)?.has(name) === true;
    if (isWord(saidOf(clean, "display"), "none") && !isAnimated("display")) return true;
    if (ANIMATIONS.has(element.local) || element.local.startsWith("fe") || element.local === "stop") return false;
    const isOpacityZero = !outer.isClip && isZero(saidOf(clean, "opacity")) && !isAnimated("opacity");
    const state = this.#passedOn(element, outer);
    const isGroup =
      element.local === "g" || element.local === "a" || element.local === "svg" || element.local === "switch";
    const isUnpainted =
      TEXTS.has(element.local) &&
      state.hasNoFill &&
      !this.#strokes(element) &&
      !["stroke", "fill", "fill-opacity"].some((name) => this.#says(element, name));
    const isInvisible = !isGroup && element.local !== "use" && state.isInvisible && !this.#says(element, "visibility");
    if (!isOpacityZero && !isInvisible && !isUnpainted) return false;
    const isPartOfText = element.local === "tspan" || element.local === "textPath";
    if (isPartOfText && !isOpacityZero) throw doubtful("letters that do not show stand between others that do");
    if (isPartOfText) return false;
    if (!outer.isMeasured) return true;
    if (this.#tells(element)) throw doubtful("letters or a picture that do not show, and take up room");
    return false;
  }

  /** Whether text is drawn by its outline. */
  #strokes(element: XmlElement): boolean {
    for (let at: XmlElement | null = element; at !== null && isSvg(at); at = at.parent) {
      const said = saidOf(this.#picture.clean(at), "stroke");
      if (said !== undefined && !isWord(said, "inherit")) return !isWord(said, "none");
      if (this.#picture.animated.get(at)?.has("stroke") === true) return true;
    }
    return false;
  }

  /** Whether something within says otherwise, or is made to. */
  #says(element: XmlElement, name: string): boolean {
    return elementsOf(element).some(
      (child) =>
        isSvg(child) &&
        (saidOf(this.#picture.clean(child), name) !== undefined ||
          this.#picture.animated.get(child)?.has(name) === true ||
          this.#says(child, name)),
    );
  }

  #tells(element: XmlElement): boolean {
    return (
      element.local === "text" || element.local === "image" || elementsOf(element).some((child) => this.#tells(child))
    );
  }
}

const XHTML_OR_MATHML = /^(?:http:\/\/www\.w3\.org\/1999\/xhtml|http:\/\/www\.w3\.org\/1998\/Math\/MathML)$/u;

/** Extensions that programs may have decide nothing here: none has those of one maker. */
const isShownByCondition = (element: XmlElement): boolean => {
  const extensions = attributeOf(element, "requiredExtensions");
  if (extensions === undefined) return true;
  const names = extensions.trim();
  if (names === "" || XHTML_OR_MATHML.test(names)) throw doubtful("a part that only some programs show");
  return false;
};

/** The element that an animation changes. */
export const targetOf = (
  animation: XmlElement,
  find: (id: string) => XmlElement | undefined,
  target: string | null,
): XmlElement | undefined => (target === null ? (animation.parent ?? undefined) : find(target));

const groupAnimations = (picture: Picture): ReadonlyMap<XmlElement, readonly XmlElement[]> => {
  const groups = new Map<XmlElement, XmlElement[]>();
  for (const animation of picture.all) {
    if (animation.ns !== SVG || !ANIMATIONS.has(animation.local)) continue;
    const target = targetOf(animation, picture.find, linkOf(animation));
    if (target === undefined) continue;
    const group = groups.get(target);
    if (group === undefined) groups.set(target, [animation]);
    else group.push(animation);
  }
  return groups;
};

/** The name of the element that is referred to; null if none is. */
export const linkOf = (element: XmlElement): string | null => {
  const own = attributeOf(element, "href");
  const link = own ?? element.attributes.find(({ ns, local }) => ns.endsWith("/xlink") && local === "href")?.value;
  return link?.trim().startsWith("#") === true ? link.trim().slice(1) : null;
};

export const findDrawn = (picture: Picture): Drawn => new Search(picture).run();
