/**
 * `recourse bank add | list | remove`: a platform's own bank. With a server's address it goes over HTTP; without,
 * straight to the database of this machine, whether a server runs on it or not.
 */
import { openLocalBank } from "@recourse/bank/embedded";
import { bankSignals, videoSignals } from "@recourse/fingerprint";
import { isErrorCode, ITEM_LIMITS, type Media, type OwnItem, type OwnItems, type Signal } from "@recourse/protocol";
import { askServer, type ServerAddress } from "../ask-server.ts";
import { cancellable } from "../cancel.ts";
import { CommandFailure, type ExitStatus } from "../failure.ts";
import { findFiles } from "../find-files.ts";
import { readMedia } from "../read-media.ts";
import { reportUnread } from "../report-unread.ts";

interface OwnBank {
  add(signals: readonly Signal[]): Promise<OwnItem>;
  list(): AsyncIterable<OwnItem>;
  /** Items that hold a signal of this value. */
  find(value: string): Promise<readonly OwnItem[]>;
  remove(itemId: string): Promise<void>;
  close(): Promise<void>;
}

const ITEMS_PATH = "/api/gate/bank/items";

// The answers have the schema's shape: it is our own server that was asked.
async function* listRemote(server: ServerAddress): AsyncGenerator<OwnItem> {
  let after: string | undefined;
  do {
    const path = after === undefined ? ITEMS_PATH : `${ITEMS_PATH}?after=${encodeURIComponent(after)}`;
    const page = (await askServer(server, path)) as OwnItems;
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

const remoteBank = (server: ServerAddress): OwnBank => ({
  add: async (signals) => (await askServer(server, ITEMS_PATH, { json: { signals } })) as OwnItem,
  list: () => listRemote(server),
  // No hash is put into an address, where it would reach logs: the list is asked for and searched here.
  async find(value) {
    const found: OwnItem[] = [];
    for await (const item of listRemote(server)) {
      if (item.signals.some((signal) => signal.value === value)) found.push(item);
    }
    return found;
  },
  async remove(item) {
    await askServer(server, `${ITEMS_PATH}/remove`, { json: { item } });
  },
  async close() {},
});

const localBank = async (dataDir: string | undefined): Promise<OwnBank> => {
  const local = await openLocalBank({ env: process.env, ...(dataDir === undefined ? {} : { dataDir }) });
  return {
    add: (signals) => local.bank.addOwnItem(signals),
    async *list() {
      let after: number | undefined;
      do {
        const page = await local.bank.listOwnItems(after === undefined ? {} : { after });
        yield* page.items;
        after = page.next;
      } while (after !== undefined);
    },
    find: (value) => local.bank.findOwnItems(value),
    remove: (item) => local.bank.removeOwnItem(item),
    close: () => local.close(),
  };
};

export interface BankOptions {
  readonly server?: ServerAddress;
  readonly dataDir?: string;
  readonly json: boolean;
}

const withBank = async (options: BankOptions, work: (bank: OwnBank) => Promise<void>): Promise<ExitStatus> => {
  try {
    const bank = options.server === undefined ? await localBank(options.dataDir) : remoteBank(options.server);
    try {
      await work(bank);
    } finally {
      await bank.close();
    }
  } catch (error) {
    // The same status whichever way it went.
    const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
    throw !(error instanceof CommandFailure) && isErrorCode(code) ? new CommandFailure(code, 3) : error;
  }
  return 0;
};

const print = (options: BankOptions, item: OwnItem): void => {
  if (options.json) console.log(JSON.stringify(item));
  else for (const signal of item.signals) console.log(`${item.item}  ${signal.type}  ${signal.value}  ${item.addedAt}`);
};

/** 64 hex digits are a PDQ, 32 an MD5. Throws `signal_invalid`. */
const signalOf = (hash: string): Signal => {
  if (!/^([0-9a-f]{64}|[0-9a-f]{32})$/i.test(hash)) throw new CommandFailure("signal_invalid", 2);
  return { type: hash.length === 64 ? "pdq" : "md5", value: hash.toLowerCase() };
};

/** As many local hashes as an item takes: they come in the order of their worth, each followed by its twin. */
const withinLimits = (signals: readonly Signal[], media: Media): Signal[] => {
  let left: number = ITEM_LIMITS[media]["pdq-local"];
  return signals.filter(({ type }) => type !== "pdq-local" || left-- > 0);
};

export interface AddOptions extends BankOptions {
  /** Local hashes of files too. */
  readonly stronger: boolean;
}

/** One item per hash and per file. A file that can't be read is reported, and the rest added. */
export const runBankAdd = async (
  wanted: { readonly files: readonly string[]; readonly hashes: readonly string[] },
  options: AddOptions,
): Promise<ExitStatus> => {
  const signals = wanted.hashes.map(signalOf);
  let unread = 0;
  const status = await withBank(options, async (bank) => {
    for (const signal of signals) print(options, await bank.add([signal]));
    if (wanted.files.length === 0) return;
    await cancellable(async (signal) => {
      const reading = { purpose: "bank", stronger: options.stronger, signal, plainOutput: options.json } as const;
      await readMedia(await findFiles(wanted.files), reading, async (file, outcome) => {
        if (!outcome.ok) {
          unread += 1;
          reportUnread(file, outcome.code, options.json);
          return;
        }
        const { media, fingerprint } = outcome;
        const made = media === "image" ? bankSignals(fingerprint) : videoSignals(fingerprint);
        const item = await bank.add(withinLimits(made, media));
        if (options.json) console.log(JSON.stringify({ file, ...item }));
        else console.log(`${item.item}  ${file}  ${item.signals.length} signals  ${item.addedAt}`);
      });
      return 0;
    });
  });
  return unread === 0 ? status : 3;
};

export const runBankList = (options: BankOptions): Promise<ExitStatus> =>
  withBank(options, async (bank) => {
    for await (const item of bank.list()) print(options, item);
  });

/** Removes one item, or every item that holds one of the hashes. Throws `item_unknown` when there is none. */
export const runBankRemove = async (
  wanted: { readonly items: readonly string[]; readonly hashes: readonly string[] },
  options: BankOptions,
): Promise<ExitStatus> => {
  const signals = wanted.hashes.map(signalOf);
  return withBank(options, async (bank) => {
    const items = new Set(wanted.items);
    for (const signal of signals) for (const item of await bank.find(signal.value)) items.add(item.item);
    if (items.size === 0) throw new CommandFailure("item_unknown", 3);
    for (const item of items) {
      await bank.remove(item);
      console.log(options.json ? JSON.stringify({ item }) : `removed ${item}`);
    }
  });
};
