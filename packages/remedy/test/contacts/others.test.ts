import assert from "node:assert/strict";
import { test } from "node:test";
import {
  askRdap,
  contactsOfSecurityTxt,
  knownNetwork,
  rdapUrlForAsn,
  rdapUrlForDomain,
  rdapUrlForIp,
  readRdap,
  readSavedPage,
} from "../../src/index.ts";

const card = (name: string, ...mails: readonly string[]) => [
  "vcard",
  [
    ["version", {}, "text", "4.0"],
    ["fn", {}, "text", name],
    ...mails.map((mail) => ["email", { type: "work" }, "text", mail]),
  ],
];

/** After the examples of RFC 9083, sections 5.1 and 5.3: an abuse contact nested under the registrar. */
const DOMAIN = {
  objectClassName: "domain",
  ldhName: "pictures-site.com",
  entities: [
    {
      objectClassName: "entity",
      roles: ["registrar"],
      vcardArray: card("Example Registrar"),
      entities: [{ objectClassName: "entity", roles: ["abuse"], vcardArray: card("Abuse", "abuse@registrar-one.com") }],
    },
    { objectClassName: "entity", roles: ["registrant"], vcardArray: card("Somebody", "person@mail-service.net") },
  ],
};
const NETWORK = {
  objectClassName: "ip network",
  name: "HETZNER-DC",
  entities: [
    { roles: ["administrative"], vcardArray: card("Admin", "admin@host-one.net") },
    { roles: ["abuse"], vcardArray: card("Abuse", "mailto:abuse@host-one.net") },
    { roles: ["technical"], vcardArray: card("NOC", "noc@host-one.net") },
  ],
};

test("an abuse contact is found wherever it stands, and nobody's own address is given", () => {
  const domain = readRdap(DOMAIN, "registrar");
  assert.deepEqual(domain, {
    contacts: [
      {
        purpose: "abuse",
        kind: "mail",
        to: "abuse@registrar-one.com",
        of: "registrar",
        foundIn: "rdap",
        confidence: "high",
      },
    ],
    registrar: "Example Registrar",
  });
  const network = readRdap(NETWORK, "network");
  assert.equal(network.networkName, "HETZNER-DC");
  assert.deepEqual(
    network.contacts.map(({ to, purpose, confidence }) => [to, purpose, confidence]),
    [
      ["abuse@host-one.net", "abuse", "high"],
      ["noc@host-one.net", "general", "low"],
    ],
  );
});

test("an answer that lies, loops or is no answer does no harm", async () => {
  for (const answer of [
    null,
    undefined,
    7,
    "x",
    [],
    {},
    { entities: "x" },
    { entities: [null, 1, { roles: 1, vcardArray: [[[[]]]] }] },
    { entities: [{ roles: ["abuse"], vcardArray: card("x", "not a mail", "a@b", "x@y.z\r\nBcc: q@r.s") }] },
  ]) {
    assert.deepEqual(readRdap(answer, "network").contacts, []);
  }
  const loop: { entities: unknown[]; roles: string[] } = { entities: [], roles: ["abuse"] };
  loop.entities.push(loop, loop, loop);
  assert.deepEqual(readRdap(loop, "network").contacts, []);
  const asked: string[] = [];
  const found = await askRdap("https://rdap.one.net/domain/x", "registrar", (url) => {
    asked.push(url);
    return Promise.resolve({
      ...DOMAIN,
      links: [
        { rel: "related", href: url, type: "application/rdap+json" },
        { rel: "related", href: `${url}/x`, type: "application/rdap+json" },
        { rel: "related", href: "http://plain.net/" },
        { rel: "self", href: "https://other.net/" },
      ],
    });
  });
  assert.deepEqual(asked, [
    "https://rdap.one.net/domain/x",
    "https://rdap.one.net/domain/x/x",
    "https://rdap.one.net/domain/x/x/x",
  ]);
  assert.equal(found.contacts.length, 1);
  const failed = await askRdap("https://rdap.one.net/domain/x", "registrar", (url) =>
    url.endsWith("/d")
      ? Promise.reject(new Error("down"))
      : Promise.resolve({ ...DOMAIN, links: [{ rel: "related", href: "https://rdap.two.net/d" }] }),
  );
  assert.equal(failed.contacts.length, 1);
});

test("the registry to ask is that of the longest ending", () => {
  const bootstrap = {
    services: [
      [["com", "net"], ["https://rdap.com-registry.net/com/v1/"]],
      [["uk"], ["http://plain.net/", "https://rdap.uk-registry.net"]],
      [["co.uk"], ["https://rdap.co-uk.net/"]],
    ],
  };
  assert.equal(
    rdapUrlForDomain(bootstrap, "Pictures-Site.com"),
    "https://rdap.com-registry.net/com/v1/domain/pictures-site.com",
  );
  assert.equal(rdapUrlForDomain(bootstrap, "a.uk"), "https://rdap.uk-registry.net/domain/a.uk");
  assert.equal(rdapUrlForDomain(bootstrap, "a.co.uk"), "https://rdap.co-uk.net/domain/a.co.uk");
  assert.equal(rdapUrlForDomain(bootstrap, "a.org"), undefined);
  assert.equal(rdapUrlForDomain("nonsense", "a.org"), undefined);
});

/** After the examples of RFC 9224, section 5. */
test("the registry of an address or network is found by the longest prefix and the narrowest range", () => {
  const ipv4 = {
    services: [
      [["198.51.100.0/24", "192.0.0.0/8"], ["https://rir1.net/myrdap/"]],
      [["203.0.113.0/24", "192.0.2.0/24"], ["https://example.org/"]],
      [["203.0.113.0/28"], ["http://insecure.net/", "https://example.net/rdaprir2"]],
      [["1.0.0.0/99", "x/8", 7, null, "9.0.0.0"], ["https://wrong.net/"]],
    ],
  };
  for (const [address, url] of [
    ["192.0.2.1", "https://example.org/ip/192.0.2.1"],
    ["192.0.3.1", "https://rir1.net/myrdap/ip/192.0.3.1"],
    ["203.0.113.1", "https://example.net/rdaprir2/ip/203.0.113.1"],
    ["203.0.113.200", "https://example.org/ip/203.0.113.200"],
    ["1.0.0.0", undefined],
    ["9.0.0.0", undefined],
    ["8.8.8.8", undefined],
    ["192.0.2", undefined],
    ["192.0.2.256", undefined],
    ["2001:db8::1", undefined],
  ] as const)
    assert.equal(rdapUrlForIp(ipv4, address), url, address);
  const ipv6 = {
    services: [
      [["2001:db8::/34"], ["https://rir2.net/myrdap/"]],
      [["2001:db8:4000::/36", "2001:db8:ffff::/48"], ["https://example.org/"]],
      [["2001:db8:1000::/36"], ["https://example.net/rdaprir2/"]],
    ],
  };
  for (const [address, url] of [
    ["2001:db8:1000::1", "https://example.net/rdaprir2/ip/2001:db8:1000::1"],
    ["2001:db8::1", "https://rir2.net/myrdap/ip/2001:db8::1"],
    ["2001:0db8:ffff:0:0:0:0:1", "https://example.org/ip/2001:0db8:ffff:0:0:0:0:1"],
    ["::1", undefined],
    ["2001:db8:::1", undefined],
    ["1:2:3", undefined],
    ["2001:db8::1::2", undefined],
  ] as const)
    assert.equal(rdapUrlForIp(ipv6, address), url, address);
  const asn = {
    services: [
      [["64496-64496"], ["https://rir3.net/myrdap/"]],
      [["64497-64510", "65536-65551"], ["https://example.org/"]],
      [["64512-65534", "64500"], ["https://example.net/rdaprir2/"]],
    ],
  };
  for (const [number, url] of [
    ["AS64496", "https://rir3.net/myrdap/autnum/64496"],
    ["64500", "https://example.net/rdaprir2/autnum/64500"],
    ["64501", "https://example.org/autnum/64501"],
    ["65535", undefined],
    ["AS", undefined],
    ["1.5", undefined],
  ] as const)
    assert.equal(rdapUrlForAsn(asn, number), url, number);
  for (const nonsense of [undefined, null, 1, [], { services: 1 }, { services: [[[1], ["https://x.net/"]]] }]) {
    assert.equal(rdapUrlForIp(nonsense, "1.2.3.4"), undefined);
    assert.equal(rdapUrlForAsn(nonsense, "1"), undefined);
  }
});

test("networks are known by the names that registries give them", () => {
  assert.deepEqual(knownNetwork("CLOUDFLARENET"), { name: "Cloudflare", role: "cdn" });
  assert.deepEqual(knownNetwork("HETZNER-DC"), { name: "Hetzner", role: "host" });
  assert.equal(knownNetwork("SOME-LOCAL-NET"), undefined);
});

test("security.txt in its own order, and never sure", () => {
  const text =
    "# x\r\nContact: mailto:security@pictures-site.com?subject=x\r\nContact: https://pictures-site.com/vdp\r\nContact: tel:+1-555-0100\r\nContact: javascript:alert(1)\r\nExpires: 2020-01-01T00:00:00Z\r\n";
  assert.deepEqual(
    contactsOfSecurityTxt(text).map(({ kind, to, confidence }) => [kind, to, confidence]),
    [
      ["mail", "security@pictures-site.com", "low"],
      ["form", "https://pictures-site.com/vdp", "low"],
      ["phone", "+1-555-0100", "low"],
    ],
  );
});

const archive = (encoding: string, body: string, charset = "utf-8"): Uint8Array =>
  Buffer.from(
    [
      "From: <Saved by a browser>",
      "Snapshot-Content-Location: https://www.pictures-site.com/watch/1",
      'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----x----"',
      "",
      "------x----",
      "Content-Type: image/jpeg",
      "Content-Transfer-Encoding: base64",
      "",
      "AAAA",
      "------x----",
      `Content-Type: text/html; charset=${charset}`,
      `Content-Transfer-Encoding: ${encoding}`,
      "Content-Location: https://www.pictures-site.com/watch/2",
      "",
      body,
      "------x------",
      "",
    ].join("\r\n"),
    "latin1",
  );

test("a saved page is read as it was, however it was saved", () => {
  const html = '<a href="/melden">Rechtswidrige Inhalte melden: größer</a>';
  const utf8 = Buffer.from(html);
  const quoted = utf8
    .toString("latin1")
    .replaceAll(/[=\u0080-\u00ff]/gu, (mark) => `=${mark.codePointAt(0)?.toString(16).toUpperCase() ?? ""}`)
    .replaceAll("melden", "mel=\r\nden");
  const expected = { html, url: "https://www.pictures-site.com/watch/2" };
  const saved = readSavedPage(archive("quoted-printable", quoted));
  assert.deepEqual({ ...saved, html: saved?.html.trim() }, expected);
  assert.equal(readSavedPage(archive("base64", utf8.toString("base64")))?.html.trim(), html);
  assert.equal(
    readSavedPage(archive("8bit", Buffer.from(html, "latin1").toString("latin1"), "iso-8859-1"))?.html.trim(),
    html,
  );
  assert.deepEqual(
    readSavedPage(
      Buffer.from(`<!DOCTYPE html>\n<!-- saved from url=(0032)https://www.pictures-site.com/a -->\n${html}`),
    )?.url,
    "https://www.pictures-site.com/a",
  );
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from("hello"),
    Buffer.from("%PDF-1.7"),
    archive("base64", "***").subarray(0, 200),
  ]) {
    assert.equal(readSavedPage(bytes), undefined);
  }
  const whole = archive("quoted-printable", quoted);
  for (let end = 0; end < whole.length; end += 1) readSavedPage(whole.subarray(0, end));
});
