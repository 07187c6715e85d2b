/**
 * ClickHouse's own engine behind ClickHouse's own HTTP interface, as far as its official client speaks it here: npm's
 * chdb is the engine without its server, so this hands over what comes in, unchanged, and answers with what it says.
 * `node clickhouse-engine.ts CHDB_FOLDER DATA_FOLDER [CONFIG_FILE]`: prints its port; ends with its input.
 * Settings of a request are set before its statement, so one that the engine does not know is refused.
 */
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Session {
  query(sql: string, format?: string): string;
  queryAsync(sql: string, options?: { readonly format?: string }): Promise<{ bytes(): Uint8Array }>;
}
interface Chdb {
  readonly Session: new (path: string, options?: { readonly connectionArgs?: readonly string[] }) => Session;
}

const [chdbFolder = "", dataFolder = "", configFile] = process.argv.slice(2);
const { Session } = createRequire(join(chdbFolder, "package.json"))("chdb") as Chdb;
const session = new Session(join(dataFolder, "data"), {
  ...(configFile !== undefined && { connectionArgs: [`--config-file=${configFile}`] }),
});

/** What is the HTTP interface's own. */
const NOT_SETTINGS = new Set(["query", "query_id", "database", "wait_end_of_query", "session_id", "default_format"]);

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

const answer = async (url: URL, body: Buffer): Promise<Uint8Array> => {
  const database = url.searchParams.get("database");
  if (database !== null) session.query(`use ${database}`);
  for (const [name, value] of url.searchParams) {
    if (!NOT_SETTINGS.has(name)) session.query(`set ${name} = '${value}'`);
  }
  const query = url.searchParams.get("query");
  if (query === null) return (await session.queryAsync(body.toString())).bytes();
  // The engine has no way to take bytes beside a statement but a file.
  const file = join(dataFolder, "body");
  writeFileSync(file, body);
  const [insert, format] = query.split(/ format /iu);
  return (await session.queryAsync(`${insert} from infile '${file}' format ${format}`)).bytes();
};

let last: Promise<unknown> = Promise.resolve();
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/ping") {
    response.end("Ok.\n");
    return;
  }
  const reply = async (): Promise<void> => {
    try {
      const bytes = await answer(url, await readBody(request));
      response.end(bytes);
    } catch (error) {
      response.statusCode = 500;
      response.end(error instanceof Error ? error.message : "failed");
    }
  };
  // One statement at a time: the engine has one session.
  last = last.then(reply);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" && address !== null ? address.port : 0}\n`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
