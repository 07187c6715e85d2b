/** Networks that stand before other people's sites, or hold them, by the names that registries give them. */

export interface KnownNetwork {
  readonly name: string;
  /** `cdn`: it mostly passes a notice on to the host and its customer, and does not hold the pages itself. */
  readonly role: "cdn" | "host";
}

const NETWORKS: readonly (readonly [pattern: RegExp, network: KnownNetwork])[] = [
  [/^cloudflare/iu, { name: "Cloudflare", role: "cdn" }],
  [/^(?:fastly|skyca)/iu, { name: "Fastly", role: "cdn" }],
  [/^akamai/iu, { name: "Akamai", role: "cdn" }],
  [/^(?:ddos-?guard|dnet)/iu, { name: "DDoS-Guard", role: "cdn" }],
  [/bunny/iu, { name: "bunny.net", role: "cdn" }],
  [/^(?:amazon|amazo-|at-88-z|aws)/iu, { name: "Amazon Web Services", role: "host" }],
  [/^(?:google|goog-|gogl)/iu, { name: "Google Cloud", role: "host" }],
  [/^(?:msft|microsoft)/iu, { name: "Microsoft Azure", role: "host" }],
  [/^hetzner/iu, { name: "Hetzner", role: "host" }],
  [/^ovh/iu, { name: "OVHcloud", role: "host" }],
  [/^(?:digitalocean|do-13)/iu, { name: "DigitalOcean", role: "host" }],
  [/^(?:linode|linod)/iu, { name: "Linode", role: "host" }],
  [/^leaseweb/iu, { name: "Leaseweb", role: "host" }],
];

/** undefined for the many others: then the network is taken for the host. */
export const knownNetwork = (networkName: string): KnownNetwork | undefined =>
  NETWORKS.find(([pattern]) => pattern.test(networkName))?.[1];
