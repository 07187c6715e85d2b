/**
 * A notice as a desk of this project takes it: docs/desk-notice.md, whose JSON Schema is made of `DeskNotice`. The form is
 * closed: there is no field for a picture, a hash or a file, nor for anything of the sender that no element asks for.
 */
import Type, { type Static } from "typebox";
import { type Facts, Signature } from "../facts.ts";
import type { Regime } from "../law/schema.ts";
import { identityAskedFor } from "./identity.ts";
import type { Notice, NoticeErrorCode } from "./notice.ts";
import { plain } from "./plain.ts";

const closed = { additionalProperties: false } as const;
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

export const DeskNotice = Type.Object(
  {
    form: Type.Literal("recourse-desk-notice"),
    version: Type.Literal(1),
    id: Type.String({
      pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
      description: "A UUID; the same notice sent again has the same one",
    }),
    madeAt: Type.String({
      pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,3})?Z$",
      description: "ISO 8601 in UTC. No clock starts here: it starts when the desk receives it",
    }),
    regime: Type.Object(
      {
        id: Type.String({ pattern: "^[a-z0-9-]{1,60}$", description: "As in docs/law.md" }),
        name: Text(600),
        citation: Text(600),
      },
      closed,
    ),
    recipient: Type.String({ minLength: 1, maxLength: 200, description: "The service it is for" }),
    language: Type.String({ pattern: "^[a-z]{2}$", description: "ISO 639, of every text below" }),
    urls: Type.Array(Type.String({ pattern: "^(?:https?|ftp)://", maxLength: 16_384 }), {
      maxItems: 5000,
      description: "Where it is; names of hosts in ASCII. Empty only where the regime allows it",
    }),
    elements: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: "^[a-z_]{1,60}$" }),
          citation: Text(600),
          text: Type.String({ minLength: 1, maxLength: 12_000_000 }),
        },
        closed,
      ),
      {
        minItems: 1,
        maxItems: 40,
        description: "Each element that the regime asks for, in its order; none is missing",
      },
    ),
    sender: Type.Object(
      {
        role: Type.Enum(["person", "helper"], { description: "The person shown, or somebody who acts for them" }),
        name: Type.Optional(Text(200)),
        email: Type.Optional(Text(254)),
        phone: Type.Optional(Text(60)),
        address: Type.Optional(Text(500)),
        authority: Type.Optional(Text(500)),
        signature: Type.Optional(Signature),
      },
      { ...closed, description: "Only what an element asks for" },
    ),
    identityMayBePassedOn: Type.Literal(false, {
      description: "Not to the uploader, to a site's operator or to a public archive",
    }),
    letter: Type.Object(
      { subject: Text(1000), body: Text(12_000_000) },
      { ...closed, description: "The whole notice, as people read it" },
    ),
  },
  { ...closed, $id: "recourse-desk-notice-1", title: "A notice for a desk, version 1" },
);
export type DeskNotice = Static<typeof DeskNotice>;

export type DeskNoticeOutcome =
  | { readonly ok: true; readonly notice: DeskNotice }
  /** `missing`: paths within the facts, as in the notice's elements. */
  | {
      readonly ok: false;
      readonly code: Extract<NoticeErrorCode, "notice_incomplete">;
      readonly missing: readonly string[];
    };

/** `id` is a UUID, `madeAt` ISO 8601 in UTC. What is incomplete is no notice in this form either. */
export const toDeskNotice = (
  notice: Notice,
  facts: Facts,
  regime: Regime,
  { id, madeAt }: { readonly id: string; readonly madeAt: string },
): DeskNoticeOutcome => {
  const missing = notice.elements.flatMap((element) => element.missing);
  if (!notice.complete) return { ok: false, code: "notice_incomplete", missing };
  const { signature, ...contact } = identityAskedFor(facts, regime);
  const words = Object.fromEntries(Object.entries(contact).map(([field, text]) => [field, plain(text)]));
  return {
    ok: true,
    notice: {
      form: "recourse-desk-notice",
      version: 1,
      id,
      madeAt,
      regime: { id: regime.id, name: regime.name, citation: regime.citation },
      recipient: plain(notice.recipient),
      language: notice.language,
      urls: [...notice.urls],
      elements: notice.elements.map((element) => ({
        id: element.id,
        citation: element.citation,
        text: element.text ?? "",
      })),
      sender: {
        ...words,
        role: contact.role,
        ...(signature === undefined ? {} : { signature: { ...signature, value: plain(signature.value) } }),
      },
      identityMayBePassedOn: false,
      letter: { subject: notice.subject, body: notice.body },
    },
  };
};
