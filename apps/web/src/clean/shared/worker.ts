/**
 * The worker that stands where phones share files to, in the browsers of those who turned it on. It answers a POST to
 * that one address, keeps what came in memory until the page takes it, and leads to the page. It answers nothing else,
 * asks for nothing, stores nothing: whatever it holds is gone when it ends.
 *
 * One script by itself, at an address without a hash, so it imports nothing but types.
 */
import type { HandedOver, ShareWorkerTask } from "./share-messages.ts";

declare const self: ServiceWorkerGlobalScope;

/** A slow phone opens the page within that; below the five minutes that browsers leave a worker for one event. */
const HOLD_MS = 120_000;
/** Shares that wait for one page to open; each is at most a handful of presses. */
const WAITING_LIMIT = 8;
const PAGE = "/clean#shared";

interface Waiting {
  readonly body: Blob | null;
  readonly type: string;
  readonly release: () => void;
}

let waiting: Waiting[] = [];
let refused = 0;

const forget = (): void => {
  for (const { release } of waiting) release();
  waiting = [];
  refused = 0;
};

/** Resolves when it was taken, forgotten or has waited too long; until then the browser keeps this worker. */
const hold = (body: Blob | null, type: string): Promise<void> =>
  new Promise((resolve) => {
    const entry: Waiting = {
      body,
      type,
      release: () => {
        clearTimeout(timer);
        resolve();
      },
    };
    const timer = setTimeout(() => {
      waiting = waiting.filter((each) => each !== entry);
      resolve();
    }, HOLD_MS);
    waiting.push(entry);
  });

const onlyHere = ({ method, url }: Request): boolean =>
  method === "POST" && new URL(url).pathname === new URL(self.registration.scope).pathname;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (!onlyHere(request)) return;
  const type = request.headers.get("content-type") ?? "";
  // Not as a form: that would bring every byte into memory. As a blob the browser keeps it, by reference where it can.
  const reading = request.blob().catch(() => null);
  event.waitUntil(
    reading.then((body) => {
      if (waiting.length < WAITING_LIMIT) return hold(body, type);
      refused += 1;
      return undefined;
    }),
  );
  // Whatever became of it: it never goes on to the network.
  event.respondWith(reading.then(() => Response.redirect(new URL(PAGE, self.location.origin), 303)));
});

self.addEventListener("message", (event) => {
  const task: unknown = event.data;
  if (task === ("forget" satisfies ShareWorkerTask)) forget();
  if (task === ("take" satisfies ShareWorkerTask)) {
    const answer: HandedOver = { bodies: waiting.map(({ body, type }) => ({ body, type })), refused };
    event.ports[0]?.postMessage(answer);
    forget();
  }
});
