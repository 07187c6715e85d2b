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

/** Copies one sample; answers how many bytes came out. */
export const copySample = async (
  window: Window,
  from: number,
  length: number,
  output: Output,
  treatment: Treatment,
): Promise<number> => {
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
      const sample = await window.view(from, length);
      const clean = cleanWhole(sample, treatment.kind);
      if (treatment.kind === "aac") refuseSoundText(clean?.bytes ?? sample);
      if (clean === null) {
        output.copy(from, length);
        return length;
      }
      treatment.report.add(clean.text);
      output.add(clean.bytes);
      return clean.bytes.length;
    }
  }
};

const cleanWhole = (sample: Uint8Array, kind: "aac" | "mp3" | "mpeg4") =>
  kind === "aac" ? cleanAac(sample) : kind === "mp3" ? cleanMp3(sample) : cleanMpeg4(sample);
