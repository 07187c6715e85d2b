/** SVG files with something planted, one for each place where something can be hidden. */
import { latin } from "../boxes.ts";
import { encoder, PLANTED, planted } from "../files.ts";
import { exifSegment, plainJpeg, withSegments } from "../jpeg/jpegs.ts";
import { before, chunk as pngChunk, exif as pngExif } from "../png/pngs.ts";
import type { Case } from "../prove.ts";

/** What is drawn in each: shapes in colours, a gradient, something drawn twice. */
export const DRAWING =
  '<rect x="2" y="2" width="40" height="20" fill="#c33"/><circle cx="50" cy="20" r="9" fill="url(#g)" stroke="navy"/><use href="#s" x="5" y="22"/>';
export const DEFS =
  '<defs><linearGradient id="g"><stop offset="0" stop-color="gold"/><stop offset="1" stop-color="#08f"/></linearGradient><path id="s" d="M2 2h12l-4 9z" fill="teal"/></defs>';

export const NAMESPACES =
  'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#"';

export const svg = (inner: string, attributes = ""): string =>
  `<svg ${NAMESPACES} width="72" height="40" viewBox="0 0 72 40"${attributes === "" ? "" : ` ${attributes}`}>${inner}</svg>`;

const drawn = (more = "", attributes = ""): Buffer => Buffer.from(svg(`${DEFS}${DRAWING}${more}`, attributes));
export const plainSvg = (): Buffer => drawn();

const entities = (text: string): string =>
  Array.from(text, (one) => `&#x${one.codePointAt(0)!.toString(16)};`).join("");
const dataOf = (bytes: Buffer, type = "image/png"): string => `data:${type};base64,${bytes.toString("base64")}`;
const picture = (address: string, more = ""): string =>
  `<image x="4" y="4" width="30" height="20" xlink:href="${address}"${more}/>`;

/** Each of these takes a text that is hidden somewhere. */
export const PLACES: Readonly<Record<string, (text: string) => Buffer>> = {
  "a comment before": (text) => Buffer.concat([latin(`<!-- ${text} -->\n`), plainSvg()]),
  "a comment within": (text) => drawn(`<!--${text}-->`),
  "an instruction before": (text) => Buffer.concat([latin(`<?xml version="1.0"?><?app ${text}?>`), plainSvg()]),
  "an instruction within": (text) => drawn(`<?note ${text}?>`),
  "a style sheet elsewhere": (text) =>
    Buffer.concat([
      latin(`<?xml version="1.0"?><?xml-stylesheet href="https://example.org/${text}.css"?>`),
      plainSvg(),
    ]),
  "a document type": (text) =>
    Buffer.concat([latin(`<!DOCTYPE svg PUBLIC "${text}" "https://example.org/${text}">`), plainSvg()]),
  "behind the end": (text) => Buffer.concat([plainSvg(), latin(`\n<!-- ${text} -->`)]),
  "bytes behind the end": (text) => Buffer.concat([plainSvg(), Buffer.alloc(9), latin(text)]),
  title: (text) => drawn(`<title>${text}</title>`),
  desc: (text) => drawn(`<g><desc>${text}</desc></g>`),
  "Dublin Core": (text) =>
    drawn(
      `<metadata><rdf:RDF><cc:Work rdf:about="${text}"><dc:creator><cc:Agent><dc:title>${text}</dc:title></cc:Agent></dc:creator><dc:date>2024-05-17</dc:date></cc:Work></rdf:RDF></metadata>`,
    ),
  XMP: (text) =>
    drawn(
      `<metadata><?xpacket begin="" id="${text}"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="${text}"/></rdf:RDF></x:xmpmeta></metadata>`,
    ),
  "an export path": (text) =>
    drawn("", `inkscape:export-filename="/home/${text}/a.png" sodipodi:docname="${text}.svg"`),
  "an editor's view": (text) =>
    drawn(`<sodipodi:namedview inkscape:window-width="1600"><inkscape:grid id="${text}"/></sodipodi:namedview>`),
  "Illustrator's own file": (text) =>
    drawn(`<i:pgf id="adobe_illustrator_pgf"><![CDATA[${Buffer.from(text).toString("base64")}${text}]]></i:pgf>`),
  "a namespace": (text) => drawn("", `xmlns:x="https://example.org/${text}"`),
  "a prefix": (text) => drawn("", `xmlns:${text}="https://example.org/"`),
  "an unknown attribute": (text) => drawn(`<g data-name="${text}" aria-label="${text}"/>`, `data-owner="${text}"`),
  "an unknown attribute with a prefix": (text) => drawn("", `inkscape:label="${text}"`),
  "an unknown element": (text) => drawn(`<secret>${text}</secret><secret name="${text}"/>`),
  "an element of another kind": (text) => drawn(`<p xmlns="http://www.w3.org/1999/xhtml">${text}</p>`),
  "names and classes": (text) =>
    Buffer.from(
      svg(
        `${DEFS}${DRAWING}`.replaceAll('"s"', `"${text}"`).replace("#s", `#${text}`),
        `class="${text} b" id="${text}x"`,
      ),
    ),
  "a name that is referred to by url": (text) =>
    Buffer.from(
      svg(`${DEFS}${DRAWING}`.replace('id="g"', `id="${text}"`).replace("url(#g)", `url(&quot;#${text}&quot;)`)),
    ),
  "a program": (text) => drawn(`<script>var a = "${text}"</script><script href="https://example.org/${text}"/>`),
  "an event": (text) => drawn(`<g onclick="alert('${text}')" onload="${text}"/>`),
  "a link": (text) =>
    drawn(`<a xlink:href="https://example.org/${text}" xlink:title="${text}"><path d="M3 30h9v3z"/></a>`),
  "a script link": (text) => drawn(`<a href="javascript:'${text}'"><path d="M3 30h9v3z"/></a>`),
  "a picture elsewhere": (text) => drawn(picture(`https://example.org/${text}.png`)),
  "a picture on a disk": (text) => drawn(picture(`file:///home/${text}/a.png`)),
  "something drawn from elsewhere": (text) => drawn(`<use href="other.svg#${text}"/>`),
  "a base address": (text) => drawn("", `xml:base="https://example.org/${text}/"`),
  "a hidden group": (text) => drawn(`<g display="none"><text y="20">${text}</text></g>`),
  "a group hidden by style": (text) => drawn(`<g style="display : NONE"><text y="20">${text}</text></g>`),
  "a group hidden by a style sheet": (text) =>
    drawn(`<style>.h{display:none}</style><g class="h"><text y="20">${text}</text></g>`),
  "hidden text around something that is drawn again": (text) =>
    drawn(`<text y="9" display="none">${text}<tspan id="part">a</tspan></text><use href="#part"/>`),
  "hidden text in a language": (text) => drawn(`<g display="none"><text y="9">${text}</text></g>`, 'xml:lang="en"'),
  "invisible text": (text) => drawn(`<text y="20" visibility="hidden">${text}</text>`),
  "text of no opacity": (text) => drawn(`<g opacity="0"><text y="20">${text}</text></g>`),
  "text without paint": (text) => drawn(`<g fill="none"><text y="20"><tspan>${text}</tspan></text></g>`),
  "text of transparent paint": (text) => drawn(`<text y="20" fill-opacity="0">${text}</text>`),
  "text in definitions": (text) => drawn(`<defs><text id="t">${text}</text><g id="${text}"/></defs>`),
  "a symbol that nothing draws": (text) => drawn(`<symbol id="q"><text>${text}</text></symbol>`),
  "a choice that is not made": (text) =>
    drawn(
      `<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/">${text}</foreignObject><g i:extraneous="self"><path d="M1 1h3v3z"/></g><text>${text}</text></switch>`,
    ),
  "text between shapes": (text) => drawn(`<g>${text}<path d="M3 30h9v3z"/></g>${text}`),
  "a section": (text) => drawn(`<g><![CDATA[${text}]]></g>`),
  "a comment of CSS": (text) => drawn(`<style>/* ${text} */ rect{fill:#c33}</style>`),
  "a string of CSS": (text) =>
    drawn(
      `<style>rect{content:"";fill:#c33}@font-face{font-family:"${text}";src:url("https://example.org/${text}.woff")}</style>`.replace(
        'content:"";',
        "",
      ),
    ),
  "an import": (text) => drawn(`<style>@import url("https://example.org/${text}.css"); rect{fill:#c33}</style>`),
  "a selector": (text) =>
    drawn(`<style>.${text.replaceAll(".", "\\.")}{fill:#c33} #${text.replaceAll(".", "\\.")} rect{fill:red}</style>`),
  "a property that is none": (text) =>
    drawn(
      `<style>rect{-x-name:"${text}";--${text.replaceAll(".", "")}:1}</style><g style="-inkscape-font-specification:'${text}';quotes:'${text}'"/>`,
    ),
  "a style that is none": (text) => drawn(`<g style="${text};fill:${text.replaceAll(".", "")}"/>`),
  "a font": (text) => drawn(`<g font-family="'${text}', sans-serif"/><g style="font:12px '${text}',serif"/>`),
  "a value that is none": (text) => drawn(`<g fill="${text}" stroke-width="${text}" clip-rule="${text}"/>`),
  "behind a mistake in a path": (text) => drawn(`<path d="M3 30h9v3z ${text}"/>`),
  "a version": (text) => drawn("", `version="${text}" baseProfile="${text}"`),
  "a language": (text) => drawn("", `xml:lang="${text}"`),
  "steps of a filter": (text) =>
    drawn(
      `<filter id="f"><feOffset dx="1" result="${text}"/><feMerge><feMergeNode in="${text}"/></feMerge></filter><rect x="50" y="2" width="9" height="9" filter="url(#f)"/>`,
    ),
  "a reference to nothing": (text) =>
    drawn(`<use href="#${text}"/><path d="M3 30h9v3z" clip-path="url(#${text})"/>`.replace(/<path.*/u, "")),
  "an animation": (text) =>
    drawn(
      `<rect x="50" y="2" width="9" height="9"><animate attributeName="x" values="50;52" dur="2s" begin="${text}.click; 1h" id="${text}"/></rect>`,
    ),
  "a view": (text) => drawn(`<view id="${text}" viewBox="0 0 1 1"/>`),
  "a font of SVG": (text) => drawn(`<defs><font id="${text}"><font-face font-family="${text}"/></font></defs>`),
  "an empty group's title of XLink": (text) => drawn("", `xlink:title="${text}" xlink:role="${text}"`),
};

/** The same for decoders that know SVG by how most of it begins. */
const TITLED = (): Buffer => PLACES["title"]!(PLANTED);
const utf16 = (text: string, littleEndian: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return littleEndian ? bytes : bytes.swap16();
};

/** All places, with the text as it is, as entities where XML allows that, and in pictures within. */
export const svgCases = async (): Promise<readonly Case[]> => {
  const plain = plainSvg();
  const jpeg = withSegments(await plainJpeg(), exifSegment());
  const png = before(await encoder(24, 16).png().toBuffer(), "IDAT", pngChunk("eXIf", pngExif()));
  const inner = PLACES["title"]!(PLANTED);
  const text = plain.toString("latin1");
  const places = Object.entries(PLACES).map(([name, make]) => ({
    name,
    bytes: make(PLANTED),
    // Decoders stop at what is behind the end.
    ...(name === "bytes behind the end" && { like: plain }),
  }));
  const asEntities = ["title", "Dublin Core", "an unknown attribute", "a hidden group", "a link", "a font"].map(
    (name) => ({
      name: `${name}, in entities`,
      bytes: PLACES[name]!(entities(PLANTED)),
    }),
  );
  return [
    ...places,
    ...asEntities,
    { name: "a JPEG with Exif", bytes: drawn(picture(dataOf(jpeg, "image/jpeg"))) },
    { name: "a PNG with Exif", bytes: drawn(picture(dataOf(png))) },
    { name: "a PNG with Exif, in lines", bytes: drawn(picture(dataOf(png).replaceAll(/.{76}/gu, "$&\n"))) },
    {
      name: "a PNG with Exif, in percent signs",
      bytes: drawn(
        picture(`data:image/png,${Array.from(png, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")}`),
      ),
    },
    { name: "a PNG with something behind", bytes: drawn(picture(dataOf(Buffer.concat([png, planted])))) },
    { name: "an SVG with a title", bytes: drawn(picture(dataOf(inner, "image/svg+xml"))) },
    { name: "an SVG as text", bytes: drawn(picture(`data:image/svg+xml,${encodeURIComponent(inner.toString())}`)) },
    { name: "an SVG with a picture", bytes: drawn(picture(dataOf(drawn(picture(dataOf(png))), "image/svg+xml"))) },
    {
      name: "a picture that does not show",
      bytes: drawn(`<g display="none">${picture(dataOf(jpeg, "image/jpeg"))}</g>`),
    },
    { name: "a picture of no opacity", bytes: drawn(picture(dataOf(png), ' opacity="0"')) },
    { name: "UTF-16, little end first", bytes: utf16(TITLED().toString(), true), like: TITLED() },
    { name: "UTF-16, big end first", bytes: utf16(TITLED().toString(), false), like: TITLED() },
    {
      name: "a mark before",
      bytes: Buffer.concat([Buffer.from("efbbbf", "hex"), PLACES["a comment before"]!(PLANTED)]),
    },
    {
      name: "SVG under another prefix",
      like: latin('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'),
      bytes: Buffer.from(
        `<x:svg xmlns:x="http://www.w3.org/2000/svg" xmlns="https://example.org/${PLANTED}" width="9" height="9"><x:rect width="5" height="5"/><rect name="${PLANTED}"/></x:svg>`,
      ),
    },
    {
      name: "the prefix of XLink for something else",
      bytes: Buffer.from(
        text
          .replace("http://www.w3.org/1999/xlink", "https://example.org/")
          .replace("</svg>", `<g xlink:href="${PLANTED}"/></svg>`),
      ),
    },
  ];
};
