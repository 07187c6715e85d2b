/**
 * The form of a file in `law/`: one regime, a law's or a company's procedure. Everything it says of the law is a claim
 * with its source and how far it was checked; nothing in here was reviewed by a lawyer, and whatever shows it says so.
 */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false } as const;
const Day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const Sentence = Type.String({ minLength: 2, maxLength: 600 });

/** `S` the primary source was seen, `S2` a report of it was, `M` from memory: shown as not checked. */
export const VERIFICATIONS = ["S", "S2", "M"] as const;
const Verification = Type.Enum([...VERIFICATIONS]);
export type Verification = (typeof VERIFICATIONS)[number];

const claim = {
  says: Sentence,
  /** A key of the regime's `sources`. */
  source: Type.String(),
  verified: Verification,
  /** Left out: the regime's own. */
  verifiedOn: Type.Optional(Day),
};
const Claim = Type.Object(claim, closed);
export type Claim = Static<typeof Claim>;

/** What shows that an element of a notice is there; each has its composer in `notice/elements.ts`. */
export const ELEMENT_NEEDS = [
  "signature",
  "signature_copyright",
  "depiction_and_location",
  "locations",
  "locations_if_known",
  "locations_or_threat",
  "exact_urls",
  "material_and_location",
  "good_faith_nonconsent",
  "contact",
  "contact_full",
  "work",
  "good_faith_copyright",
  "accuracy_perjury",
  "intimate_declaration",
  "synthetic_declaration",
  "subject_or_behalf",
  "representative",
  "explanation",
  "name_email",
  "bona_fide",
  "data_subject",
  "erasure_ground",
  "risk",
  "circumstances",
  "prior_steps",
  "vulnerability",
  "connection",
  "screenshots",
  "not_paid",
  "search_terms",
  "removal_fee",
  "service",
  "concern_type",
] as const;
export type ElementNeed = (typeof ELEMENT_NEEDS)[number];

const Element = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z_]+$" }),
    needs: Type.Enum([...ELEMENT_NEEDS]),
    citation: Type.String({ minLength: 2 }),
    ...claim,
  },
  closed,
);
export type LawElement = Static<typeof Element>;

export const RECIPIENT_KINDS = [
  "platform",
  "host",
  "cdn",
  "registrar",
  "search",
  "regulator",
  "police",
  "court",
] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

export const ORIGINS = ["self", "other", "synthetic", "unknown"] as const;
export const SITUATIONS = ["shared", "threatened", "feared"] as const;

export const Regime = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9-]+$" }),
    /** ISO 3166 code, `EU`, or `WORLD` for a company's own procedure. */
    jurisdiction: Type.String({ pattern: "^(?:[A-Z]{2}|WORLD)$" }),
    /**
     * `notice` to a service, `authority` a complaint that an authority acts on, `policy` a company's own procedure,
     * `criminal` a report to the police, `civil` a suit.
     */
    kind: Type.Enum(["notice", "authority", "policy", "criminal", "civil"]),
    name: Sentence,
    citation: Type.String({ minLength: 2 }),
    url: Type.Union([Type.String({ pattern: "^https://" }), Type.Null()]),
    verifiedOn: Day,
    reviewEveryDays: Type.Integer({ minimum: 30, maximum: 730 }),
    /** Languages that a notice may be written in, the most useful first (ISO 639). */
    languages: Type.Array(Type.String({ pattern: "^[a-z]{2}$" }), { minItems: 1 }),
    sources: Type.Record(
      Type.String(),
      Type.Object({ title: Sentence, url: Type.Union([Type.String({ pattern: "^https://" }), Type.Null()]) }, closed),
    ),
    enacted: Type.Union([Type.Object({ date: Day, ...claim }, closed), Type.Null()]),
    inForce: Type.Object({ date: Type.Union([Day, Type.Literal("unknown")]), ...claim }, closed),
    recipients: Type.Array(Type.Enum([...RECIPIENT_KINDS]), { minItems: 1 }),
    elements: Type.Array(Element),
    whoMaySend: Type.Object(
      { roles: Type.Array(Type.Enum(["person", "helper", "copyright_owner", "anyone"]), { minItems: 1 }), ...claim },
      closed,
    ),
    channel: Type.Object(
      {
        required: Type.Enum([
          "platform_process",
          "designated_agent",
          "grievance_officer",
          "policy_form",
          "authority_form",
          "any",
          "police",
          "court",
        ]),
        ...claim,
      },
      closed,
    ),
    deadline: Type.Object(
      {
        hours: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
        /** Calendar months, where the law counts so. */
        months: Type.Optional(Type.Integer({ minimum: 1 })),
        trigger: Type.Enum(["receipt", "valid_request", "authority_order", "none"]),
        ...claim,
      },
      closed,
    ),
    copies: Type.Object({ scope: Type.Enum(["none", "identical", "substantially_same"]), ...claim }, closed),
    identity: Type.Object(
      { seenBy: Type.Array(Type.Enum(["recipient", "authority", "uploader", "public"]), { minItems: 1 }), ...claim },
      closed,
    ),
    perjury: Type.Object({ required: Type.Boolean(), ...claim }, closed),
    fits: Type.Object(
      {
        origins: Type.Array(Type.Enum([...ORIGINS]), { minItems: 1 }),
        situations: Type.Array(Type.Enum([...SITUATIONS]), { minItems: 1 }),
        ...claim,
      },
      closed,
    ),
    escalation: Type.Array(
      Type.Object({ to: Type.String(), url: Type.Union([Type.String(), Type.Null()]), ...claim }, closed),
    ),
    notes: Type.Array(Claim),
    /** Of a form: how many addresses go into one. `null`: nobody has looked, and lists are cut carefully. */
    submission: Type.Optional(
      Type.Object({ maxUrls: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]), ...claim }, closed),
    ),
  },
  closed,
);
export type Regime = Static<typeof Regime>;
