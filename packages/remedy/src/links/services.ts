/**
 * Services that are known by name: what they are, and their own forms, each with how far it was checked. A form that
 * was not seen is not given as an address: the person is told what to look for instead.
 */
import type { Verification } from "../law/schema.ts";

export type ServiceKind = "platform" | "chat" | "file_host" | "search" | "cdn" | "archive";

export interface Report {
  readonly what: "ncii" | "abuse" | "dmca";
  /** Address of the form, or a mail address. */
  readonly to: string;
  readonly verified: Verification;
  readonly verifiedOn?: string;
  readonly says?: string;
}

export interface Service {
  readonly id: string;
  readonly name: string;
  readonly kind: ServiceKind;
  readonly domains: readonly string[];
  readonly reports: readonly Report[];
}

const SEEN = "2026-11-22";

/** In every case the report beside the post itself is tried; addresses of forms that were not seen are left out. */
export const SERVICES: readonly Service[] = [
  {
    id: "google",
    name: "Google Search",
    kind: "search",
    domains: ["google.com"],
    reports: [
      {
        what: "ncii",
        to: "https://support.google.com/websearch/answer/6302812",
        verified: "S",
        verifiedOn: SEEN,
      },
    ],
  },
  {
    id: "bing",
    name: "Bing",
    kind: "search",
    domains: ["bing.com"],
    reports: [
      {
        what: "ncii",
        to: "https://www.microsoft.com/en-us/concern/bing",
        verified: "S2",
        verifiedOn: SEEN,
        says: "Type of concern: non-consensual intimate imagery.",
      },
    ],
  },
  {
    id: "discord",
    name: "Discord",
    kind: "chat",
    domains: ["discord.com", "discord.gg", "discordapp.com", "discordapp.net"],
    reports: [
      {
        what: "ncii",
        to: "https://discord.com/report",
        verified: "S",
        verifiedOn: SEEN,
        says: "It asks for the legal name of the person shown, takes one report for each picture, and says that the uploader is not told who reported.",
      },
    ],
  },
  {
    id: "telegram",
    name: "Telegram",
    kind: "chat",
    domains: ["t.me", "telegram.me", "telegram.org", "telegram.dog"],
    reports: [
      {
        what: "abuse",
        to: "abuse@telegram.org",
        verified: "S2",
        verifiedOn: SEEN,
        says: "Name the user or group.",
      },
    ],
  },
  {
    id: "facebook",
    name: "Facebook",
    kind: "platform",
    domains: ["facebook.com", "fb.com", "fb.watch", "fbcdn.net"],
    reports: [],
  },
  { id: "instagram", name: "Instagram", kind: "platform", domains: ["instagram.com", "cdninstagram.com"], reports: [] },
  { id: "threads", name: "Threads", kind: "platform", domains: ["threads.net", "threads.com"], reports: [] },
  { id: "whatsapp", name: "WhatsApp", kind: "chat", domains: ["whatsapp.com", "wa.me"], reports: [] },
  { id: "x", name: "X", kind: "platform", domains: ["x.com", "twitter.com", "twimg.com"], reports: [] },
  { id: "tiktok", name: "TikTok", kind: "platform", domains: ["tiktok.com"], reports: [] },
  {
    id: "reddit",
    name: "Reddit",
    kind: "platform",
    domains: ["reddit.com", "redd.it", "redditmedia.com"],
    reports: [],
  },
  { id: "snapchat", name: "Snapchat", kind: "platform", domains: ["snapchat.com"], reports: [] },
  { id: "youtube", name: "YouTube", kind: "platform", domains: ["youtube.com", "youtu.be"], reports: [] },
  { id: "tumblr", name: "Tumblr", kind: "platform", domains: ["tumblr.com"], reports: [] },
  { id: "pinterest", name: "Pinterest", kind: "platform", domains: ["pinterest.com", "pin.it"], reports: [] },
  { id: "mega", name: "MEGA", kind: "file_host", domains: ["mega.nz", "mega.io", "mega.co.nz"], reports: [] },
  {
    id: "dropbox",
    name: "Dropbox",
    kind: "file_host",
    domains: ["dropbox.com", "dropboxusercontent.com"],
    reports: [],
  },
  { id: "mediafire", name: "MediaFire", kind: "file_host", domains: ["mediafire.com"], reports: [] },
  { id: "gofile", name: "Gofile", kind: "file_host", domains: ["gofile.io"], reports: [] },
  { id: "internet-archive", name: "Internet Archive", kind: "archive", domains: ["archive.org"], reports: [] },
];

/** The search engine's own name also serves files and pictures of its users, which its search forms are not for. */
const NOT_SEARCH = /^(?!(?:www\.)?google\.com$)/u;

const byDomain = new Map(SERVICES.flatMap((service) => service.domains.map((domain) => [domain, service] as const)));

/** undefined for all the others, which are most of the web. */
export const serviceOf = (domain: string, host: string): Service | undefined => {
  const service = byDomain.get(domain);
  return service?.id === "google" && NOT_SEARCH.test(host) ? undefined : service;
};
