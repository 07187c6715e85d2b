/** Who sends a notice, as far as its regime's elements ask: what none of them asks for goes into no form of it. */
import { type Facts, senderOf } from "../facts.ts";
import type { ElementNeed, Regime } from "../law/schema.ts";

export interface AskedIdentity {
  readonly role: "person" | "helper";
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly address?: string;
  /** Of a helper: what they may act by. */
  readonly authority?: string;
  readonly signature?: NonNullable<Facts["signature"]>;
}

const SIGNED: readonly ElementNeed[] = ["signature", "signature_copyright"];
/** Those in whose words somebody acts for somebody else; see `notice/elements.ts`. */
const BY_AUTHORITY: readonly ElementNeed[] = [
  ...SIGNED,
  "accuracy_perjury",
  "subject_or_behalf",
  "representative",
  "data_subject",
];

type Field = "name" | "email" | "phone" | "address";

const fieldsFor = (needs: ReadonlySet<ElementNeed>, sender: Partial<Record<Field, string>>): ReadonlySet<Field> => {
  const fields = new Set<Field>();
  if (needs.has("name_email")) for (const field of ["name", "email"] as const) fields.add(field);
  if (needs.has("contact_full")) for (const field of ["address", "phone", "email"] as const) fields.add(field);
  // One way to be reached is what "contact" means, and it is the same one as in the text.
  const one = (["email", "phone", "address"] as const).find((field) => sender[field] !== undefined);
  if (needs.has("contact") && one !== undefined) fields.add(one);
  return fields;
};

export const identityAskedFor = (facts: Facts, { elements }: Regime): AskedIdentity => {
  const needs = new Set(elements.map((element) => element.needs));
  const { name, email, phone, address } = senderOf(facts);
  const asks = fieldsFor(needs, {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(address === undefined ? {} : { address }),
  });
  const authority = BY_AUTHORITY.some((need) => needs.has(need)) ? facts.helper?.authority : undefined;
  const signature = SIGNED.some((need) => needs.has(need)) ? facts.signature : undefined;
  return {
    role: facts.helper === undefined ? "person" : "helper",
    ...(name !== undefined && asks.has("name") ? { name } : {}),
    ...(email !== undefined && asks.has("email") ? { email } : {}),
    ...(phone !== undefined && asks.has("phone") ? { phone } : {}),
    ...(address !== undefined && asks.has("address") ? { address } : {}),
    ...(authority === undefined ? {} : { authority }),
    ...(signature === undefined ? {} : { signature }),
  };
};
