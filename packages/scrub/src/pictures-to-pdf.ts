/** A PDF of pictures: each is cleaned, then put on a page of its own. Nothing is decoded. */
import { ascii } from "./core/bytes.ts";
import { type Refused, unsupported } from "./core/refuse.ts";
import { jpegFacts } from "./pdf/jpeg-facts.ts";
import { BEHIND_PICTURE, HEADER, Layout, MAX_PAGES, MAX_POINTS } from "./pdf/layout.ts";
import { strip } from "./scrub.ts";
import type { Sink, Source } from "./source.ts";
import type { Refusal, StripOptions } from "./types.ts";

export interface PicturePage {
  /** A JPEG, grey or in colour, that needs no turning. It is read twice. */
  readonly picture: Source;
  /** Of the page, in points (1/72 inch), 1 to 14,400; rounded to two decimals. The picture fills it. */
  readonly widthPoints: number;
  readonly heightPoints: number;
}

export type PicturesToPdfOutcome = { readonly ok: true; readonly pages: number; readonly sizeBytes: number } | Refusal;

const points = (value: number): number => {
  if (!(value >= 1 && value <= MAX_POINTS)) throw new RangeError(`a page has 1 to ${MAX_POINTS} points a side`);
  return Math.round(value * 100) / 100;
};

/**
 * Writes a PDF that gives nothing away: no date, program, identifier or name, the same bytes for the same pictures. A
 * page is written when it comes, and one picture at a time is in memory. After a refusal, what was written is of no
 * use and is to be thrown away. Throws RangeError for a size of a page, and what sources, sink or signal throw.
 */
export const picturesToPdf = async (
  pages: AsyncIterable<PicturePage> | Iterable<PicturePage>,
  sink: Sink,
  options: Pick<StripOptions, "signal"> = {},
): Promise<PicturesToPdfOutcome> => {
  const layout = new Layout();
  const refuse = ({ code, message: reason }: Refused): Refusal => ({ ok: false, code, reason, format: "pdf" });
  await sink.write(HEADER);
  for await (const { picture, widthPoints, heightPoints } of pages) {
    options.signal?.throwIfAborted();
    if (layout.pages >= MAX_PAGES) return refuse(unsupported(`a PDF is made of ${MAX_PAGES} pages at most`));
    const parts: Uint8Array[] = [];
    const outcome = await strip(picture, { write: (bytes) => void parts.push(bytes.slice()) }, options);
    if (!outcome.ok) return outcome;
    const clean = new Uint8Array(outcome.sizeBytes);
    let at = 0;
    for (const part of parts) {
      clean.set(part, at);
      at += part.length;
    }
    const facts = await jpegFacts((from, length) => Promise.resolve(clean.subarray(from, from + length)));
    if (outcome.format !== "jpeg" || facts === null || (facts.components !== 1 && facts.components !== 3))
      return refuse(unsupported("a page is made of a JPEG, grey or in colour"));
    if (outcome.kept.includes("orientation")) return refuse(unsupported("a page is made of a picture that is upright"));
    const head = layout.page({
      widthPoints: points(widthPoints),
      heightPoints: points(heightPoints),
      width: facts.width,
      height: facts.height,
      components: facts.components,
      sizeBytes: clean.length,
    });
    await sink.write(ascii(head));
    await sink.write(clean);
    await sink.write(ascii(BEHIND_PICTURE));
  }
  if (layout.pages === 0) return refuse(unsupported("a PDF has one page at least"));
  const end = ascii(layout.end());
  await sink.write(end);
  return { ok: true, pages: layout.pages, sizeBytes: layout.sizeBytes + end.length };
};
