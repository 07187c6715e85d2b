/** Where a notice can be sent, and how sure that is. */
export const CONTACT_PURPOSES = ["ncii", "dmca", "abuse", "privacy", "legal", "general", "security"] as const;
/**
 * `ncii` for intimate images, `dmca` for copyright, `abuse` for reports of content, `privacy` for data protection,
 * `legal` for the law or the imprint, `general` for anything, `security` for vulnerabilities only: the last resort.
 */
export type ContactPurpose = (typeof CONTACT_PURPOSES)[number];

export interface Contact {
  readonly purpose: ContactPurpose;
  readonly kind: "form" | "mail" | "phone" | "page";
  /** An address of the web, a bare mail address, or a number as it was written. */
  readonly to: string;
  /** Who stands behind it. */
  readonly of: "site" | "host" | "network" | "registrar" | "cdn";
  readonly foundIn: "link" | "text" | "form" | "security.txt" | "rdap" | "directory";
  /** `high` only where purpose and owner are both plain: what is not sure is never called so. */
  readonly confidence: "high" | "medium" | "low";
}

const RANK = { high: 0, medium: 1, low: 2 } as const;

/** Best first: by purpose, then by how sure it is, then as they came; each address once, with its best purpose. */
export const rankContacts = (contacts: readonly Contact[]): readonly Contact[] => {
  const order = (contact: Contact): number => CONTACT_PURPOSES.indexOf(contact.purpose) * 3 + RANK[contact.confidence];
  const sorted = contacts.toSorted((a, b) => order(a) - order(b));
  const seen = new Set<string>();
  return sorted.filter(({ to }) => {
    const key = to.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};
