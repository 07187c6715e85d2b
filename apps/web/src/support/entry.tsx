import type { ReactNode } from "react";
import { OutsideLink } from "../design/outside-link.tsx";
import { type Translate, useText } from "../messages/translate.tsx";
import type { SupportEntry } from "./directory.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Numbers and hours change; after half a year an entry says so. */
const FRESH_DAYS = 180;

const checkedSentence = (t: Translate, verifiedOn: string | undefined): string => {
  if (verifiedOn === undefined) return t("help.unverified");
  const date = new Date(`${verifiedOn}T12:00:00Z`);
  return t(Date.now() - date.getTime() < FRESH_DAYS * DAY_MS ? "help.verified" : "help.expired", { date });
};

/** What a telephone dials: of a number with letters, the digits that follow in brackets. */
const dialled = (phone: string): string => phone.replaceAll(/[^+*#\d]/g, "");

interface EntryProps {
  readonly entry: SupportEntry;
  /** What it is, in a sentence. */
  readonly children?: ReactNode;
}

/** One of the people to talk to: how to reach them, and when that was checked. */
export const Entry = ({ entry, children }: EntryProps) => {
  const t = useText();
  return (
    <li className="support-entry">
      {entry.name !== entry.phone && (
        <strong>
          <bdi>{entry.name}</bdi>
        </strong>
      )}
      {children !== undefined && <div>{children}</div>}
      {entry.phone !== undefined && (
        <div>
          <a className="code" href={`tel:${dialled(entry.phone)}`}>
            {entry.phone}
          </a>
        </div>
      )}
      {entry.site !== undefined && (
        <div>
          <OutsideLink site={entry.site}>
            <bdi>{entry.site}</bdi>
          </OutsideLink>
        </div>
      )}
      {entry.hours !== undefined && (
        <div className="soft small">{t("help.hours", { hours: `\u2066${entry.hours}\u2069` })}</div>
      )}
      <div className="soft small">
        {entry.age !== undefined && <>{t(`help.${entry.age}`)} · </>}
        {checkedSentence(t, entry.verifiedOn)}
      </div>
    </li>
  );
};
