/** What a made film shows; see page/films.ts. */
export interface FilmPlan {
  readonly container: "mp4" | "webm";
  readonly width: number;
  readonly height: number;
  readonly framesPerSec: number;
  readonly seconds: number;
  /** Time of the first frame; 0 if left out. */
  readonly startSec?: number;
  /** What the moving square holds. */
  readonly seed: number;
  readonly side: number;
  readonly top: number;
  /** Left edge of the square in pixels at a time since the first frame: `from + perSec * time`. */
  readonly left: { readonly from: number; readonly perSec: number };
  readonly sound: boolean;
  /** A picture (its file, in base64) in place of the square's noise: drawn `side` pixels wide, its own shape kept. */
  readonly picture?: string;
}
