/** What a PDF gives away, gathered object by object as they come; what needs all of them is said at the end. */
import type { Findings } from "../core/findings.ts";
import { sizeText } from "../core/findings.ts";
import type { FindingKind, Severity } from "../types.ts";
import { Links } from "./links.ts";
import { certificateNames, pdfDate, pdfText } from "./text.ts";
import { dangerOf, isMedia, meaningOf, type Role, roleOf } from "./texts.ts";
import { asArray, asCount, asDict, asName, asRef, asString, type PdfDict, type PdfValue } from "./values.ts";

/** Said once each: a form of a thousand fields says the same of each. */
const MAX_SAID = 20_000;
const MAX_LAYERS = 1000;

/** Flags of annotations (12.5.3): hidden, and not shown on screen. */
const UNSEEN_FLAGS = 2 | 32;

export interface Revisions {
  /** How often the file was saved with its earlier versions left in it. */
  readonly earlier: number;
  readonly looseBytes: number;
  readonly loose: string;
}

export class Report {
  readonly links = new Links();
  readonly #findings: Findings;
  /** Strings are encrypted, and say nothing. */
  readonly #isSealed: boolean;
  readonly #infos: ReadonlySet<number>;
  readonly #said = new Set<string>();
  readonly #layers = new Map<number, string>();
  readonly #layersOff = new Set<number>();
  readonly #layersOn = new Set<number>();
  #areLayersOff = false;
  #pages = 0;
  #fields = 0;
  #bookmarks = 0;
  #replaced = 0;

  constructor(findings: Findings, options: { readonly isSealed: boolean; readonly infos: ReadonlySet<number> }) {
    this.#findings = findings;
    this.#isSealed = options.isSealed;
    this.#infos = options.infos;
  }

  /** As Findings, each thing once. */
  add(kind: FindingKind, where: string, name: string, value: string, severity: Severity): void {
    const key = `${kind}\n${name}\n${value}`;
    if (this.#said.has(key)) return;
    if (this.#said.size < MAX_SAID) this.#said.add(key);
    this.#findings.add(kind, where, name, value, severity);
  }

  /** `isCurrent` is false for what a later version replaced. `number` is 0 of a trailer. */
  object(number: number, value: PdfValue, isCurrent: boolean): void {
    if (!isCurrent) this.#replaced += 1;
    this.links.begin(number);
    const where = number === 0 ? "trailer" : `${isCurrent ? "" : "earlier version, "}object ${number}`;
    this.#value(number, value, { where, role: "other", key: "", isCurrent });
  }

  trailer(trailer: PdfDict): void {
    this.object(0, trailer, true);
    for (const id of asArray(trailer.entries.get("ID"))) {
      const bytes = asString(id);
      if (bytes === null || bytes.length === 0) continue;
      const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
      this.add("editing", "trailer", "DocumentID", hex, "medium");
    }
  }

  #value(
    number: number,
    value: PdfValue,
    at: { readonly where: string; readonly role: Role; readonly key: string; readonly isCurrent: boolean },
  ): void {
    if (typeof value !== "object" || value === null) return;
    switch (value.kind) {
      case "ref":
        this.links.to(value.number);
        return;
      case "string":
        this.#string(value.bytes, at);
        return;
      case "array": {
        // The colours of a palette are no text (8.6.6.3).
        const [first] = value.items;
        if (["Indexed", "I"].includes(asName(first))) return;
        for (const item of value.items) this.#value(number, item, at);
        return;
      }
      case "dict": {
        const role = roleOf(value, this.#infos.has(number) && at.key === "");
        this.#dict(number, value, role, at);
        for (const [key, item] of value.entries) this.#value(number, item, { ...at, role, key });
        return;
      }
      case "name":
        return;
    }
  }

  #string(
    bytes: Uint8Array,
    { where, role, key }: { readonly where: string; readonly role: Role; readonly key: string },
  ): void {
    if (this.#isSealed || bytes.length === 0) return;
    if (role === "signature" && key === "Contents") {
      for (const { name, value } of certificateNames(bytes)) this.add("author", where, name, value, "high");
      return;
    }
    const meaning = meaningOf(role, key);
    if (meaning === null) return;
    const text = pdfText(bytes);
    if (text.trim() === "") return;
    // What nobody knows the meaning of is told where it is text.
    if (meaning.kind === "other" && meaning.name.startsWith("text (") && (/^\d+ bytes$/u.test(text) || text.length < 3))
      return;
    if (meaning.name === "form field") this.#fields += 1;
    else if (meaning.name === "bookmark") this.#bookmarks += 1;
    this.add(meaning.kind, where, meaning.name, meaning.kind === "time" ? pdfDate(text) : text, meaning.severity);
  }

  #dict(
    number: number,
    dict: PdfDict,
    role: Role,
    { where, isCurrent }: { readonly where: string; readonly isCurrent: boolean },
  ): void {
    const { entries } = dict;
    const type = asName(entries.get("Type"));
    const subtype = asName(entries.get("Subtype"));
    if (role === "page") {
      if (isCurrent) this.#pages += 1;
      if (entries.has("Thumb"))
        this.add("hidden_media", where, "thumbnail of a page", "a small picture of the page", "high");
    }
    if (role === "layer" && this.#layers.size < MAX_LAYERS) {
      const name = asString(entries.get("Name"));
      this.#layers.set(number, name === null || this.#isSealed ? "" : pdfText(name));
    }
    if (role === "annotation") this.#annotation(dict, subtype, where);
    if (role === "signature") this.add("author", where, "signature", "a digital signature", "high");
    if (role === "file" && entries.has("EF")) this.add("hidden_media", where, "attached file", "a whole file", "high");
    if (role === "action") {
      const danger = dangerOf(asName(entries.get("S")));
      if (danger !== null) this.add(danger.kind, where, danger.name, asName(entries.get("S")), danger.severity);
    }
    if (entries.has("PieceInfo")) {
      const programs = [...(asDict(entries.get("PieceInfo"))?.entries.keys() ?? [])].join(", ");
      this.add("editing", where, "private data of programs", programs || "PieceInfo", "medium");
    }
    if (entries.has("XFA")) this.add("author", where, "form entry", "an XFA form", "high");
    if (type === "Catalog") {
      if (entries.has("PageLabels")) this.add("author", where, "page labels", "numbers or names of pages", "low");
      if (entries.has("Collection")) this.add("hidden_media", where, "attached file", "a collection of files", "high");
    }
    const layers = asDict(entries.get("OCProperties"))?.entries.get("D");
    if (layers !== undefined) this.#layerState(asDict(layers));
    // The settings may be an object of their own.
    if (entries.has("BaseState") || (entries.has("OFF") && entries.has("Order"))) this.#layerState(dict);
  }

  #layerState(settings: PdfDict | null): void {
    if (settings === null) return;
    if (asName(settings.entries.get("BaseState")) === "OFF") this.#areLayersOff = true;
    for (const item of asArray(settings.entries.get("OFF"))) this.#layersOff.add(asRef(item));
    for (const item of asArray(settings.entries.get("ON"))) this.#layersOn.add(asRef(item));
  }

  #annotation({ entries }: PdfDict, subtype: string, where: string): void {
    if (isMedia(subtype)) this.add("hidden_media", where, "sound or video", subtype, "high");
    if (subtype === "Redact")
      this.add("hidden_media", where, "marked to be blacked out", "what is marked is still there", "high");
    if ((Math.max(0, asCount(entries.get("F"))) & UNSEEN_FLAGS) !== 0 && subtype !== "Popup")
      this.add("hidden_media", where, "comment or field that does not show", subtype, "medium");
  }

  /** What is known only when all was seen. */
  finish({ earlier, looseBytes, loose }: Revisions): void {
    if (earlier > 0 || this.#replaced > 0) {
      const saved = earlier > 0 ? `${earlier} earlier ${earlier === 1 ? "version" : "versions"} of the file` : "";
      const parts = this.#replaced > 0 ? `${this.#replaced} replaced or removed parts` : "";
      this.add("hidden_media", "throughout", "earlier versions", [saved, parts].filter(Boolean).join(", "), "high");
    }
    for (const [number, name] of this.#layers) {
      if (this.#layersOff.has(number) || (this.#areLayersOff && !this.#layersOn.has(number)))
        this.add("hidden_media", `object ${number}`, "layer that is switched off", name || "a layer", "high");
    }
    const unused = this.#isSealed ? 0 : this.links.unreached();
    if (unused > 0) this.add("hidden_media", "throughout", "parts that nothing shows", `${unused} objects`, "medium");
    if (looseBytes > 0)
      this.add(
        "other",
        "between objects",
        "text between objects",
        /\w{3}/u.test(loose) ? loose : sizeText(looseBytes),
        "medium",
      );
    if (this.#fields > 0) this.add("author", "throughout", "form", `${this.#fields} fields`, "low");
    if (this.#bookmarks > 0) this.add("author", "throughout", "bookmarks", String(this.#bookmarks), "low");
    this.add(
      "other",
      "throughout",
      "more than pictures",
      `${this.#pages} pages of text, drawing or pictures, which can hold what does not show`,
      "low",
    );
  }
}
