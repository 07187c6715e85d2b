/**
 * Which addresses lie on the open internet. What was named by somebody else must not lead into the network of the
 * machine that visits it (server-side request forgery). The ranges are those of IANA's special-purpose registries
 * (RFC 6890 and its successors).
 */
import { BlockList, isIP } from "node:net";

// Two lists: in one, Node takes each address of the older kind for the one it would be within the newer.
const special4 = new BlockList();
const special6 = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  special4.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 96],
  // Addresses of the other kind within these: what they lead to can't be told by who sends there.
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  special6.addSubnet(network, prefix, "ipv6");

/** `address` as a number, without brackets or zone. False for what is no address. */
export const isPublicAddress = (address: string): boolean => {
  const kind = isIP(address);
  if (kind === 4) return !special4.check(address, "ipv4");
  return kind === 6 && !address.includes("%") && !special6.check(address, "ipv6");
};
