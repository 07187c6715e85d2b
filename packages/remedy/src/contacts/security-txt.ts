/** `security.txt` (RFC 9116) is for vulnerabilities; it is the last place to write to, when there is no other. */
import { type Contact } from "./contact.ts";

const MAX_LENGTH = 32_768;

/** Contacts of the file, in its own order, which is that of preference. Expired files count as well: people still read. */
export const contactsOfSecurityTxt = (text: string): readonly Contact[] =>
  text
    .slice(0, MAX_LENGTH)
    .split(/\r\n|\r|\n/u)
    .flatMap((line): readonly Contact[] => {
      const value = /^Contact:[ \t]*(\S{1,2000})[ \t]*$/iu.exec(line)?.[1];
      if (value === undefined) return [];
      const shared = { purpose: "security", of: "site", foundIn: "security.txt", confidence: "low" } as const;
      if (/^mailto:[^\s@?]+@[^\s@?]+/iu.test(value))
        return [{ ...shared, kind: "mail", to: value.slice(7).split("?")[0] ?? "" }];
      if (/^https:\/\//iu.test(value)) return [{ ...shared, kind: "form", to: value }];
      if (/^tel:/iu.test(value)) return [{ ...shared, kind: "phone", to: value.slice(4) }];
      return [];
    });
