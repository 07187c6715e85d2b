/** The facts of a case, as the person gives them. Everything but `version` may be left out: each question may be skipped. */
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { ORIGINS, SITUATIONS } from "./law/schema.ts";

const closed = { additionalProperties: false } as const;
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const YesNo = Type.Enum(["yes", "no", "unsure"]);
const Country = Type.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166 code" });
const Day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const Instant = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:\\d{2})$",
});

const Contact = {
  name: Type.Optional(Text(200)),
  email: Type.Optional(Type.String({ pattern: "^[^\\s@<>]+@[^\\s@<>]+$", maxLength: 254 })),
  phone: Type.Optional(Text(60)),
  address: Type.Optional(Text(500)),
};

export const Signature = Type.Object(
  {
    kind: Type.Enum(["typed", "drawn"]),
    /** Typed: the name. Drawn: strokes of x,y pairs in 0..1000, "x,y x,y;x,y ..." */
    value: Text(20_000),
    signedOn: Day,
  },
  closed,
);

export const Facts = Type.Object(
  {
    version: Type.Literal(1),
    ageWhenTaken: Type.Optional(
      Type.Enum(["adult", "minor", "unsure"], { description: "How old the person was when the picture was taken" }),
    ),
    danger: Type.Optional(Type.Boolean({ description: "The person is in danger, or thinks of hurting themselves" })),
    situation: Type.Optional(Type.Enum([...SITUATIONS])),
    origin: Type.Optional(
      Type.Enum([...ORIGINS], { description: "Who made the picture: self, other, synthetic (made or altered by AI)" }),
    ),
    hasFile: Type.Optional(Type.Boolean({ description: "The person has a copy of the picture or video" })),
    places: Type.Optional(
      Type.String({ maxLength: 10_485_760, description: "Links, pasted as they are, any number of them" }),
    ),
    picture: Type.Optional(
      Type.Object(
        {
          kind: Type.Optional(Type.Enum(["picture", "video", "both"])),
          description: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 1000,
              description: "In neutral words, so that it can be found on the page",
            }),
          ),
          recognisableBy: Type.Optional(
            Type.Array(Type.Enum(["face", "body", "mark", "voice", "name", "surroundings"]), { maxItems: 6 }),
          ),
          consent: Type.Optional(
            Type.Enum(["never", "private_only", "withdrawn"], { description: "What the person had agreed to" }),
          ),
          takenOn: Type.Optional(Text(100)),
          paidFor: Type.Optional(YesNo),
        },
        closed,
      ),
    ),
    person: Type.Optional(
      Type.Object(
        {
          ...Contact,
          country: Type.Optional(Country),
          language: Type.Optional(Type.String({ pattern: "^[a-z]{2}$" })),
          nameMayBeSeen: Type.Optional(
            Type.Enum(["yes", "only_recipient", "no"], {
              description: "May the uploader or the public see the person's name: yes, only who gets the notice, no",
            }),
          ),
          vulnerable: Type.Optional(YesNo),
        },
        closed,
      ),
    ),
    helper: Type.Optional(
      Type.Object(
        { ...Contact, relation: Type.Optional(Text(200)), authority: Type.Optional(Text(500)) },
        { ...closed, description: "Somebody who acts for the person" },
      ),
    ),
    signature: Type.Optional(Signature),
    confirmed: Type.Optional(
      Type.Array(Type.Enum(["good_faith", "accurate", "perjury", "copyright_owner"]), {
        maxItems: 4,
        description: "Statements that the person read and makes. Nothing is stated in their name without it",
      }),
    ),
    uploader: Type.Optional(Type.Object({ known: Type.Optional(YesNo), hint: Type.Optional(Text(500)) }, closed)),
    threat: Type.Optional(
      Type.Object(
        {
          wants: Type.Optional(Type.Enum(["money", "pictures", "contact", "other"])),
          where: Type.Optional(Text(500)),
          paid: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    police: Type.Optional(Type.Enum(["yes", "no", "already"])),
    evidenceSaved: Type.Optional(YesNo),
    priorSteps: Type.Optional(Text(2000)),
    searchTerms: Type.Optional(Text(300)),
    asksMoneyForRemoval: Type.Optional(YesNo),
    reposted: Type.Optional(YesNo),
    sent: Type.Optional(
      Type.Array(
        Type.Object(
          {
            regime: Type.String({ maxLength: 60 }),
            recipient: Text(200),
            receivedAt: Type.Optional(Instant),
            sentAt: Instant,
            answer: Type.Optional(Type.Enum(["none", "removed", "refused", "partly", "asks_more"])),
          },
          closed,
        ),
        { maxItems: 1000 },
      ),
    ),
  },
  { ...closed, $id: "recourse-facts-1" },
);
export type Facts = Static<typeof Facts>;

export type FactsOutcome =
  | { readonly ok: true; readonly facts: Facts }
  /**
   * `at` is the path within the facts ("/person/email"), never what stands there. Where `isUnknown`, its last part is no
   * field of ours but a name that somebody wrote: it is not to be repeated either.
   */
  | { readonly ok: false; readonly code: "facts_invalid"; readonly at: string; readonly isUnknown: boolean };

/** Facts from what was read as JSON. Never throws. */
export const readFacts = (value: unknown): FactsOutcome => {
  if (Value.Check(Facts, value)) return { ok: true, facts: value };
  const [first] = Value.Errors(Facts, value);
  const isUnknown = first?.schemaPath.endsWith("/additionalProperties") ?? false;
  return { ok: false, code: "facts_invalid", at: first?.instancePath ?? "", isUnknown };
};

/** Who signs and is written to: the helper if there is one, else the person. */
export const senderOf = ({ person, helper }: Facts) => helper ?? person ?? {};
