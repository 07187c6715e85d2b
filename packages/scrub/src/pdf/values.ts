/** Objects of a PDF (ISO 32000-2, 7.3) as values, and careful ways to look into them. */

export interface PdfName {
  readonly kind: "name";
  readonly name: string;
}
export interface PdfString {
  readonly kind: "string";
  /** After escapes; possibly encrypted. */
  readonly bytes: Uint8Array;
}
export interface PdfRef {
  readonly kind: "ref";
  readonly number: number;
}
export interface PdfArray {
  readonly kind: "array";
  readonly items: readonly PdfValue[];
}
export interface PdfDict {
  readonly kind: "dict";
  readonly entries: ReadonlyMap<string, PdfValue>;
}
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfArray | PdfDict;

/** Where the data of a stream lies in the file, as coded there. */
export interface StreamRange {
  readonly at: number;
  readonly length: number;
}

export const asDict = (value: PdfValue | undefined): PdfDict | null =>
  typeof value === "object" && value?.kind === "dict" ? value : null;
export const asArray = (value: PdfValue | undefined): readonly PdfValue[] =>
  typeof value === "object" && value?.kind === "array" ? value.items : [];
export const asString = (value: PdfValue | undefined): Uint8Array | null =>
  typeof value === "object" && value?.kind === "string" ? value.bytes : null;
/** The number of the object that is referred to; 0, which none has, if it is no reference. */
export const asRef = (value: PdfValue | undefined): number =>
  typeof value === "object" && value?.kind === "ref" ? value.number : 0;
/** A name without its slash; "" if it is none. */
export const asName = (value: PdfValue | undefined): string =>
  typeof value === "object" && value?.kind === "name" ? value.name : "";
/** A whole number from 0 on; -1 if it is none. */
export const asCount = (value: PdfValue | undefined): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : -1;
