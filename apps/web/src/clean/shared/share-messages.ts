/** What the page and the worker that takes shared files say to each other. */

/** `take` comes with a port, on which a HandedOver answers; `forget` is not answered. */
export type ShareWorkerTask = "take" | "forget";

export interface HandedOver {
  /** Bodies as they were posted; null where the browser could not read one. */
  readonly bodies: readonly { readonly body: Blob | null; readonly type: string }[];
  /** How many more came than wait at once. They were not kept. */
  readonly refused: number;
}
