/** Every transform of the bench, and the short list for a quick run. */
import { type Edit, type Transform, transformOf } from "./edit.ts";
import {
  beauty,
  blur,
  brightness,
  contrast,
  crop,
  FILTERS,
  gamma,
  mirror,
  noise,
  plainTransforms,
  resize,
  rotate,
} from "./edits.ts";
import { caption, emoji, overlayTransforms, stickers, text, watermark } from "./overlays.ts";
import { pick } from "./random.ts";
import { screenTransforms, SCREENS, showOn } from "./screens.ts";
import { perspective, warpTransforms } from "./warp.ts";

export type { Transform } from "./edit.ts";

const onSomeScreen: Edit = (pixels, random) => showOn(pick(random, SCREENS), pixels);

/** Three stages, one edit of each: what people do to the picture, what they lay on it, how it travels. */
const STAGES: readonly (readonly Edit[])[] = [
  [crop(10), crop(20), crop(30), rotate(4), rotate(12, "white"), mirror, perspective(3)],
  [
    caption("top", true),
    caption("bottom", false),
    emoji(2),
    stickers(2),
    text(1),
    watermark(0.25),
    brightness(125),
    contrast(130),
    gamma(1.4),
    beauty(5),
    ...Object.values(FILTERS),
  ],
  [resize(40), resize(60), blur(10), noise(10), onSomeScreen],
];

const combination: Edit = async (pixels, random, others) => {
  let edited = pixels;
  for (const stage of STAGES) edited = await pick(random, stage)(edited, random, others);
  return edited;
};

export const transforms: readonly Transform[] = [
  ...plainTransforms,
  ...overlayTransforms,
  ...warpTransforms,
  ...screenTransforms,
  ...["a", "b", "c", "d", "e"].map((it) => transformOf("combination", it, combination)),
];

const QUICK = new Set([
  "jpeg.20",
  "webp.50",
  "avif.40",
  "resize.25",
  "resize.50",
  "resize.200",
  "crop.10",
  "crop.25",
  "crop.50",
  "crop-side.25",
  "crop-square.centre",
  "squeeze.square",
  "mirror.plain",
  "rotate.3",
  "rotate.37",
  "rotate.90",
  "straighten.5",
  "brightness.130",
  "contrast.130",
  "gamma.1.6",
  "greyscale.plain",
  "filter.sepia",
  "filter.faded",
  "beauty.9",
  "blur.15",
  "noise.20",
  "border.letterbox",
  "border.blurred-portrait",
  "caption.top",
  "emoji.3",
  "sticker.3",
  "text.2",
  "watermark.0.3",
  "collage.4",
  "picture-in-picture.small",
  "perspective.6",
  "photo-of-screen.slanted",
  "screenshot.viewer",
  "screenshot.chat",
  "combination.a",
  "combination.b",
]);

export const quickTransforms: readonly Transform[] = transforms.filter(({ name }) => QUICK.has(name));
