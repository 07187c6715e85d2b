/**
 * Services that are known by name, from `services/services.json`: what they are, and their own forms, each with its
 * source, how far it was checked and when. A form that nobody saw is not given as an address: the person is told what to
 * look for instead. To add one, add it there, with where it was seen.
 */
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import file from "../../services/services.json" with { type: "json" };
import { VERIFICATIONS } from "../law/schema.ts";

const closed = { additionalProperties: false } as const;

const Report = Type.Object(
  {
    what: Type.Enum(["ncii", "abuse", "dmca"]),
    /** Address of the form, or a mail address. */
    to: Type.String({ pattern: "^(?:https://|[^@/\\s]+@[^@/\\s]+$)", maxLength: 400 }),
    verified: Type.Enum([...VERIFICATIONS]),
    /** Left out only for what is from memory. */
    verifiedOn: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" })),
    /** Where it was seen, in words. */
    source: Type.String({ minLength: 2, maxLength: 200 }),
    says: Type.Optional(Type.String({ maxLength: 400 })),
  },
  closed,
);
export type Report = Static<typeof Report>;

/** That a service has a form of its own, where nobody saw its address, or only machines with an account may use it. */
const UnseenForm = Type.Object(
  {
    says: Type.String({ minLength: 2, maxLength: 400 }),
    verified: Type.Enum([...VERIFICATIONS]),
    verifiedOn: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
    source: Type.String({ minLength: 2, maxLength: 200 }),
  },
  closed,
);

const SERVICE_KINDS = ["platform", "chat", "file_host", "search", "cdn", "archive"] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

const Service = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9-]+$" }),
    name: Type.String({ minLength: 1, maxLength: 80 }),
    kind: Type.Enum([...SERVICE_KINDS]),
    domains: Type.Array(Type.String({ pattern: "^[a-z0-9.-]+$" }), { minItems: 1 }),
    reports: Type.Array(Report),
    unseenForm: Type.Optional(UnseenForm),
  },
  closed,
);
export type Service = Static<typeof Service>;

const checked = (value: unknown): readonly Service[] => {
  if (!Value.Check(Type.Array(Service), value)) throw new TypeError("services.json does not have the form of services");
  return value;
};

/** In every case the report beside the post itself is tried; addresses of forms that were not seen are left out. */
export const SERVICES: readonly Service[] = checked(file);

/** A form that was looked at longer ago than this is shown as out of date (`nowMs` in milliseconds). */
const REVIEW_EVERY_DAYS = 180;
export const isReportStale = ({ verifiedOn }: Report, nowMs: number): boolean =>
  verifiedOn === undefined || nowMs - Date.parse(`${verifiedOn}T00:00:00Z`) > REVIEW_EVERY_DAYS * 86_400_000;

/** The search engine's own name also serves files and pictures of its users, which its search forms are not for. */
const NOT_SEARCH = /^(?!(?:www\.)?google\.com$)/u;

const byDomain = new Map(SERVICES.flatMap((service) => service.domains.map((domain) => [domain, service] as const)));

/** undefined for all the others, which are most of the web. */
export const serviceOf = (domain: string, host: string): Service | undefined => {
  const service = byDomain.get(domain);
  return service?.id === "google" && NOT_SEARCH.test(host) ? undefined : service;
};
