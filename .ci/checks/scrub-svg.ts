/**
 * Independent judges of cleaned drawings: librsvg and Chromium draw each before and after, and have to see the same
 * pixels; ExifTool has to find nothing but size and view; the planted string has to be nowhere. Over the drawings of the
 * tests, some made here for what programs draw with, the project's own, and whatever is given as further words:
 * `node .ci/checks/scrub-svg.ts FOLDER...`, of which those that are refused are counted by their reason.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesSource, strip } from "../../packages/scrub/src/index.ts";
import { PLANTED } from "../../packages/scrub/test/files.ts";
import { DEFS, DRAWING, svg, svgCases } from "../../packages/scrub/test/svg/svgs.ts";
import { launchChromium } from "../../tools/chromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "recourse-svg-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

/** One for each thing that draws. */
const DRAWINGS: Readonly<Record<string, string>> = {
  shapes: `<path d="M5 5c3-4 9 2 6 6s-4.5.5-6 3zM20,5a6 4 30 1010 5Q40 2 44 9T50 20"/><ellipse cx="60" cy="10" rx="9" ry="5"/><polyline points="1,30 9,22 17 30" fill="none" stroke="red" stroke-dasharray="2 1" stroke-linecap="round"/><polygon points="20,30 28,22 36,30"/><line x1="40" y1="30" x2="70" y2="24" stroke="#080" stroke-width="1.5e0"/>`,
  "a style sheet": `<style>g .a{fill:red} #b .a{fill:blue;opacity:.5} rect.a{stroke:lime!important} .a{stroke:red;stroke-width:3px} *{stroke-linejoin:round} g>circle{fill:orange}</style><g id="b"><rect class="a" x="5" y="5" width="20" height="20" style="stroke:black"/><circle cx="50" cy="20" r="9"/></g><rect class="a c" x="30" y="25" width="9" height="9"/>`,
  text: `<text x="3" y="15" font-family="Arial, sans-serif" font-size="12" fill="navy">Hello <tspan font-weight="bold" dy="3" style="fill:red">there</tspan></text><text x="3" y="35" style="font:italic 10px/1 'DejaVu Serif',serif" xml:space="preserve">a  b</text><text x="40" y="35" font-family="'Font of Nobody'" text-anchor="middle">Ünï</text>`,
  "text on a path": `<defs><path id="p" d="M2 30q30-30 60 0"/></defs><text font-size="9"><textPath href="#p" startOffset="10%">along a curve</textPath></text>`,
  gradients: `<defs><linearGradient id="one" x1="0" x2="1"><stop offset="0%" style="stop-color:red"/><stop offset=".5" stop-color="#ff08"/><stop offset="1" stop-color="rgb(0,0,255)" stop-opacity=".4"/></linearGradient><radialGradient id="two" xlink:href="#one" cx=".3" fx=".2" gradientTransform="rotate(20)" spreadMethod="reflect" r=".3"/></defs><rect width="30" height="30" fill="url(#one)"/><circle cx="50" cy="20" r="16" fill="url('#two') red"/>`,
  "patterns, masks, clips, markers": `<defs><pattern id="pa" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 0h3v3H0z" fill="purple"/></pattern><clipPath id="cl"><circle cx="15" cy="15" r="12"/></clipPath><mask id="ma"><rect width="72" height="40" fill="#fff"/><circle cx="50" cy="15" r="5"/></mask><marker id="mk" viewBox="0 0 4 4" refX="2" refY="2" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0l4 2-4 2z"/></marker></defs><rect width="30" height="30" fill="url(#pa)" clip-path="url(#cl)"/><rect x="36" width="30" height="30" mask="url(#ma)"/><path d="M5 36h50" stroke="#000" marker-end="url(#mk)" marker-start="url(#mk)"/>`,
  filters: `<defs><filter id="f" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur in="SourceAlpha" stdDeviation="2" result="blurred"/><feOffset in="blurred" dx="2" dy="2" result="moved"/><feMerge><feMergeNode in="moved"/><feMergeNode in="SourceGraphic"/></feMerge></filter><filter id="m"><feColorMatrix type="matrix" values="0 1 0 0 0 1 0 0 0 0 0 0 1 0 0 0 0 0 1 0"/></filter></defs><rect x="5" y="5" width="20" height="20" fill="red" filter="url(#f)"/><rect x="40" y="5" width="20" height="20" fill="red" style="filter:url(#m)"/>`,
  "drawn again": `<defs><symbol id="s" viewBox="0 0 10 10"><path d="M0 0h10L5 10z"/></symbol><g display="none"><g id="h"><circle r="4"/></g></g></defs><use href="#s" width="20" height="20" fill="red"/><use xlink:href="#h" x="40" y="20" fill="green" transform="scale(1.2) rotate(10)"/><svg x="50" width="20" height="20" viewBox="0 0 5 5"><rect width="3" height="3"/></svg>`,
  hidden: `<g opacity="0"><rect width="30" height="30"/></g><g visibility="hidden"><rect width="9" height="9"/><rect x="20" width="9" height="9" visibility="visible"/></g><rect x="40" width="9" height="9" display="none"/><rect x="50" y="5" width="9" height="9" style="display:inline"/><text y="30" fill="none">${PLANTED}</text>`,
  "a choice": `<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/"><p/></foreignObject><g><rect width="30" height="30" fill="red"/></g></switch>`,
  "blended, turned, measured": `<rect width="30" height="30" fill="red"/><rect x="10" y="10" width="30" height="20" fill="lime" style="mix-blend-mode:multiply;transform:rotate(5deg);transform-origin:10px 10px"/><g style="isolation:isolate" transform="translate(40 5)scale(.5),rotate(45)"><rect width="20" height="20"/></g>`,
  wide: `</svg>`.replace(
    "</svg>",
    `<image x="1" y="1" width="20" height="20" preserveAspectRatio="none" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E%3Ctitle%3E${PLANTED}%3C/title%3E%3Cpath d='M0 0h9v9z' fill='red'/%3E%3C/svg%3E"/>`,
  ),
};

interface Drawing {
  readonly name: string;
  readonly bytes: Buffer;
  /** From this project, so that it has to be cleaned. */
  readonly isOurs: boolean;
}

const below = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? below(join(folder, entry.name))
      : entry.name.endsWith(".svg")
        ? [join(folder, entry.name)]
        : [],
  );

/** Decoders stop at what stands behind the end of a document. */
const cases = (await svgCases()).filter(({ name }) => name !== "bytes behind the end");
const drawings: readonly Drawing[] = [
  ...cases.map(({ name, bytes }) => ({ name, bytes, isOurs: true })),
  ...Object.entries(DRAWINGS).map(([name, inner]) => ({ name, bytes: Buffer.from(svg(inner)), isOurs: true })),
  { name: "all of the tests'", bytes: Buffer.from(svg(`${DEFS}${DRAWING}`)), isOurs: true },
  ...process.argv
    .slice(2)
    .flatMap((folder) => below(folder).map((path) => ({ name: path, bytes: readFileSync(path), isOurs: false }))),
  { name: "the page's own icon", bytes: readFileSync(join(root, "apps/web/public/icon.svg")), isOurs: true },
];

const failures: string[] = [];
const refusals = new Map<string, number>();
let judged = 0;

const byLibrsvg = (path: string): string => {
  const { status, stdout } = spawnSync("rsvg-convert", ["--zoom", "3", path], { maxBuffer: 1 << 30 });
  return status === 0 ? stdout.toString("latin1") : "not drawn";
};

const browser = await launchChromium();
const page = await browser.newPage();
/** As a page shows an image, three times as large as it says; all pixels, packed without loss. */
const byChromium = (bytes: Buffer): Promise<string> =>
  page.evaluate(async (data) => {
    const picture = new Image();
    picture.src = `data:image/svg+xml;base64,${data}`;
    try {
      await picture.decode();
    } catch {
      return "not drawn";
    }
    const canvas = document.createElement("canvas");
    const [width, height] = [picture.naturalWidth, picture.naturalHeight];
    const scale = Math.min(3, 1000 / Math.max(1, width, height));
    canvas.width = Math.max(1, Math.ceil(width * scale));
    canvas.height = Math.max(1, Math.ceil(height * scale));
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("no canvas");
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return `${width}x${height} ${canvas.toDataURL("image/png")}`;
  }, bytes.toString("base64"));

const HARMLESS =
  /^(?:SourceFile|ExifTool:|System:|File:|Composite:|SVG:(?:Xmlns|ImageWidth|ImageHeight|ViewBox|Class|Id)$)/u;

/** Names and classes are numbers: that nothing planted is in them is looked for in the bytes. */
const tagsOf = (path: string): readonly string[] => {
  const { stdout } = spawnSync("exiftool", ["-json", "-G1", "-a", path], { maxBuffer: 1 << 28 });
  const [tags = {}] = JSON.parse(stdout.toString("utf8")) as Record<string, unknown>[];
  return Object.keys(tags).filter((name) => !HARMLESS.test(name));
};

/** librsvg 2.54 draws nothing of an element whose language is written as no language is. */
const NOT_BY_LIBRSVG = "a language";
/** Chromium marks the place of a picture that is not there. */
const MISSING = new Set(["a picture elsewhere", "a picture on a disk"]);

await page.goto("about:blank");
for (const { name, bytes, isOurs } of drawings) {
  const parts: Buffer[] = [];
  const outcome = await strip(bytesSource(bytes), { write: (part) => void parts.push(Buffer.from(part)) });
  if (!outcome.ok) {
    refusals.set(outcome.reason, (refusals.get(outcome.reason) ?? 0) + 1);
    if (isOurs) failures.push(`${name}: refused, ${outcome.reason}`);
    continue;
  }
  const clean = Buffer.concat(parts);
  const [was, is] = [join(work, "was.svg"), join(work, "is.svg")];
  writeFileSync(was, bytes);
  writeFileSync(is, clean);
  const before = failures.length;
  const drawn = byLibrsvg(was);
  if (drawn !== "not drawn" && name !== NOT_BY_LIBRSVG && drawn !== byLibrsvg(is))
    failures.push(`${name}: other pixels by librsvg`);
  const [seen, sees] = [await byChromium(bytes), await byChromium(clean)];
  if (isOurs && seen === "not drawn") failures.push(`${name}: Chromium does not draw the original`);
  if (seen !== sees && !MISSING.has(name)) failures.push(`${name}: other pixels by Chromium`);
  const left = tagsOf(is);
  if (left.length > 0) failures.push(`${name}: ExifTool sees ${left[0]}`);
  if (clean.includes(PLANTED)) failures.push(`${name}: the planted string is there`);
  if (failures.length === before) judged += 1;
}
await browser.close();
console.log(`drawings: ${drawings.length}, the same by librsvg and Chromium and clean by ExifTool: ${judged}`);
for (const [reason, count] of refusals) console.log(`refused: ${count}, ${reason}`);
for (const line of failures) console.error(line);
if (failures.length > 0) process.exitCode = 1;
