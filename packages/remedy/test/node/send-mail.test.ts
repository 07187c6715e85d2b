import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { composeNotice, findRegime } from "../../src/index.ts";
import { type MailOptions, type MailOutcome, readMailServer, sendNotice } from "../../src/node/index.ts";
import { FULL, NOW_MS } from "../cases.ts";

const regime = findRegime("eu-dsa-16");
assert.ok(regime !== undefined);
const composed = composeNotice(FULL, {
  regime,
  recipient: "Example Inc.",
  urls: ["https://x.com/1"],
  language: "es",
  nowMs: NOW_MS,
});
assert.ok(composed.ok);
const NOTICE = composed.notice;
const ADDRESSES = { from: "person@example.org", to: "abuse@example.com", nowMs: NOW_MS };

interface Received {
  readonly text: string;
  readonly isSecure: boolean;
  readonly greetedAs: string | false;
}

const refusal = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code });

/** Calls `run` with a real mail server of this machine, and answers what that server got. */
const withServer = async (
  options: SMTPServerOptions,
  run: (port: number, server: SMTPServer) => Promise<void>,
): Promise<readonly Received[]> => {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push({
          text: Buffer.concat(chunks).toString("utf8"),
          isSecure: session.secure,
          greetedAs: session.hostNameAppearsAs ?? false,
        });
        done(null);
      });
    },
    ...options,
  });
  // A client that goes away in the middle is what some of these tests are about.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", () => resolve()));
  try {
    await run((server.server.address() as AddressInfo).port, server);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  return received;
};

const send = (address: string, more: Partial<MailOptions> = {}): Promise<MailOutcome> => {
  const server = readMailServer(address);
  assert.ok(server !== undefined);
  return sendNotice(NOTICE, server, { ...ADDRESSES, ...more });
};

const failed = (code: string, isTemporary = false) => ({ ok: false, code, isTemporary });

test("a notice arrives to the letter, over TLS where the server has it, and says nothing of this machine", async () => {
  const received = await withServer({}, async (port) => {
    assert.deepEqual(await send(`smtp://localhost:${port}`), { ok: true });
  });
  assert.equal(received.length, 1);
  const [{ text, isSecure, greetedAs }] = received as readonly [Received];
  assert.equal(isSecure, true);
  assert.equal(greetedAs, "localhost");
  const [head = "", body = ""] = text.split("\r\n\r\n");
  assert.equal(Buffer.from(body, "base64").toString("utf8").replaceAll("\r\n", "\n"), NOTICE.body);
  assert.match(head, /^From: person@example\.org$/mu);
  assert.match(head, /^To: abuse@example\.com$/mu);
  assert.match(head, /^Date: Fri, 27 Nov 2026 12:00:00 \+0000$/mu);
  assert.match(head, /^Message-ID: <[0-9a-f-]{36}@example\.org>$/mu);
  assert.doesNotMatch(head, /X-Unsent|X-Mailer|nodemailer/iu);
});

test("TLS from the first byte, and a login", async () => {
  const seen: unknown[] = [];
  const options: SMTPServerOptions = {
    secure: true,
    authOptional: false,
    onAuth({ username, password }, _session, done) {
      seen.push([username, password]);
      if (password === "right word@") done(null, { user: username });
      else done(refusal(535, "no"));
    },
  };
  const received = await withServer(options, async (port) => {
    assert.deepEqual(await send(`smtps://me:right%20word%40@localhost:${port}`), { ok: true });
    assert.deepEqual(await send(`smtps://me:wrong@localhost:${port}`), failed("mail_login_refused"));
  });
  assert.equal(received.length, 1);
  assert.deepEqual(seen, [
    ["me", "right word@"],
    ["me", "wrong"],
  ]);
});

test("a server that refuses says at which stage, and whether for now only; nothing is sent", async () => {
  for (const [code, isTemporary] of [
    [550, false],
    [451, true],
  ] as const) {
    const no = refusal(code, "not you");
    const stages: readonly (readonly [string, SMTPServerOptions])[] = [
      ["mail_unreachable", { onConnect: (_session, done) => done(no) }],
      ["mail_sender_refused", { onMailFrom: (_address, _session, done) => done(no) }],
      ["mail_recipient_refused", { onRcptTo: (_address, _session, done) => done(no) }],
      [
        "mail_refused",
        {
          onData(stream, _session, done) {
            stream.resume();
            stream.on("end", () => done(no));
          },
        },
      ],
    ];
    for (const [expected, options] of stages) {
      const received = await withServer(options, async (port) => {
        assert.deepEqual(await send(`smtp://127.0.0.1:${port}`), failed(expected, isTemporary));
      });
      assert.deepEqual(received, []);
    }
  }
  await withServer({ size: 100 }, async (port) => {
    assert.deepEqual(await send(`smtp://127.0.0.1:${port}`), failed("mail_refused"));
  });
});

test(
  "a server elsewhere gets nothing without TLS, and nothing if it can't prove who it is",
  { skip: process.platform === "win32" },
  async () => {
    // 0.0.0.0 leads to this machine without being one of the names that count as it.
    for (const options of [{ disabledCommands: ["STARTTLS"] }, {}, { secure: true }] satisfies SMTPServerOptions[]) {
      const scheme = "secure" in options ? "smtps" : "smtp";
      const received = await withServer(
        { ...options, onAuth: () => assert.fail("no password goes out") },
        async (port) => {
          const outcome = await send(`${scheme}://me:word@0.0.0.0:${port}`);
          assert.deepEqual(outcome, failed("mail_tls_failed"));
        },
      );
      assert.deepEqual(received, []);
    }
  },
);

/** Something that listens and is no mail server. */
const withSocket = async (answer: (socket: Socket) => void, run: (port: number) => Promise<void>): Promise<void> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await run((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
};

test("silence, drops by drops, endless answers and a closed door all end", async () => {
  await withSocket(
    () => {},
    async (port) => {
      assert.deepEqual(await send(`smtp://127.0.0.1:${port}`, { timeoutMs: 300 }), failed("mail_timeout"));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      assert.deepEqual(await send(`smtp://127.0.0.1:${port}`, { signal: stop.signal }), failed("mail_timeout"));
    },
  );
  await withSocket(
    (socket) => {
      const timer = setInterval(() => socket.write("220-x\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    },
    async (port) => {
      assert.deepEqual(await send(`smtp://127.0.0.1:${port}`, { timeoutMs: 400 }), failed("mail_timeout"));
    },
  );
  await withSocket(
    (socket) => socket.write("x".repeat(300_000)),
    async (port) => {
      assert.deepEqual(await send(`smtp://127.0.0.1:${port}`), failed("mail_unreachable"));
    },
  );
  await withSocket(
    (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    async (port) => {
      assert.deepEqual(await send(`smtp://127.0.0.1:${port}`), failed("mail_unreachable"));
    },
  );
  let closed = 0;
  await withSocket(
    () => {},
    async (port) => {
      closed = port;
    },
  );
  assert.deepEqual(await send(`smtp://127.0.0.1:${closed}`), failed("mail_unreachable"));
});

test("when the line breaks after the last byte, it is not known, and said so", async () => {
  await withServer(
    {
      onData(stream, session) {
        stream.resume();
        stream.on("end", () => {
          for (const connection of server?.connections ?? []) if (connection.session === session) connection.close();
        });
      },
    },
    async (port, running) => {
      server = running;
      assert.deepEqual(await send(`smtp://127.0.0.1:${port}`), failed("mail_unsure"));
    },
  );
});
let server: SMTPServer | undefined;

test("addresses of mail servers", () => {
  assert.deepEqual(readMailServer("smtp://mail.example.org"), {
    host: "mail.example.org",
    port: 587,
    isTlsFromStart: false,
  });
  assert.deepEqual(readMailServer("smtps://a%40b.org:p%3Aw@mail.example.org/"), {
    host: "mail.example.org",
    port: 465,
    isTlsFromStart: true,
    user: "a@b.org",
    password: "p:w",
  });
  assert.equal(readMailServer("smtp://[::1]:2525")?.host, "::1");
  for (const wrong of [
    "",
    "mail.example.org",
    "http://mail.example.org",
    "smtp://",
    "smtp://user@host",
    "smtp://u:p@host/x",
    "smtp://host?tls=no",
    "smtp://%ff:x@host",
  ])
    assert.equal(readMailServer(wrong), undefined, wrong);
});

test("no line gets into a message's head by an address", async () => {
  const to = { ...ADDRESSES, to: "a@b.c\r\nBcc: x@y.z" };
  const own = readMailServer("smtp://localhost:1");
  assert.ok(own !== undefined);
  assert.throws(() => sendNotice(NOTICE, own, to), TypeError);
});
