/**
 * The page's hold of the worker that takes shared files, where a person has turned it on. Part of every screen, because
 * leaving has to empty what waits in it.
 */
import type { ShareWorkerTask } from "../clean/shared/share-messages.ts";

/** Where phones share files to: the scope of the worker, and of nothing else. As in the manifest and on the server. */
export const SHARE_ADDRESS = "/clean/shared";

let known: ServiceWorkerRegistration | undefined;

/** Undefined where there is none, and where the browser has no such workers or keeps them from this page. */
export const findShareWorker = async (): Promise<ServiceWorkerRegistration | undefined> => {
  if (!("serviceWorker" in navigator)) return undefined;
  known = await navigator.serviceWorker.getRegistration(SHARE_ADDRESS).catch(() => undefined);
  return known;
};

/** Empties what waits. At once, for a page that is being left: it asks nobody, so `findShareWorker` was called before. */
export const forgetShared = (): void => {
  known?.active?.postMessage("forget" satisfies ShareWorkerTask);
};

/** Takes the worker away with what waits in it. False if there was none. */
export const removeShareWorker = async (): Promise<boolean> => {
  const registration = await findShareWorker();
  if (registration === undefined) return false;
  forgetShared();
  known = undefined;
  return registration.unregister();
};
