/** What PDF.js draws on in a worker, where there is no document. */

interface CanvasAndContext {
  canvas: OffscreenCanvas | null;
  context: OffscreenCanvasRenderingContext2D | null;
}

/** As PDF.js's own, over canvases that are on no page. */
export class OffscreenCanvases {
  create(width: number, height: number): CanvasAndContext {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext("2d", { willReadFrequently: true }) };
  }
  getNoAlphaContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D | null {
    return canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  }
  reset(made: CanvasAndContext, width: number, height: number): void {
    if (made.canvas === null) return;
    made.canvas.width = width;
    made.canvas.height = height;
  }
  destroy(made: CanvasAndContext): void {
    // Frees the memory at once.
    this.reset(made, 0, 0);
    made.canvas = null;
    made.context = null;
  }
}

/** Filters of SVG need a document; told that there are none, PDF.js computes masks pixel by pixel. */
export class NoFilters {
  addFilter(): string {
    return "none";
  }
  addHCMFilter(): string {
    return "none";
  }
  addAlphaFilter(): string {
    return "none";
  }
  addLuminosityFilter(): string {
    return "none";
  }
  addKnockoutFilter(): string {
    return "none";
  }
  addHighlightHCMFilter(): string {
    return "none";
  }
  createSelectionStyle(): null {
    return null;
  }
  destroy(): void {}
}
