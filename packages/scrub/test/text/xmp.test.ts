import assert from "node:assert/strict";
import { test } from "node:test";
import { Findings } from "../../src/core/findings.ts";
import { reportXmp } from "../../src/text/xmp.ts";

/** Kind, name and value of what is told of a packet, but for the packet itself. */
const told = (packet: string): readonly (readonly [string, string, string])[] => {
  const findings = new Findings();
  reportXmp(Buffer.from(packet), "here", findings);
  return findings.list.slice(1).map(({ kind, name, value }) => [kind, name, value] as const);
};

/** How ISO 16684-1, 7 lets a property be written. */
const FORMS: readonly (readonly [string, string])[] = [
  ["an attribute", `<rdf:Description rdf:about="" xmp:CreatorTool="Acme"><a>b</a></rdf:Description>`],
  [
    "an attribute of an element that ends at once",
    `<rdf:Description rdf:about="" xmp:CreatorTool="Acme"/>\n </rdf:RDF>`,
  ],
  ["an attribute in single quotes", `<rdf:Description rdf:about='' xmp:CreatorTool='Acme'/>`],
  ["an element", `<xmp:CreatorTool>Acme</xmp:CreatorTool>`],
  ["an element with an attribute", `<xmp:CreatorTool xml:lang="en">Acme</xmp:CreatorTool>`],
  ["a list", `<xmp:CreatorTool>\n<rdf:Seq>\n<rdf:li>Acme</rdf:li>\n</rdf:Seq></xmp:CreatorTool>`],
];
for (const [name, packet] of FORMS)
  test(`a property as ${name}`, () => assert.deepEqual(told(packet), [["editing", "xmp:CreatorTool", "Acme"]]));

test("all items of a list are told, in order, and those of the next list are not among them", () => {
  assert.deepEqual(
    told(
      "<dc:subject><rdf:Bag><rdf:li>Bern</rdf:li><rdf:li>party</rdf:li></rdf:Bag></dc:subject>" +
        `<dc:creator><rdf:Seq><rdf:li xml:lang="x">Marta</rdf:li></rdf:Seq></dc:creator>`,
    ),
    [
      ["author", "dc:subject", "Bern, party"],
      ["author", "dc:creator", "Marta"],
    ],
  );
});

test("names beside faces, names to ask and hidden words are told", () => {
  assert.deepEqual(
    told(
      `<rdf:Description mwg-rs:Name="Marta &amp; Jo&#xEB;l &#77;." mwg-rs:Type="Face"/>` +
        `<MPReg:PersonDisplayName>Marta</MPReg:PersonDisplayName>` +
        `<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Marta</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>` +
        `<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiEmailWork="marta@example.org"/>` +
        `<photoshop:TextLayers photoshop:TextLayerText="Dear Marta"/>` +
        `<rdf:Description dcterms:provenance="https://example.org/471107"/>`,
    ),
    [
      ["author", "mwg-rs:Name", "Marta & Joël M."],
      ["author", "MPReg:PersonDisplayName", "Marta"],
      ["author", "Iptc4xmpExt:PersonInImage", "Marta"],
      ["author", "Iptc4xmpCore:CiEmailWork", "marta@example.org"],
      ["author", "photoshop:TextLayerText", "Dear Marta"],
      ["editing", "dcterms:provenance", "https://example.org/471107"],
    ],
  );
});

test("a flag is no name, and what is no character is left as it stands", () => {
  assert.deepEqual(told(`<rdf:Description xmpRights:Marked="False" dc:title="&#1114112; &#x110000; &bomb;"/>`), [
    ["author", "dc:title", "&#1114112; &#x110000; &bomb;"],
  ]);
});

test("a megabyte of beginnings without an end is gone through", () => {
  for (const start of ["<dc:title>", "<dc:title><rdf:Bag>", 'dc:title="', "<dc:title a", "<rdf:li>"])
    told(start.repeat(Math.ceil(1_000_000 / start.length)));
});
