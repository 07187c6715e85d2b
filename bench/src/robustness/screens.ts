/** Screens of phones as people photograph or save them: six layouts drawn here, each on a screen of its own size. */
import { type Edit, type Transform, transformOf } from "./edit.ts";
import { fillPixels, fitPixels, lay, type Pixels, svg } from "./pixels.ts";

export interface Screen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly background: string;
  /** Where the picture goes: whole inside the place, or covering it. */
  readonly place: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly shows: "whole" | "cover";
  /** Drawn over everything. */
  readonly shapes: string;
}

const words = (x: number, y: number, size: number, fill: string, what: string, more = ""): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" ${more}>${what}</text>`;

const block = (x: number, y: number, width: number, height: number, fill: string, radius = 0): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"/>`;

const disc = (x: number, y: number, radius: number, fill: string): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`;

const heart = (x: number, y: number, size: number, stroke: string): string =>
  `<path d="M${x} ${y + size * 0.4}c${-size} ${-size * 0.7} ${-size * 0.5} ${-size * 1.3} 0 ${-size * 0.7}c${size * 0.5} ${-size * 0.6} ${size} 0 0 ${size * 0.7}z" fill="none" stroke="${stroke}" stroke-width="${size * 0.12}"/>`;

const arrow = (x: number, y: number, size: number, stroke: string): string =>
  `<path d="M${x + size * 0.5} ${y - size * 0.5}l${-size * 0.6} ${size * 0.5}l${size * 0.6} ${size * 0.5}" fill="none" stroke="${stroke}" stroke-width="${size * 0.16}"/>`;

/** Clock, reception, wireless and battery. */
const statusBar = (width: number, ink: string): string => {
  const bars = [0, 1, 2, 3].map((at) => block(width - 210 + at * 14, 48 - at * 6, 9, 12 + at * 6, ink)).join("");
  return `${words(48, 58, 36, ink, "21:47", 'font-weight="bold"')}${bars}<path d="M${width - 140} 40q24 -20 48 0l-24 22z" fill="${ink}"/>${block(width - 78, 34, 46, 24, ink, 6)}`;
};

const navigationBar = (width: number, height: number, ink: string): string =>
  block(width / 2 - 150, height - 26, 300, 10, ink, 5);

const tabs = (width: number, height: number, ink: string): string =>
  [0, 1, 2, 3, 4]
    .map((at) => {
      const x = ((at + 0.5) * width) / 5;
      const y = height - 90;
      if (at === 0) return `<path d="M${x - 26} ${y + 22}v-26l26 -24l26 24v26z" fill="${ink}"/>`;
      if (at === 1)
        return `<circle cx="${x - 4}" cy="${y - 4}" r="20" fill="none" stroke="${ink}" stroke-width="6"/><path d="M${x + 10} ${y + 10}l16 16" stroke="${ink}" stroke-width="6"/>`;
      if (at === 2)
        return `${block(x - 26, y - 26, 52, 52, ink, 14)}${block(x - 14, y - 3, 28, 6, "#fff")}${block(x - 3, y - 14, 6, 28, "#fff")}`;
      if (at === 3) return heart(x, y, 30, ink);
      return `${disc(x, y - 12, 14, ink)}<path d="M${x - 26} ${y + 26}q26 -36 52 0z" fill="${ink}"/>`;
    })
    .join("");

const bubble = (x: number, y: number, width: number, height: number, fill: string, ink: string, what: string): string =>
  `${block(x, y, width, height, fill, 36)}${words(x + 34, y + height / 2 + 13, 38, ink, what)}`;

/** A keyboard with its three rows of letters and the space bar. */
function keyboard(width: number, top: number, keyHeight: number): string {
  const rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
  const key = width / 10;
  const keys = rows.flatMap((row, line) =>
    Array.from(row, (letter, at) => {
      const x = (width - row.length * key) / 2 + at * key;
      const y = top + 16 + line * keyHeight;
      return `${block(x + 5, y, key - 10, keyHeight - 14, "#fff", 9)}${words(x + key / 2, y + keyHeight * 0.58, 40, "#111", letter, 'text-anchor="middle"')}`;
    }),
  );
  const y = top + 16 + 3 * keyHeight;
  return `${block(0, top, width, keyHeight * 4 + 80, "#d1d4da")}${keys.join("")}${block(key * 2.5, y, key * 5, keyHeight - 14, "#fff", 9)}${words(width / 2, y + keyHeight * 0.56, 34, "#111", "space", 'text-anchor="middle"')}${block(key * 7.6, y, key * 2.3, keyHeight - 14, "#0a84ff", 9)}${words(key * 8.75, y + keyHeight * 0.56, 34, "#fff", "send", 'text-anchor="middle"')}`;
}

const viewer: Screen = {
  name: "viewer",
  width: 1080,
  height: 1920,
  background: "#000",
  place: { left: 0, top: 200, width: 1080, height: 1480 },
  shows: "whole",
  shapes: `${statusBar(1080, "#fff")}${arrow(60, 140, 44, "#fff")}${words(120, 152, 40, "#fff", "12 November")}${[0, 1, 2, 3].map((at) => `${disc(135 + at * 270, 1790, 26, "#fff")}${disc(135 + at * 270, 1790, 18, "#000")}${words(135 + at * 270, 1860, 28, "#fff", ["Share", "Edit", "Lens", "Delete"][at] ?? "", 'text-anchor="middle"')}`).join("")}`,
};

const feed: Screen = {
  name: "feed",
  width: 1080,
  height: 2340,
  background: "#fff",
  place: { left: 0, top: 380, width: 1080, height: 1180 },
  shows: "cover",
  shapes: `${statusBar(1080, "#111")}${words(48, 170, 58, "#111", "Momentia", 'font-style="italic" font-weight="bold"')}${heart(900, 150, 34, "#111")}${block(980, 128, 52, 44, "#111", 12)}${disc(80, 300, 44, "#d9485f")}${disc(80, 300, 36, "#f3d7c6")}${words(148, 296, 36, "#111", "sunny.days", 'font-weight="bold"')}${words(148, 340, 30, "#777", "2 hours ago")}${words(1000, 306, 50, "#111", "...", 'font-weight="bold"')}${heart(70, 1630, 44, "#111")}${disc(180, 1624, 26, "#111")}${disc(180, 1624, 19, "#fff")}<path d="M262 1650l56 -52l-22 58z" fill="#111"/>${words(40, 1730, 36, "#111", "1,284 likes", 'font-weight="bold"')}${words(40, 1790, 36, "#111", "sunny.days  what a day this was")}${words(40, 1850, 34, "#777", "View all 46 comments")}${words(40, 1905, 30, "#999", "Add a comment...")}${block(0, 2180, 1080, 2, "#ccc")}${tabs(1080, 2320, "#111")}`,
};

const chat: Screen = {
  name: "chat",
  width: 1170,
  height: 2532,
  background: "#ece5dd",
  place: { left: 370, top: 620, width: 760, height: 760 },
  shows: "cover",
  shapes: `${block(0, 0, 1170, 240, "#075e54")}${statusBar(1170, "#fff")}${arrow(50, 170, 44, "#fff")}${disc(160, 168, 46, "#cfd8dc")}${words(230, 160, 42, "#fff", "Alex", 'font-weight="bold"')}${words(230, 208, 30, "#d0e8e4", "online")}${bubble(40, 300, 560, 96, "#fff", "#111", "did you see this?")}${bubble(40, 420, 380, 96, "#fff", "#111", "look at it")}${words(1020, 1430, 28, "#667", "21:44")}${bubble(470, 1470, 660, 96, "#dcf8c6", "#111", "where did you get that")}${bubble(40, 1600, 460, 96, "#fff", "#111", "from the group")}${block(30, 2350, 960, 104, "#fff", 52)}${words(90, 2416, 38, "#999", "Message")}${disc(1086, 2402, 52, "#00a884")}<path d="M1066 2382l52 20l-52 20z" fill="#fff"/>${navigationBar(1170, 2532, "#111")}`,
};

const story: Screen = {
  name: "story",
  width: 1080,
  height: 2220,
  background: "#000",
  place: { left: 0, top: 0, width: 1080, height: 2000 },
  shows: "cover",
  shapes: `${[0, 1, 2, 3].map((at) => block(24 + at * 260, 96, 246, 7, at < 2 ? "#fff" : "#ffffff80", 3)).join("")}${statusBar(1080, "#fff")}${disc(76, 166, 40, "#f5a623")}${words(136, 180, 38, "#fff", "marlow  5h", 'font-weight="bold"')}<path d="M990 146l36 36m0 -36l-36 36" stroke="#fff" stroke-width="7"/><rect x="40" y="2040" width="800" height="110" rx="55" fill="none" stroke="#fff" stroke-width="4"/>${words(90, 2108, 38, "#fff", "Send message")}${heart(910, 2094, 44, "#fff")}<path d="M984 2126l62 -58l-24 64z" fill="#fff"/>`,
};

const browser: Screen = {
  name: "browser",
  width: 750,
  height: 1334,
  background: "#fff",
  place: { left: 34, top: 360, width: 682, height: 520 },
  shows: "whole",
  shapes: `${statusBar(750, "#111")}${block(24, 84, 702, 72, "#e9e9ee", 18)}${words(375, 132, 32, "#333", "boards.example", 'text-anchor="middle"')}${words(34, 230, 46, "#111", "Thread: found in a folder", 'font-weight="bold"')}${words(34, 290, 30, "#555", "Posted by anonymous, 14 replies")}${words(34, 330, 26, "#06c", "image.jpg (242 KB)", 'text-decoration="underline"')}${[0, 1, 2, 3].map((at) => block(34, 930 + at * 54, [660, 600, 680, 410][at] ?? 600, 20, "#c9c9cf", 6)).join("")}${block(0, 1230, 750, 104, "#f6f6f8")}${arrow(70, 1280, 40, "#06c")}${block(340, 1258, 46, 46, "#06c", 10)}${block(560, 1262, 56, 8, "#06c")}${block(560, 1280, 56, 8, "#06c")}`,
};

const typing: Screen = {
  name: "typing",
  width: 1080,
  height: 1920,
  background: "#101418",
  place: { left: 60, top: 300, width: 700, height: 620 },
  shows: "whole",
  shapes: `${block(0, 0, 1080, 220, "#1f2a33")}${statusBar(1080, "#fff")}${arrow(50, 150, 42, "#fff")}${disc(150, 150, 42, "#7e57c2")}${words(150, 165, 42, "#fff", "M", 'text-anchor="middle"')}${words(220, 164, 42, "#fff", "Mika and 3 others")}${bubble(400, 960, 620, 90, "#2b5278", "#fff", "delete that please")}${bubble(60, 1070, 300, 90, "#1f2a33", "#fff", "why?")}${block(30, 1190, 1020, 90, "#1f2a33", 45)}${words(80, 1248, 38, "#8a98a5", "Message")}${keyboard(1080, 1310, 132)}`,
};

export const SCREENS: readonly Screen[] = [viewer, feed, chat, story, browser, typing];

export async function showOn(screen: Screen, pixels: Pixels): Promise<Pixels> {
  const { place, shows, width, height } = screen;
  const shown = await (shows === "cover" ? fillPixels : fitPixels)(pixels, place.width, place.height);
  return lay(width, height, screen.background, [
    {
      what: shown,
      left: place.left + (place.width - shown.width) / 2,
      top: place.top + (place.height - shown.height) / 2,
    },
    { what: svg(width, height, screen.shapes) },
  ]);
}

const screenshot =
  (screen: Screen): Edit =>
  (pixels) =>
    showOn(screen, pixels);

/** Saved again by a messenger, which makes it smaller. */
const smallScreenshot =
  (screen: Screen): Edit =>
  async (pixels) =>
    fitPixels(await showOn(screen, pixels), 1280, 1280);

export const screenTransforms: readonly Transform[] = [
  ...SCREENS.map((screen) => transformOf("screenshot", screen.name, screenshot(screen))),
  ...SCREENS.map((screen) => transformOf("screenshot-sent", screen.name, smallScreenshot(screen))),
];
