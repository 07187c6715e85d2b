import assert from "node:assert/strict";
import { test } from "node:test";
import { readMail, toEml } from "../../src/index.ts";

const mail = (lines: readonly string[], encoding: BufferEncoding = "utf8"): Uint8Array =>
  new Uint8Array(Buffer.from(lines.join("\r\n"), encoding));

const HEAD = [
  "Received: from somewhere",
  "From: =?UTF-8?Q?Equipo_de_privacidad?= <privacy@example.com>",
  "Subject: =?utf-8?B?UmU6IG5vdGlmaWNhY2nDs24=?=",
  " =?utf-8?Q?_n=C3=BAmero?= 12",
  "Date: Fri, 27 Nov 2026 12:30:00 +0100",
];

test("a plain reply, in each way that mail is written", () => {
  const expected = {
    from: "Equipo de privacidad <privacy@example.com>",
    subject: "Re: notificación número 12",
    at: "2026-11-27T11:30:00.000Z",
    text: "Hemos retirado la página.",
    leftOut: 0,
  };
  const text = expected.text;
  const ways: readonly Uint8Array[] = [
    mail([...HEAD, "", text]),
    mail([
      ...HEAD,
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(text).toString("base64"),
    ]),
    mail(
      [...HEAD, 'Content-Type: text/plain; charset="iso-8859-1"', "Content-Transfer-Encoding: 8bit", "", text],
      "latin1",
    ),
    mail([
      ...HEAD,
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "Hemos retirado =",
      "la p=C3=A1gina.",
    ]),
    mail([
      ...HEAD,
      "Content-Type: text/html; charset=utf-8",
      "",
      `<html><head><title>x</title><style>p{}</style></head><p>Hemos <b>retirado</b> la p&aacute;gina.</p><script>alert(1)</script>`,
    ]),
  ];
  for (const bytes of ways) assert.deepEqual(readMail(bytes), expected);
});

test("of several parts the words are taken, and the rest is counted and left", () => {
  const bytes = mail([
    ...HEAD,
    'Content-Type: multipart/mixed; boundary="outer"',
    "",
    "--outer",
    "Content-Type: multipart/alternative; boundary=inner",
    "",
    "--inner",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Removed.",
    "--inner",
    "Content-Type: text/html; charset=utf-8",
    "",
    "<p>Removed.</p>",
    "--inner--",
    "--outer",
    "Content-Type: image/jpeg",
    "Content-Transfer-Encoding: base64",
    "",
    "/9j/AAAA",
    "--outer",
    "Content-Type: text/plain; name=list.txt",
    "Content-Disposition: attachment; filename=list.txt",
    "",
    "attached",
    "--outer--",
  ]);
  const read = readMail(bytes);
  assert.equal(read?.text, "Removed.");
  assert.equal(read.leftOut, 2);
});

test("our own message is read as it was written", () => {
  const body = "Línea uno\nقطعة\n第三行";
  const notice = {
    regime: "x",
    recipient: "x",
    language: "en",
    elements: [],
    complete: true,
    subject: "Notificación: изображение",
    body,
    warnings: [],
    urls: [],
  } as const;
  const read = readMail(mail([toEml(notice, { to: "a@b.org", from: "c@d.org" })]));
  assert.equal(read?.text, body);
  assert.equal(read.subject, notice.subject);
});

test("what is no message is none; every truncation and nesting without end stay bounded", () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from("hello"),
    Buffer.from("%PDF-1.7\n1 0 obj"),
    Buffer.alloc(10_485_761, "a"),
  ])
    assert.equal(readMail(new Uint8Array(bytes)), undefined);
  let nested = "deep";
  for (let depth = 0; depth < 60; depth += 1)
    nested = `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested}\r\n--b${depth}--\r\n`;
  assert.ok((readMail(mail([...HEAD, nested]))?.leftOut ?? 0) > 0);
  const many = mail([
    ...HEAD,
    "Content-Type: multipart/mixed; boundary=b",
    "",
    ..."x"
      .repeat(5000)
      .split("")
      .flatMap(() => ["--b", "Content-Type: text/plain", "", "y"]),
  ]);
  assert.ok(readMail(many) !== undefined);
  const whole = mail([
    ...HEAD,
    "Content-Type: text/plain",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from("abc").toString("base64"),
  ]);
  for (let end = 0; end < whole.length; end += 1) readMail(whole.subarray(0, end));
  const deep = mail([...HEAD, "Content-Type: text/html", "", "<div>".repeat(100_000)]);
  assert.ok(readMail(deep) !== undefined);
  // A date that no calendar has, and a charset nobody knows.
  const odd = readMail(
    mail(["From: x@y.z", "Date: 99 Foo 9999", "Content-Type: text/plain; charset=klingon-7", "", "ok"]),
  );
  assert.deepEqual(odd, { from: "x@y.z", text: "ok", leftOut: 0 });
});
