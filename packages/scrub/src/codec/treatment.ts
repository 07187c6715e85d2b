/** What is done with the samples of a track: copied whole, or without what their codec lets programs say. */
import type { Findings } from "../core/findings.ts";
import type { Output } from "../core/pieces.ts";
import { doubtful } from "../core/refuse.ts";
import type { Window } from "../core/window.ts";
import { cleanAac, cleanMp3, refuseSoundText } from "./aac.ts";
import { cleanMpeg4 } from "./mpeg4.ts";
import { copyNals, type NalOptions } from "./nal.ts";
import { copyObus, ObuReport } from "./obu.ts";
import { SeiReport } from "./sei.ts";

/** Text of programs in samples: said once, with how often it came. */
export class TextReport {
  #count = 0;
  #text = "";
  add(text: string): void {
    this.#count += 1;
    if (this.#text === "") this.#text = text;
  }
  write(where: string, findings: Findings): void {
    if (this.#count === 0) return;
    findings.add(
      "editing",
      where,
      "encoder",
      this.#count > 1 ? `${this.#text} (${this.#count} times)` : this.#text,
      "medium",
    );
  }
}

/** Says what was left out of the samples, once they have been read. */
export interface SampleReports {
  readonly sei: SeiReport;
  readonly obus: ObuReport;
  readonly texts: TextReport;
}

export const newReports = (): SampleReports => ({
  sei: new SeiReport(),
  obus: new ObuReport(),
  texts: new TextReport(),
});

export const writeReports = ({ sei, obus, texts }: SampleReports, where: string, findings: Findings): void => {
  sei.write(where, findings);
  obus.write(where, findings);
  texts.write(where, findings);
};

export type Treatment =
  | { readonly kind: "plain" }
  | { readonly kind: "nal"; readonly options: NalOptions }
  | { readonly kind: "av1"; readonly report: ObuReport }
  | { readonly kind: "aac" | "mp3" | "mpeg4"; readonly report: TextReport };

export const PLAIN: Treatment = { kind: "plain" };

/** A second of sound or a picture of these codecs has a fraction of that. */
const MAX_WHOLE_BYTES = 32 << 20;

/** Copies one sample; answers how many bytes came out, at once where all that is looked at is in memory. */
export const copySample = (
  window: Window,
  from: number,
  length: number,
  output: Output,
  treatment: Treatment,
): number | Promise<number> => {
  switch (treatment.kind) {
    case "plain":
      output.copy(from, length);
      return length;
    case "nal":
      return copyNals(window, from, length, output, treatment.options);
    case "av1":
      return copyObus(window, from, length, output, treatment.report);
    case "aac":
    case "mp3":
    case "mpeg4": {
      if (length > MAX_WHOLE_BYTES) throw doubtful("a sample is too large");
      const { kind, report } = treatment;
      const copy = (sample: Uint8Array): number => copyWhole(sample, from, output, kind, report);
      const sample = window.peekNow(from, length);
      return sample === null ? window.view(from, length).then(copy) : copy(sample);
    }
  }
};

const copyWhole = (
  sample: Uint8Array,
  from: number,
  output: Output,
  kind: "aac" | "mp3" | "mpeg4",
  report: TextReport,
): number => {
  const clean = cleanWhole(sample, kind);
  if (kind === "aac") refuseSoundText(clean?.bytes ?? sample);
  if (clean === null) {
    output.copy(from, sample.length);
    return sample.length;
  }
  report.add(clean.text);
  output.add(clean.bytes);
  return clean.bytes.length;
};

const cleanWhole = (sample: Uint8Array, kind: "aac" | "mp3" | "mpeg4") =>
  kind === "aac" ? cleanAac(sample) : kind === "mp3" ? cleanMp3(sample) : cleanMpeg4(sample);
