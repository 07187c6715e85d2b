/** PDF files made by hand, with something planted in each place where something can be hidden. */
import { deflateSync } from "node:zlib";
import { asciiEntry, be16, be32, encoder, makeTiff, planted, PLANTED, xmpPacket } from "../files.ts";
import { segment, withSegments } from "../jpeg/jpegs.ts";
import type { Case } from "../prove.ts";

const latin = (text: string): Buffer => Buffer.from(text, "latin1");

/** Bodies of objects by number; a Buffer or text stands between `obj` and `endobj`. */
export type Objects = Readonly<Record<number, Buffer | string>>;

export const stream = (dict: string, data: Buffer | string): Buffer => {
  const bytes = typeof data === "string" ? latin(data) : data;
  return Buffer.concat([latin(`<<${dict}/Length ${bytes.length}>>\nstream\n`), bytes, latin("\nendstream")]);
};

/** Packed with zlib, through a predictor if `columns` says how long its rows are. */
export const flate = (dict: string, data: Buffer | string): Buffer =>
  stream(`${dict}/Filter/FlateDecode`, deflateSync(typeof data === "string" ? latin(data) : data));

const HEAD = latin("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");

const PAGE_TEXT = "BT /F1 12 Tf 72 720 Td (Hello) Tj ET\n";

/** One page with a word on it; 4 is what it draws. */
export const PLAIN: Objects = {
  1: "<</Type/Catalog/Pages 2 0 R>>",
  2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
  3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
  4: stream("", PAGE_TEXT),
  5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
};

interface Parts {
  /** More of the trailer: "/Info 9 0 R". */
  readonly trailer?: string;
  readonly before?: Buffer;
  /** Between the last object and the table. */
  readonly between?: Buffer;
  readonly after?: Buffer;
}

/** Objects as they stand in a file from `at` on, and a table of where. */
const body = (
  objects: Objects,
  at: number,
): { readonly bytes: Buffer; readonly offsets: ReadonlyMap<number, number> } => {
  const parts: Buffer[] = [];
  const offsets = new Map<number, number>();
  let next = at;
  for (const [number, value] of Object.entries(objects)) {
    offsets.set(Number(number), next);
    const whole = Buffer.concat([
      latin(`${number} 0 obj\n`),
      typeof value === "string" ? latin(value) : value,
      latin("\nendobj\n"),
    ]);
    parts.push(whole);
    next += whole.length;
  }
  return { bytes: Buffer.concat(parts), offsets };
};

const table = (offsets: ReadonlyMap<number, number>, trailer: string, at: number): Buffer => {
  const lines = [...offsets]
    .toSorted(([a], [b]) => a - b)
    .map(([number, offset]) => `${number} 1\n${String(offset).padStart(10, "0")} 00000 n \n`);
  const size = Math.max(...offsets.keys()) + 1;
  return latin(
    `xref\n0 1\n0000000000 65535 f \n${lines.join("")}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${at}\n%%EOF\n`,
  );
};

export const makePdf = (objects: Objects = PLAIN, parts: Parts = {}): Buffer => {
  const before = parts.before ?? Buffer.alloc(0);
  const { bytes, offsets } = body(objects, HEAD.length);
  const head = Buffer.concat([HEAD, bytes, parts.between ?? Buffer.alloc(0)]);
  return Buffer.concat([
    before,
    head,
    table(offsets, parts.trailer ?? "", head.length),
    parts.after ?? Buffer.alloc(0),
  ]);
};

/** What an editor appends when it saves: changed objects, a table of them, and where the one before stands. */
export const appendVersion = (pdf: Buffer, objects: Objects, trailer = ""): Buffer => {
  const previous = /startxref\n(\d+)\n%%EOF\n$/u.exec(pdf.toString("latin1"))?.[1] ?? "0";
  const { bytes, offsets } = body(objects, pdf.length);
  return Buffer.concat([pdf, bytes, table(offsets, `/Prev ${previous}${trailer}`, pdf.length + bytes.length)]);
};

/** As PDF 1.5 and later has it: objects packed in a stream, and a stream instead of the table. */
export const makePackedPdf = (objects: Objects, trailer = "", predicted = true): Buffer => {
  const plain = Object.entries(objects).filter(([, value]) => typeof value !== "string");
  const packed = Object.entries(objects).filter(([, value]) => typeof value === "string");
  const numbers: string[] = [];
  let texts = "";
  for (const [number, value] of packed) {
    numbers.push(`${number} ${texts.length}`);
    texts += `${String(value)}\n`;
  }
  const index = `${numbers.join(" ")}\n`;
  const holder = 90;
  const { bytes, offsets } = body(
    {
      ...Object.fromEntries(plain),
      [holder]: flate(`/Type/ObjStm/N ${packed.length}/First ${index.length}`, index + texts),
    },
    HEAD.length,
  );
  const at = HEAD.length + bytes.length;
  const size = 92;
  const rows = Array.from({ length: size }, (_, number) => {
    const within = packed.findIndex(([each]) => Number(each) === number);
    if (within >= 0) return Buffer.from([2, 0, 0, 0, holder, within]);
    const offset = number === 91 ? at : (offsets.get(number) ?? 0);
    return Buffer.concat([Buffer.from([offset === 0 ? 0 : 1]), be32(offset), Buffer.from([0])]);
  });
  const data = predicted ? Buffer.concat(rows.map((row, i) => up(row, rows[i - 1]))) : Buffer.concat(rows);
  const parameters = predicted ? "/DecodeParms<</Predictor 12/Columns 6>>" : "";
  const xref = flate(`/Type/XRef/Size ${size}/W[1 4 1]/Root 1 0 R${trailer}${parameters}`, data);
  return Buffer.concat([HEAD, bytes, latin("91 0 obj\n"), xref, latin(`\nendobj\nstartxref\n${at}\n%%EOF\n`)]);
};

/** PNG's filter "up" (ISO 32000-2, 7.4.4.4). */
const up = (row: Buffer, above: Buffer | undefined): Buffer =>
  Buffer.concat([Buffer.from([2]), row.map((byte, i) => byte - (above?.[i] ?? 0))]);

export const ascii85 = (bytes: Buffer): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const part = bytes.subarray(at, at + 4);
    let value = Buffer.concat([part, Buffer.alloc(4 - part.length)]).readUInt32BE();
    let five = "";
    for (let i = 0; i < 5; i += 1) {
      five = String.fromCharCode(33 + (value % 85)) + five;
      value = Math.floor(value / 85);
    }
    text += part.length === 4 && five === "!!!!!" ? "z" : five.slice(0, part.length + 1);
  }
  return `${text}~>`;
};

/** LZW of 9 bits only, cleared before codes become longer. */
export const lzw = (bytes: Buffer): Buffer => {
  const codes: number[] = [];
  for (const [index, byte] of bytes.entries()) {
    if (index % 200 === 0) codes.push(256);
    codes.push(byte);
  }
  codes.push(257);
  const bits = codes.map((code) => code.toString(2).padStart(9, "0")).join("");
  return Buffer.from(
    Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
      Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, "0"), 2),
    ),
  );
};

const packBits = (bytes: Buffer): Buffer =>
  Buffer.concat([
    ...Array.from({ length: Math.ceil(bytes.length / 128) }, (_, i) => {
      const part = bytes.subarray(128 * i, 128 * i + 128);
      return Buffer.concat([Buffer.from([part.length - 1]), part]);
    }),
    Buffer.from([128]),
  ]);

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const data = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(data.length < 128 ? [tag, data.length] : [tag, 0x81, data.length]), data]);
};
/** A common name as a certificate has it. */
const commonName = der(0x30, der(0x31, der(0x30, Buffer.from("0603550403", "hex"), der(0x0c, planted))));

const info = (entries: string): Buffer => makePdf({ ...PLAIN, 9: `<<${entries}>>` }, { trailer: "/Info 9 0 R" });
/** The page with more in its dictionary, and more objects. */
const page = (more: string, objects: Objects = {}): Buffer =>
  makePdf({ ...PLAIN, 3: String(PLAIN[3]).replace(/>>$/u, `${more}>>`), ...objects });
const catalogue = (more: string, objects: Objects = {}): Buffer =>
  makePdf({ ...PLAIN, 1: `<</Type/Catalog/Pages 2 0 R${more}>>`, ...objects });
const xmp = xmpPacket(PLANTED);
const utf16 = `<feff${Buffer.concat(Array.from(planted, (byte) => be16(byte))).toString("hex")}>`;

/** What has to be told; `name` is that of a finding, whose value holds the planted string unless `isUnnamed`. */
export interface PdfCase extends Case {
  readonly finding: string;
  /** The finding says that something is there, and not what. */
  readonly isUnnamed?: boolean;
}

export const pdfCases = async (): Promise<readonly PdfCase[]> => {
  const jpeg = withSegments(
    await encoder(24, 16).jpeg().toBuffer(),
    segment(0xe1, Buffer.concat([latin("Exif\0\0"), makeTiff([asciiEntry(0x13b, PLANTED)])])),
  );
  const picture = (filters: string, data: Buffer | string): Buffer =>
    page("", { 10: stream(`/Type/XObject/Subtype/Image/Width 72/Height 40/Filter${filters}`, data) });
  const metadata = (bytes: Buffer): Buffer => catalogue("/Metadata 9 0 R", { 9: bytes });
  const attached = (data: Buffer): Objects => ({
    9: `<</Names[(a) 10 0 R]>>`,
    10: `<</Type/Filespec/F(${PLANTED})/UF ${utf16}/EF<</F 11 0 R>>>>`,
    11: data,
  });
  const named: readonly (readonly [string, string, Buffer])[] = [
    ["title", "Title", info(`/Title(${PLANTED})`)],
    ["author", "Author", info(`/Author ${utf16}`)],
    ["author with escapes", "Author", info(`/Author(${PLANTED.replace("T", "\\124").replace("M", "\\\nM")})`)],
    ["author in hexadecimal", "Author", info(`/Author<${planted.toString("hex")}>`)],
    ["an entry of its own", "Mine", info(`/Mine(${PLANTED})`)],
    ["program", "CreatorProgram", info(`/Creator(${PLANTED})`)],
    ["producer", "Producer", info(`/Producer(${PLANTED})`)],
    ["info that no trailer names", "Author", makePdf({ ...PLAIN, 9: `<</Producer(x)/Author(${PLANTED})>>` })],
    ["info within the trailer", "Author", makePdf(PLAIN, { trailer: `/Info<</Author(${PLANTED})/Producer(x)>>` })],
    ["info in an object stream", "Author", makePackedPdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, "/Info 9 0 R")],
    [
      "info in an object stream, no predictor",
      "Author",
      makePackedPdf({ ...PLAIN, 9: `<</Author(${PLANTED})>>` }, "/Info 9 0 R", false),
    ],
    ["an earlier title", "Title", appendVersion(info(`/Title(${PLANTED})`), { 9: "<</Title(new)>>" }, "/Info 9 0 R")],
    ["XMP", "xmp:CreatorTool", metadata(stream("/Type/Metadata/Subtype/XML", xmp))],
    ["XMP, packed", "xmp:CreatorTool", metadata(flate("/Type/Metadata/Subtype/XML", xmp))],
    ["XMP, ASCII85", "xmp:CreatorTool", metadata(stream("/Type/Metadata/Filter/ASCII85Decode", ascii85(xmp)))],
    ["XMP, hexadecimal", "xmp:CreatorTool", metadata(stream("/Type/Metadata/Filter/AHx", `${xmp.toString("hex")}>`))],
    ["XMP, LZW", "xmp:CreatorTool", metadata(stream("/Type/Metadata/Filter[/LZWDecode]", lzw(xmp)))],
    ["XMP, run lengths", "xmp:CreatorTool", metadata(stream("/Type/Metadata/Filter/RunLengthDecode", packBits(xmp)))],
    [
      "XMP, two filters",
      "xmp:CreatorTool",
      metadata(stream("/Type/Metadata/Filter[/A85/Fl]", ascii85(deflateSync(xmp)))),
    ],
    [
      "an attached file's name",
      "attached file",
      catalogue("/Names<</EmbeddedFiles 9 0 R>>", attached(stream("/Type/EmbeddedFile", "x"))),
    ],
    [
      "an attached picture's own data",
      "Artist",
      catalogue("/AF[10 0 R]", attached(stream("/Type/EmbeddedFile", jpeg))),
    ],
    ["an attached picture, packed", "Artist", catalogue("/AF[10 0 R]", attached(flate("/Type/EmbeddedFile", jpeg)))],
    ["a file that does not say what it is", "Artist", catalogue("/Mine 10 0 R", { 10: flate("", jpeg) })],
    [
      "an attached PDF's author",
      "Author",
      catalogue("/AF[10 0 R]", attached(flate("/Type/EmbeddedFile", info(`/Author(${PLANTED})`)))),
    ],
    ["a picture's own data", "Artist", picture("/DCTDecode", jpeg)],
    ["a picture's own data, packed", "Artist", picture("[/FlateDecode/DCTDecode]", deflateSync(jpeg))],
    ["a picture's own data, ASCII85", "Artist", picture("[/ASCII85Decode/DCTDecode]", ascii85(jpeg))],
    ["a comment", "comment", page(`/Annots[<</Subtype/Text/Rect[0 0 9 9]/Contents(${PLANTED})>>]`)],
    [
      "a comment's author",
      "comment author",
      page("/Annots[9 0 R]", { 9: `<</Type/Annot/Subtype/Highlight/Rect[0 0 9 9]/T(${PLANTED})>>` }),
    ],
    [
      "a form entry",
      "form entry",
      page("/Annots[9 0 R]", { 9: `<</FT/Tx/T(name)/V(${PLANTED})/Subtype/Widget/Rect[0 0 9 9]>>` }),
    ],
    ["JavaScript", "JavaScript", catalogue(`/OpenAction<</S/JavaScript/JS(${PLANTED})>>`)],
    [
      "a link",
      "link",
      page(`/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.org/${PLANTED})>>>>]`),
    ],
    [
      "a path",
      "path of another file",
      page(`/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(/home/${PLANTED}.pdf)>>>>]`),
    ],
    [
      "a layer that is off",
      "layer that is switched off",
      catalogue("/OCProperties<</OCGs[9 0 R]/D<</OFF[9 0 R]/Order[9 0 R]>>>>", { 9: `<</Type/OCG/Name(${PLANTED})>>` }),
    ],
    ["private data", "text (Mine)", page(`/PieceInfo<</App<</Private<</Mine(${PLANTED})>>>>>>`)],
    [
      "a bookmark",
      "bookmark",
      catalogue("/Outlines 8 0 R", { 8: "<</First 9 0 R>>", 9: `<</Title(${PLANTED})/Parent 8 0 R>>` }),
    ],
    ["language", "language", catalogue(`/Lang(${PLANTED})`)],
    [
      "alternative text",
      "alternative text",
      catalogue("/StructTreeRoot 9 0 R", { 9: `<</Type/StructTreeRoot/K<</S/Figure/Alt(${PLANTED})>>>>` }),
    ],
    [
      "a signature's name",
      "signature name",
      catalogue("/Perms 9 0 R", { 9: `<</Type/Sig/Filter/Adobe.PPKLite/Name(${PLANTED})>>` }),
    ],
    [
      "a certificate's name",
      "certificate name",
      catalogue("/Perms 9 0 R", { 9: `<</Type/Sig/ByteRange[0 1 2 3]/Contents<${commonName.toString("hex")}>>>` }),
    ],
    ["a string that nothing needs", "text (Mine)", catalogue(`/Mine(${PLANTED})`)],
    ["a string of an object that nothing leads to", "text (Mine)", makePdf({ ...PLAIN, 9: `<</Mine(${PLANTED})>>` })],
    ["a comment of the syntax", "text between objects", makePdf(PLAIN, { between: latin(`%${PLANTED}\n`) })],
    ["text between objects", "text between objects", makePdf(PLAIN, { between: latin(`${PLANTED}\n`) })],
    ["before the header", "data", makePdf(PLAIN, { before: latin(`${PLANTED}\n`) })],
    ["behind the end", "trailing data", makePdf(PLAIN, { after: planted })],
    [
      "a comment of a page's content",
      "comment in content",
      makePdf({ ...PLAIN, 4: flate("", `%${PLANTED}\n${PAGE_TEXT}`) }),
    ],
    ["a stream of text that nothing shows", "data", makePdf({ ...PLAIN, 9: flate("", PLANTED) })],
    ["a label of pages", "text (P)", catalogue(`/PageLabels<</Nums[0<</P(${PLANTED})>>]>>`)],
  ];
  const sequel = appendVersion(makePdf({ ...PLAIN, 4: stream("", `BT (${PLANTED}) Tj ET`) }), {
    4: stream("", PAGE_TEXT),
  });
  const unnamed: readonly (readonly [string, string, Buffer])[] = [
    ["an earlier page", "earlier versions", sequel],
    [
      "text in the mode that does not show",
      "invisible text",
      makePdf({ ...PLAIN, 4: flate("", `BT 3 Tr (${PLANTED}) Tj ET`) }),
    ],
    [
      "text under a black box",
      "text that may be covered",
      makePdf({ ...PLAIN, 4: flate("", `BT (${PLANTED}) Tj ET 0 0 200 200 re f `) }),
    ],
    [
      "text under a picture",
      "text that may be covered",
      makePdf({ ...PLAIN, 4: flate("", `BT [(${PLANTED})] TJ ET /Im0 Do `) }),
    ],
    [
      "behind packed data",
      "behind packed data",
      makePdf({ ...PLAIN, 4: stream("/Filter/FlateDecode", Buffer.concat([deflateSync(latin(PAGE_TEXT)), planted])) }),
    ],
    ["a page's thumbnail", "thumbnail of a page", page("/Thumb 9 0 R", { 9: stream("/Width 1/Height 1", planted) })],
    [
      "pixels that nothing shows",
      "parts that nothing shows",
      makePdf({ ...PLAIN, 9: stream("/Subtype/Image", planted) }),
    ],
    [
      "an object that was given up",
      "earlier versions",
      appendVersion(makePdf({ ...PLAIN, 9: `[(${PLANTED})]` }), { 9: "null" }),
    ],
    ["an identifier", "DocumentID", makePdf(PLAIN, { trailer: `/ID[(${PLANTED})(${PLANTED})]` })],
    [
      "a program that is started",
      "starts a program or file",
      page("/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/Launch>>>>]"),
    ],
    [
      "what is marked to be blacked out",
      "marked to be blacked out",
      page("/Annots[<</Subtype/Redact/Rect[0 0 9 9]>>]"),
    ],
    ["a sound", "sound or video", page("/Annots[<</Subtype/Sound/Rect[0 0 9 9]>>]")],
    ["a hidden comment", "comment or field that does not show", page("/Annots[<</Subtype/Text/Rect[0 0 9 9]/F 2>>]")],
    ["an XFA form", "form entry", catalogue("/AcroForm<</XFA 9 0 R>>", { 9: flate("", `<xdp>${PLANTED}</xdp>`) })],
    [
      "layers that are all off",
      "layer that is switched off",
      catalogue("/OCProperties<</D<</BaseState/OFF>>>>", { 9: "<</Type/OCG/Name()>>" }),
    ],
    [
      "where it was signed",
      "signature Location",
      catalogue("/Perms 9 0 R", { 9: `<</Type/Sig/Location(${PLANTED})>>` }),
    ],
    ["a page's private data", "private data of programs", page("/PieceInfo<</App<<>>>>")],
  ];
  return [
    ...named.map(([name, finding, bytes]) => ({ name, finding, bytes })),
    ...unnamed.map(([name, finding, bytes]) => ({ name, finding, bytes, isUnnamed: true })),
  ];
};

/** Owner and user keys of forty bits, as an old writer made them; nothing here opens it. */
export const makeEncrypted = (): Buffer =>
  makePdf(
    {
      ...PLAIN,
      8: `<</Filter/Standard/V 1/R 2/P -4/O<${"41".repeat(32)}>/U<${"42".repeat(32)}>>>`,
      9: `<</Author(${PLANTED})>>`,
      10: "<</S/JavaScript/JS(xx)>>",
    },
    { trailer: "/Encrypt 8 0 R/Info 9 0 R/ID[<00><00>]" },
  );
