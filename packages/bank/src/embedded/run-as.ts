/**
 * PostgreSQL refuses to run as root. When the server itself runs as root (containers, test machines), its database
 * runs as a user without rights: `postgres` if the machine has one, else `nobody`. No user is created.
 *
 * That user may not be able to enter the folder of the programs or of the data (a folder below /root, say). Then
 * `setpriv`, which Linux systems have, starts PostgreSQL as that user but with the one capability to pass folders.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chown, stat } from "node:fs/promises";
import { BankError } from "../errors.ts";

export interface RunAs {
  /** Undefined: as the user we are. */
  readonly uid?: number;
  readonly gid?: number;
  /** Words before the program's own, when it has to be started through another program. */
  readonly prefix: readonly string[];
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

const readUsers = (): ReadonlyMap<string, User> => {
  const users = new Map<string, User>();
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name !== undefined && uid !== undefined && gid !== undefined) {
      users.set(name, { uid: Number(uid), gid: Number(gid) });
    }
  }
  return users;
};

const starts = (command: readonly string[], options: { readonly uid?: number; readonly gid?: number }): boolean => {
  const [program, ...words] = command;
  return program !== undefined && spawnSync(program, words, { ...options, stdio: "ignore", cwd: "/" }).status === 0;
};

const isReachable = (folder: string, user: User): boolean => starts(["/bin/sh", "-c", 'cd "$0"', folder], user);

/**
 * How to start the program `postgres` so that it can use `folder`, which exists and then belongs to its user.
 * Throws `data_not_accessible`.
 */
export const chooseRunAs = async (postgres: string, folder: string): Promise<RunAs> => {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = await stat(folder);
  const users = readUsers();
  const user = owner.uid === 0 ? (users.get("postgres") ?? users.get("nobody")) : { uid: owner.uid, gid: owner.gid };
  if (user === undefined) throw new BankError("data_not_accessible");
  await chown(folder, user.uid, user.gid);
  if (starts([postgres, "--version"], user) && isReachable(folder, user)) return { ...user, prefix: [] };
  const prefix = [
    "setpriv",
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
    "--bounding-set=-all,+dac_read_search",
  ];
  if (starts([...prefix, postgres, "--version"], {})) return { prefix };
  throw new BankError("data_not_accessible");
};
