/**
 * Photographs with screens drawn into them: laptops, monitors, televisions and telephones, turned in space, with a chat,
 * a list or a map on them. A detector of real things sees drawn ones worse or better than real ones: this set shows that
 * a change broke something, not how good suggestions are.
 */
import sharp from "sharp";

export const SCREEN_KINDS = ["laptop", "monitor", "television", "telephone"] as const;
export type ScreenKind = (typeof SCREEN_KINDS)[number];

/** Left, top, right, bottom, in pixels. */
export type Box = readonly [number, number, number, number];

interface DrawnScreen {
  readonly jpeg: Buffer;
  readonly kind: ScreenKind;
  /** Around what shows something; a laptop's keys are not in it. */
  readonly box: Box;
}

type Corner = readonly [x: number, y: number];

/** Of the screen: height for a width of 1, and the frame around it. */
const FORMS: Readonly<Record<ScreenKind, { readonly tall: number; readonly frame: number; readonly share: number }>> = {
  laptop: { tall: 0.63, frame: 0.035, share: 0.42 },
  monitor: { tall: 0.58, frame: 0.03, share: 0.4 },
  television: { tall: 0.57, frame: 0.02, share: 0.4 },
  telephone: { tall: 2, frame: 0.05, share: 0.14 },
};

/** The screen's plane, turned about the upright axis, as a camera two widths away sees it. */
function cameraOf(turn: number, middle: Corner, widthPx: number): (x: number, y: number, z?: number) => Corner {
  return (x, y, z = 0) => {
    const [across, deep] = [x * Math.cos(turn) - z * Math.sin(turn), x * Math.sin(turn) + z * Math.cos(turn)];
    const scale = 2 / (2 + deep);
    return [middle[0] + across * scale * widthPx, middle[1] + y * scale * widthPx];
  };
}

/** Rectangles of the screen's picture: left, top, right, bottom as shares of it, and a colour. */
function shownOn(number: number): readonly (readonly [number, number, number, number, string])[] {
  const rows = Array.from({ length: 7 }, (_, at) => at);
  if (number % 3 === 0)
    return rows.map((at) => {
      const isOwn = at % 2 === 1;
      const [left, right] = isOwn ? [0.45, 0.95] : [0.05, 0.6];
      return [left, 0.06 + at * 0.13, right, 0.15 + at * 0.13, isOwn ? "#2f7d5b" : "#d6dbe4"];
    });
  if (number % 3 === 1)
    return [
      [0, 0, 1, 0.09, "#3b5b8c"],
      ...rows.map((at) => [0.05, 0.15 + at * 0.11, 0.5 + (at % 3) * 0.15, 0.19 + at * 0.11, "#4a4f58"] as const),
    ];
  return [
    [0.3, 0, 0.36, 1, "#f7f2d8"],
    [0, 0.55, 1, 0.6, "#f7f2d8"],
    [0.45, 0.1, 0.9, 0.45, "#9fc6a0"],
    [0.55, 0.7, 0.85, 0.9, "#8ab6dc"],
  ];
}

const GROUNDS = ["#f4f6f8", "#ffffff", "#e4e0d4"] as const;

/** The photograph with one screen; kind, place, turn and picture come from the number. */
export async function drawScreen(photograph: Buffer, number: number): Promise<DrawnScreen> {
  const { width, height } = await sharp(photograph).metadata();
  const kind = SCREEN_KINDS[number % SCREEN_KINDS.length] ?? "laptop";
  const { tall, frame, share } = FORMS[kind];
  const turn = (((number * 37) % 11) / 10 - 0.5) * 1.2;
  // All of it, with stand or keys, has to be in the picture.
  const widthPx = Math.min(width * share, (height * 0.55) / tall);
  const middle: Corner = [width * (0.35 + ((number * 13) % 7) / 20), height * 0.42];
  const seen = cameraOf(turn, middle, widthPx);
  const half = tall / 2;
  const shape = (corners: readonly Corner[], fill: string): string =>
    `<polygon points="${corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}" fill="${fill}"/>`;
  const flat = (left: number, top: number, right: number, bottom: number): readonly Corner[] => [
    seen(left, top),
    seen(right, top),
    seen(right, bottom),
    seen(left, bottom),
  ];
  const parts = [shape(flat(-0.5 - frame, -half - frame, 0.5 + frame, half + frame), "#16181b")];
  if (kind === "laptop") {
    // The keys, towards the camera.
    const base = (x: number, z: number): Corner => seen(x, half + frame, -z);
    const board = (left: number, near: number, right: number, far: number): readonly Corner[] => [
      base(left, far),
      base(right, far),
      base(right, near),
      base(left, near),
    ];
    parts.push(shape(board(-0.54, 0.7, 0.54, 0), "#c4c7cb"));
    for (let row = 0; row < 5; row++) {
      for (let key = 0; key < 13; key++) {
        const [x, z] = [-0.46 + key * 0.071, 0.08 + row * 0.07];
        parts.push(shape(board(x, z + 0.055, x + 0.06, z), "#24262a"));
      }
    }
    parts.push(shape(board(-0.15, 0.66, 0.15, 0.47), "#b2b5ba"));
  } else if (kind === "monitor") {
    parts.unshift(
      shape(flat(-0.06, half, 0.06, half + 0.22), "#2a2d31"),
      shape(flat(-0.22, half + 0.2, 0.22, half + 0.24), "#2a2d31"),
    );
  }
  parts.push(shape(flat(-0.5, -half, 0.5, half), GROUNDS[number % GROUNDS.length] ?? "#ffffff"));
  for (const [left, top, right, bottom, colour] of shownOn(number))
    parts.push(shape(flat(left - 0.5, (top - 0.5) * tall, right - 0.5, (bottom - 0.5) * tall), colour));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${parts.join("")}</svg>`;
  const jpeg = await sharp(photograph)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 85 })
    .toBuffer();
  const corners = flat(-0.5, -half, 0.5, half);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { jpeg, kind, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
}
