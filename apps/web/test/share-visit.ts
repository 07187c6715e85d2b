/** Sharing to the page as a phone does it: a form that the browser itself posts to the share address. */
import { createServer, request as ask, type IncomingMessage } from "node:http";
import type { CDPSession, Page } from "playwright-core";

export type SharedFile = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** A server in front of the real one, which counts what reaches it and can change what it hands on. */
export interface Front {
  readonly url: string;
  /** Method and path of each request that a browser sent over the network. */
  readonly asked: readonly string[];
  /** While true, `/clean` is an empty page: whoever is led there takes nothing. */
  setEmpty(isEmpty: boolean): void;
  /** Put behind the worker's script: another version of it. */
  setWorkerEnd(text: string): void;
  close(): Promise<void>;
}

const SHEET = `<!doctype html><title>Share</title><form method="post" enctype="multipart/form-data" action="/clean/shared">
<label>Files <input type="file" name="files" multiple></label><input type="hidden" name="title" value="From a gallery">
<input type="hidden" name="text" value="--boundary"><button>Share</button></form>`;

export const startFront = async (target: string): Promise<Front> => {
  const asked: string[] = [];
  let isEmpty = false;
  let workerEnd = "";
  const server = createServer((request: IncomingMessage, response) => {
    const { method = "", url = "", headers } = request;
    asked.push(`${method} ${url}`);
    // The form stands on a page without a policy: share sheets are no part of any page either.
    const own =
      url === "/sheet" ? SHEET : url === "/clean" && isEmpty ? "<!doctype html><title>Empty</title>" : undefined;
    if (own !== undefined) {
      response.writeHead(200, { "content-type": "text/html" }).end(own);
      return;
    }
    const isWorker = url === "/clean/worker.js";
    const passed = isWorker ? { ...headers, "accept-encoding": "identity", "if-none-match": "" } : headers;
    const onward = ask(new URL(url, target), { method, headers: passed }, (answer) => {
      const { "content-length": _length, ...others } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, isWorker ? others : answer.headers);
      answer.pipe(response, { end: !isWorker });
      if (isWorker) answer.on("end", () => response.end(workerEnd));
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as { port: number }; // it listens on a port
  return {
    url: `http://localhost:${port}`,
    asked,
    setEmpty: (value) => {
      isEmpty = value;
    },
    setWorkerEnd: (text) => {
      workerEnd = text;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

/** From the sheet to wherever the browser is led. `files` may be the path of one. */
export const shareTo = async (page: Page, origin: string, files: readonly SharedFile[] | string): Promise<void> => {
  await page.goto(`${origin}/sheet`);
  await page.getByLabel("Files").setInputFiles(typeof files === "string" ? files : [...files]);
  // Ends when the page that the form led to is there.
  await Promise.all([
    page.waitForURL((url) => url.pathname !== "/sheet"),
    page.getByRole("button", { name: "Share" }).click(),
  ]);
};

/** From the explanation on `/clean` to a worker that is there. */
export const turnOn = async (page: Page, origin: string): Promise<void> => {
  await page.goto(`${origin}/clean`);
  await page.getByRole("button", { name: "I understand, begin" }).click();
  await page.getByRole("button", { name: "Share from other apps to this page" }).click();
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByText("It is on. One thing is left").waitFor();
};

/** Everything that this origin left in the browser. */
export const leftBehind = (page: Page): Promise<Readonly<Record<string, unknown>>> =>
  page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname),
    caches: await caches.keys(),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    local: localStorage.length + sessionStorage.length,
    cookies: document.cookie,
    manifests: document.querySelectorAll("link[rel=manifest]").length,
  }));

export const NOTHING = { workers: [], caches: [], databases: [], local: 0, cookies: "", manifests: 0 };
export const TURNED_ON = { ...NOTHING, workers: ["/clean/shared"], manifests: 1 };

/** As the browser does it when a device is short of memory; resolves when the worker has ended. */
export const endWorker = async (page: Page): Promise<void> => {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  const ended = new Promise<void>((resolve) => {
    devtools.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
      // Workers that were taken away before are told of as well.
      const isOver = versions.some((each) => each.status === "activated" && each.runningStatus === "stopped");
      if (isOver) resolve();
    });
  });
  await devtools.send("ServiceWorker.enable");
  await devtools.send("ServiceWorker.stopAllWorkers");
  await ended;
};
