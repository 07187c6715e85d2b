import assert from "node:assert/strict";
import { before, test } from "node:test";
import { holdInvariants } from "../fuzz/invariants.ts";
import { holdsPlanted, inspectBytes, pixels, planted, PLANTED, stripBytes } from "../files.ts";
import { type Case, proveCleaned, proveDamaged, proveRandom, proveTruncations } from "../prove.ts";
import { damageText } from "../fuzz/damage-text.ts";
import { seeded } from "../fuzz/mutate.ts";
import { DEFS, DRAWING, PLACES, plainSvg, svg, svgCases } from "./svgs.ts";

let cases: readonly Case[] = [];
before(async () => {
  cases = await svgCases();
});

const cleanText = async (file: Buffer | string): Promise<string> => {
  const { outcome, bytes } = await stripBytes(Buffer.from(file));
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  return bytes.toString();
};
const refusalOf = async (file: Buffer | string): Promise<string> => {
  const { outcome, writes } = await stripBytes(Buffer.from(file));
  assert.equal(writes, 0);
  return outcome.ok ? "cleaned" : outcome.code;
};

/** The file and all that is packed in it. */
const unpacked = (bytes: Buffer): readonly Buffer[] => [
  bytes,
  ...Array.from(bytes.toString("latin1").matchAll(/;base64,([\w+/=]+)/gu), ([, data = ""]) =>
    unpacked(Buffer.from(data, "base64")),
  ).flat(),
];

test("SVG: whatever is planted where, the output does not hold it, and shows the same pixels", async () => {
  assert.ok(cases.length > 60);
  for (const { name, bytes } of cases)
    if (!/in entities|picture|JPEG|PNG|an SVG|UTF-16/u.test(name))
      assert.ok(holdsPlanted(bytes), `${name}: nothing planted`);
  await proveCleaned(cases, "svg", pixels);
  for (const { name, bytes } of cases)
    for (const part of unpacked((await stripBytes(bytes)).bytes)) assert.equal(holdsPlanted(part), false, name);
});

test("what it gives away is told by kind", async () => {
  const kinds = async (name: string): Promise<readonly string[]> => {
    const found = await inspectBytes(cases.find((one) => one.name === name)!.bytes);
    assert.ok(found.ok);
    return found.findings.map(({ kind, name: what }) => `${kind} ${what}`);
  };
  assert.ok((await kinds("Dublin Core")).includes("author dc:creator"));
  assert.ok((await kinds("Dublin Core")).includes("time dc:date"));
  assert.ok((await kinds("an export path")).includes("author inkscape:export-filename"));
  assert.ok((await kinds("a JPEG with Exif")).some((one) => one === "location GPSPosition"));
  assert.ok((await kinds("a picture that does not show")).some((one) => one === "location GPSPosition"));
  assert.ok((await kinds("a picture that does not show")).includes("hidden_media picture"));
  assert.ok((await kinds("a hidden group")).includes("hidden_media g with text"));
  assert.ok((await kinds("a picture elsewhere")).includes("other request to another file"));
  assert.ok((await kinds("a program")).includes("other program"));
  assert.ok((await kinds("a link")).includes("author link"));
});

test("text that shows stays and is told, names and classes are new", async () => {
  const file = svg(
    `<style>.Marta{fill:red;stroke:blue}#house .Marta{stroke-width:2px!important}</style><g id="house"><text class="Marta" x="3" y="20" font-family="Arial">A &lt; B<tspan class="Marta">!</tspan></text></g>`,
  );
  const { outcome, bytes } = await stripBytes(Buffer.from(file));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.kept, ["visible text"]);
  assert.equal(
    bytes.toString(),
    '<svg xmlns="http://www.w3.org/2000/svg" height="40" viewBox="0 0 72 40" width="72"><style>.c1{fill:red;stroke:blue;stroke-width:2px!important}</style><g><text class="c1" font-family="Arial" x="3" y="20">A &lt; B<tspan class="c1">!</tspan></text></g></svg>',
  );
});

test("each reference leads to what it led to", async () => {
  const text = await cleanText(
    svg(
      `<defs><clipPath id="Clip 1"><path d="M0 0h9v9H0z"/></clipPath><mask id="m"><rect width="9" height="9" fill="#fff"/></mask><marker id="k"><path d="M0 0h1v1z"/></marker><path id="p" d="M0 9h60"/><g display="none"><g id="deep"><path d="M1 1h2v2z"/></g><text>${PLANTED}</text></g></defs><g clip-path="url(#Clip%201)" mask="url('#m')"><use xlink:href="#deep"/></g><path d="M0 0h3" marker-end="url(#k)"/><text><textPath href="#p">A</textPath></text>`,
    ),
  );
  for (const wanted of [
    /clipPath id="a\d"/u,
    /mask id="a\d"/u,
    /marker id="a\d"/u,
    /<g display="none"><g id="a\d">/u,
    /textPath xlink:href="#a\d"/u,
  ])
    assert.match(text, wanted);
  assert.equal(
    [...text.matchAll(/ id="(a\d+)"/gu)].every(([, id = ""]) => text.includes(`#${id}`)),
    true,
  );
  assert.equal(text.includes(PLANTED), false);
});

test("animations stay", async () => {
  const { outcome, bytes } = await stripBytes(
    Buffer.from(
      svg(
        `<rect width="9" height="9"><animate id="first" attributeName="x" values="0; 20;0" keyTimes="0;.5;1" dur="2s" repeatCount="indefinite"/><animateTransform attributeName="transform" type="rotate" from="0 5 5" to="360 5 5" begin="first.end+1s" dur="3s"/></rect><g display="none"><rect width="3" height="3"/><set attributeName="display" to="inline" begin="2s"/></g>`,
      ),
    ),
  );
  assert.ok(outcome.ok && outcome.kept.includes("animation"));
  const text = bytes.toString();
  assert.match(
    text,
    /<animate id="a1" attributeName="x" dur="2s" keyTimes="0; 0.5; 1" repeatCount="indefinite" values="0;20;0"\/>/u,
  );
  assert.match(text, /begin="a1\.end\+1s"/u);
  assert.match(text, /<g display="none"><rect height="3" width="3"\/><set /u);
});

test("what decides how it looks and is not judged here is refused by name", async () => {
  const style = (css: string): string => svg(`<style>${css}</style>${DEFS}${DRAWING}`);
  for (const [name, file] of Object.entries({
    HTML: svg(
      `<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">${PLANTED}</p></foreignObject>`,
    ),
    "a document type with entities": `<!DOCTYPE svg [<!ENTITY a "${PLANTED}">]>${svg("<text>&a;</text>")}`,
    "a document type with a subset": `<!DOCTYPE svg [<!ATTLIST rect fill CDATA "red">]>${svg(DRAWING)}`,
    "text in its own font": style(
      `@font-face{font-family:x;src:url(data:font/woff2;base64,AAAA)}</style><text y="9">A</text><style>`,
    ),
    "a condition": style("@media (min-width: 9px){rect{fill:red}}"),
    "a selector by place": style("rect:first-child{fill:red}"),
    "a selector by neighbour": style("rect + rect{fill:red}"),
    "a variable": style("rect{fill:var(--a)}"),
    "an animation of CSS": style("@keyframes a{to{fill:red}} rect{animation:a 2s}"),
    "a filter elsewhere": svg(`<rect width="9" height="9" filter="url(other.svg#f)"/>`),
    "a paint that is data": svg(`<rect width="9" height="9" fill="url(data:image/svg+xml,a#b)"/>`),
    "an animation of a link": svg(`<a><set attributeName="href" to="javascript:1"/></a>`),
    "a mesh": svg(`<meshgradient/>`),
    "hidden letters between others": svg(`<text y="9">A<tspan visibility="hidden">${PLANTED}</tspan>B</text>`),
    "hidden letters that take up room": svg(
      `<g filter="url(#f)"><rect width="9" height="9"/><text opacity="0">${PLANTED}</text></g>`,
    ),
    "a video within": svg(`<image width="9" height="9" href="data:video/mp4;base64,AAAAGGZ0eXBpc29t"/>`),
    "an SVG that is said to be a PNG": svg(
      `<image width="9" height="9" href="data:image/png;base64,${plainSvg().toString("base64")}"/>`,
    ),
    "a style sheet for some screens": svg(`<style media="(prefers-color-scheme: dark)">rect{fill:red}</style>`),
    "a mistake in points": svg(`<polygon points="3,30 9,30 9,33 ${PLANTED}"/>`),
    "too deep": svg(`${"<g>".repeat(300)}${"</g>".repeat(300)}`),
  }))
    assert.match(await refusalOf(file), /^scrub_(?:doubtful|damaged)$/u, name);
});

test("what is not well-formed, or not SVG, is refused", async () => {
  const whole = plainSvg().toString();
  for (const [name, file] of Object.entries({
    "tags that cross": whole.replace("</defs>", "</g>"),
    "an attribute twice": whole.replace("<rect ", '<rect x="1" '),
    "an attribute without quotation marks": whole.replace('fill="#c33"', "fill=red"),
    "an entity that is not declared": whole.replace("#c33", "&nbsp;"),
    "an ampersand": whole.replace("#c33", "a&b"),
    "a bracket in an attribute": whole.replace("#c33", "<"),
    "a prefix that stands for nothing": whole.replace("<rect", "<q:rect").replace("<circle", "</q:rect><circle"),
    "a comment with dashes": whole.replace("</svg>", "<!-- a -- b --></svg>"),
    "no namespace": '<svg width="9"><rect/></svg>',
    "another namespace": '<svg xmlns="http://www.w3.org/1999/xhtml"/>',
    "a page": '<!DOCTYPE html><html><body><svg xmlns="http://www.w3.org/2000/svg"/></body></html>',
    "a control character": whole.replace("</svg>", "\u0001</svg>"),
    "a reference to one": whole.replace("</svg>", "&#1;</svg>"),
    "a lone byte": Buffer.concat([plainSvg().subarray(0, -6), Buffer.from([0xe9]), Buffer.from("</svg>")]),
    "Latin-1 that says so": Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?>${whole.replace("</svg>", "\u00e9</svg>")}`,
      "latin1",
    ),
  }))
    assert.match(await refusalOf(file), /^scrub_(?:damaged|unsupported)$/u, name);
  assert.match(await refusalOf(`<?xml version="1.0" encoding="UTF-7"?>${whole}`), /^scrub_unsupported$/u);
  assert.match(await cleanText(`<?xml version="1.0" encoding="ISO-8859-1"?>${whole}`), /^<svg /u);
  const packed = await stripBytes(Buffer.from("1f8b0800000000000003", "hex"));
  assert.ok(!packed.outcome.ok && packed.outcome.reason.includes("SVGZ"));
});

test("tricks: escapes, case, circles, names that look like others", async () => {
  for (const [name, inner] of Object.entries({
    "a word of CSS in escapes": `<g style="fi\\6c l:r\\65 d;\\62 ehavior:url(\\#x)" />`,
    "a link in another case": `<a HREF="https://example.org/${PLANTED}" Xlink="${PLANTED}"><path d="M0 0h1v1z"/></a>`,
    "a script under a prefix": `<z:script xmlns:z="http://www.w3.org/2000/svg">${PLANTED}</z:script>`,
    "a script in another case": `<SCRIPT>${PLANTED}</SCRIPT>`,
    "a picture of itself": `<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>`,
    "something drawn a billion times": Array.from(
      { length: 12 },
      (_, n) => `<g id="l${n}">${`<use href="#l${n + 1}"/>`.repeat(10)}</g>`,
    ).join(""),
    "a pattern of itself": `<pattern id="q" width="9" height="9"><rect fill="url(#q)" width="9" height="9"/></pattern><rect fill="url(#q)" width="9" height="9"/>`,
    "both kinds of links": `<use href="#s" xlink:href="https://example.org/${PLANTED}"/>`,
    "brackets as entities": `<g data-x="&lt;script&gt;${PLANTED}&lt;/script&gt;"/><text y="9">&lt;/text&gt;&lt;script&gt;</text>`,
    "the end of a style": `<style><![CDATA[rect{fill:#c33}]]></style><style>/*</style><style>*/</style>`.replace(
      "<style>/*</style><style>*/</style>",
      "",
    ),
    "a name with quotation marks": `<g id="&quot;&gt;${PLANTED}"/><use href="#&quot;&gt;${PLANTED}"/>`,
  })) {
    const { ok, output, code } = await holdInvariants(Buffer.from(svg(`${DEFS}${DRAWING}${inner}`)));
    assert.ok(ok, `${name}: ${code}`);
    assert.equal(output.includes(planted), false, name);
    assert.equal(/<script|javascript:|example\.org|behavior/iu.test(output.toString()), false, name);
  }
});

test("characters that do not show go, those that fonts need stay", async () => {
  const tags = Array.from(PLANTED, (one) => String.fromCodePoint(0xe0000 + one.codePointAt(0)!)).join("");
  const flag = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";
  const text = await cleanText(svg(`<text y="9">a${tags}b\u200b\u200c\u200b\u200c\u200dc\u200dd${flag}</text>`));
  assert.match(text, new RegExp(`>abc\u200dd${flag}<`, "u"));
});

test("a path is written as far as it is drawn, numbers in one way", async () => {
  const text = await cleanText(svg(`<path d="m+1.50,02-.5.5L 3e1 4a1,1 0 0110 10 z 5"/><path d="${PLANTED}"/>`));
  assert.match(
    text,
    /<path d="m1\.5 2 -0\.5 0\.5L30? ?4?/u.source === ""
      ? /./u
      : /<path d="m1\.5 2 -0\.5 0\.5L3e1 4a1 1 0 0 1 10 10z"\/><path\/>/u,
  );
});

test("every truncation", async () => {
  await proveTruncations(PLACES["Dublin Core"]!(PLANTED));
  await proveTruncations(cases.find(({ name }) => name === "UTF-16, big end first")!.bytes);
});

test("damage of every kind, and random bytes", async () => {
  const small = cases.filter(({ bytes }) => bytes.length < 8000);
  // A name or a comment that damage makes text of is shown.
  await proveDamaged(small, 91, 1500, false);
  const random = seeded(92);
  for (let run = 0; run < 1500; run += 1) {
    const [one, other] = [small[random(small.length)]!, small[random(small.length)]!];
    await holdInvariants(damageText(one.bytes, other.bytes, random)).catch((error: unknown) => {
      throw new Error(`run ${run}, from "${one.name}"`, { cause: error });
    });
  }
  await proveRandom(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'), 93, 300);
});

test("a hundred thousand of everything, in bounded time", async () => {
  const many = (one: string, count = 100_000): string => one.repeat(count);
  for (const [name, file, isCleaned] of [
    ["shapes", svg(many('<rect width="1" height="1"/>')), true],
    ["comments", svg(many(`<!--${PLANTED}-->`)), true],
    ["names", svg(Array.from({ length: 100_000 }, (_, n) => `<g id="${PLANTED}${n}"/>`).join("")), true],
    ["rules", svg(`<style>${many(".a{fill:red}", 50_000)}</style><g class="a"/>`), true],
    ["rules for all", svg(`<style>${many("*{fill:red}", 50_000)}</style>${many("<g/>", 50_000)}`), false],
    [
      "a long style for each",
      svg(
        `<style>${Array.from({ length: 3000 }, (_, n) => `.a${n}{stroke-dasharray:${many("1 ", 200)}}`).join("")}</style>${many("<g/>", 1000)}`,
      ),
      true,
    ],
    [
      "ancestors",
      svg(
        `<style>q ${many("g ", 30)}rect{fill:red}</style>${many("<g>", 200)}${many("<rect/>", 100)}${many("</g>", 200)}`,
      ),
      false,
    ],
    ["animations", svg(`<rect id="r"/>${many('<set href="#r" attributeName="x" to="1"/>', 50_000)}`), true],
    [
      "references",
      svg(
        `<defs>${Array.from({ length: 30_000 }, (_, n) => `<g id="a${n}"><use href="#a${n + 1}"/></g>`).join("")}</defs><use href="#a0"/>`,
      ),
      true,
    ],
    ["attributes", svg(`<g ${Array.from({ length: 50_000 }, (_, n) => `data-a${n}="${PLANTED}"`).join(" ")}/>`), true],
    ["tags that do not end", svg(many("<g>")), false],
    ["brackets", svg(`<g transform="${many("scale(", 10_000)}"/>`), false],
    ["ampersands", svg(`<text>${many("&amp;")}</text>`), true],
  ] as const) {
    const used = process.cpuUsage();
    const { outcome, bytes } = await stripBytes(Buffer.from(file));
    const { user, system } = process.cpuUsage(used);
    assert.equal(outcome.ok, isCleaned, `${name}: ${outcome.ok || outcome.reason}`);
    assert.equal(bytes.includes(planted), false, name);
    assert.ok((user + system) / 1e6 < 60, `${name}: it took too long`);
  }
});
