/** Whether phones can share files to this page: off until a person turns it on, and off again whenever they want. */
import { useEffect, useState } from "react";
import { findShareWorker, removeShareWorker, SHARE_ADDRESS } from "../../exit/share-worker.ts";

/** `impossible`: this browser takes no shared files, so nothing is offered. */
export type ShareTargetState = "looking" | "impossible" | "off" | "on";

export interface ShareTargetHold {
  readonly state: ShareTargetState;
  readonly isBusy: boolean;
  readonly hasFailed: boolean;
  /** This is the installed app, and the browser has dropped its worker: sharing would send files. */
  readonly isDropped: boolean;
  /** Asks the browser to put the app on the device; undefined where only its menu can. */
  readonly install: (() => void) | undefined;
  turnOn(): Promise<void>;
  turnOff(): Promise<void>;
}

/** Chromium's, and not in the type library. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

const WORKER = "/clean/worker.js";
const MANIFEST = "/clean/app.webmanifest";

const showManifest = (isShown: boolean): void => {
  const link = document.head.querySelector('link[rel="manifest"]');
  if (!isShown) link?.remove();
  else if (link === null) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: MANIFEST }));
  }
};

/** Until then what is shared would go to the server. Rejects if the worker could not be started. */
const untilActive = (registration: ServiceWorkerRegistration): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    const look = (): void => {
      if (worker?.state === "activated") resolve();
      else if (worker === null || worker.state === "redundant") reject(new Error("the worker did not start"));
    };
    worker?.addEventListener("statechange", look);
    look();
  });

/** Only browsers that can put a page among the apps share files to one. */
const isPossible = (): boolean => "serviceWorker" in navigator && "onbeforeinstallprompt" in window;

const isInstalledApp = (): boolean => window.matchMedia("(display-mode: standalone)").matches;

export const useShareTarget = (): ShareTargetHold => {
  const [state, setState] = useState<ShareTargetState>("looking");
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [prompt, setPrompt] = useState<InstallPromptEvent>();

  useEffect(() => {
    let isHere = true;
    void findShareWorker().then((found) => {
      if (!isHere) return;
      // What was turned on can be turned off, whatever this browser says of itself.
      setState(found !== undefined ? "on" : isPossible() ? "off" : "impossible");
    });
    return () => {
      isHere = false;
    };
  }, []);

  useEffect(() => showManifest(state === "on"), [state]);

  useEffect(() => {
    const keep = (event: Event): void => {
      event.preventDefault();
      setPrompt(event as InstallPromptEvent); // the event of that name is no other
    };
    const drop = (): void => setPrompt(undefined);
    window.addEventListener("beforeinstallprompt", keep);
    window.addEventListener("appinstalled", drop);
    return () => {
      window.removeEventListener("beforeinstallprompt", keep);
      window.removeEventListener("appinstalled", drop);
    };
  }, []);

  const run = async (work: () => Promise<unknown>, next: ShareTargetState): Promise<void> => {
    setBusy(true);
    setFailed(false);
    try {
      await work();
      setState(next);
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };

  return {
    state,
    isBusy,
    hasFailed,
    isDropped: state === "off" && isInstalledApp(),
    install:
      state === "on" && prompt !== undefined
        ? () => {
            // A browser asks once for each such event.
            setPrompt(undefined);
            void prompt.prompt();
          }
        : undefined,
    turnOn: () =>
      run(async () => {
        const registration = await navigator.serviceWorker.register(WORKER, {
          scope: SHARE_ADDRESS,
          updateViaCache: "none",
        });
        await untilActive(registration);
        await findShareWorker();
      }, "on"),
    turnOff: () => run(removeShareWorker, "off"),
  };
};
