/** The peer of the gate under an open-loop load: Node's own server, which does nothing but answer. Prints its port. */
import { createServer } from "node:http";

const hex = (digits: number): string => "0".repeat(digits);
const answer = JSON.stringify({
  verdict: "no_match",
  matches: [],
  signals: [
    { type: "pdq", value: hex(64), quality: 100, kind: "original" },
    { type: "md5", value: hex(32) },
    { type: "sha256", value: hex(64) },
  ],
});
const server = createServer((request, response) => {
  request.on("data", () => {});
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? address.port : 0);
});
