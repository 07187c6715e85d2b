import { type Contact, contactsOfPage, groupLinks, findLinks, isReportStale, readSavedPage } from "@recourse/remedy";
import { useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Button } from "../../design/button.tsx";
import { Fold } from "../../design/fold.tsx";
import { OutsideLink } from "../../design/outside-link.tsx";
import { localeOf, useLanguage } from "../../messages/translate.tsx";
import { AnswerField } from "../answer-field.tsx";
import { placeOf } from "../questions/paste-links.tsx";
import { useWords } from "../words.tsx";

/** More than any saved page with its pictures; those are not looked at. */
const MAX_PAGE_BYTES = 64 << 20;
const SHOWN_CONTACTS = 8;

type Found =
  | { readonly kind: "contacts"; readonly contacts: readonly Contact[] }
  | { readonly kind: "large" }
  | { readonly kind: "none" };

const readContacts = async (file: File): Promise<Found> => {
  if (file.size > MAX_PAGE_BYTES) return { kind: "large" };
  try {
    const page = readSavedPage(new Uint8Array(await file.arrayBuffer()));
    return page === undefined ? { kind: "none" } : { kind: "contacts", contacts: contactsOfPage(page.html, page.url) };
  } catch {
    return { kind: "none" };
  }
};

const SavedPageContacts = ({ onUse }: { readonly onUse: (address: string) => void }) => {
  const t = useWords();
  const [found, setFound] = useState<Found>();
  return (
    <Fold title={t("send.page")} level={3}>
      <p>{t("send.page.lead")}</p>
      <FileTrigger
        acceptedFileTypes={[".html", ".htm", ".mhtml", ".mht", "text/html", "multipart/related"]}
        onSelect={(files) => {
          const [file] = files ?? [];
          if (file !== undefined) void readContacts(file).then(setFound);
        }}
      >
        <Button kind="secondary">{t("send.page.choose")}</Button>
      </FileTrigger>
      <p role="status">
        {found === undefined
          ? ""
          : found.kind === "large"
            ? t("send.page.large", { megabytes: MAX_PAGE_BYTES >> 20 })
            : found.kind === "none"
              ? t("send.page.none")
              : found.contacts.length === 0
                ? t("send.page.nothing")
                : t("send.page.found", { count: found.contacts.length })}
      </p>
      {found?.kind === "contacts" && found.contacts.length > 0 && (
        <ul className="list">
          {found.contacts.slice(0, SHOWN_CONTACTS).map((contact) => (
            <li key={contact.to}>
              <div className="code">{contact.to}</div>
              <div className="soft small">
                {t(`purpose.${contact.purpose}`)} · {t(`sure.${contact.confidence}`)}
              </div>
              {contact.kind === "mail" && (
                <Button kind="quiet" onPress={() => onUse(contact.to)}>
                  {t("send.use", { address: contact.to })}
                </Button>
              )}
              {contact.to.startsWith("https://") && (
                <OutsideLink site={contact.to.slice("https://".length)}>
                  {t("step.outside", { name: new URL(contact.to).hostname })}
                </OutsideLink>
              )}
            </li>
          ))}
        </ul>
      )}
    </Fold>
  );
};

interface SendToProps {
  /** Name of the recipient, as the plan has it. */
  readonly recipient: string;
  readonly urls: readonly string[];
  readonly address: string;
  readonly onAddress: (address: string) => void;
  readonly hasWrongAddress: boolean;
}

/** The service's own form first, then an address that was found or typed. Nothing is looked up in the network. */
export const SendTo = ({ recipient, urls, address, onAddress, hasWrongAddress }: SendToProps) => {
  const t = useWords();
  const [first = ""] = urls;
  const [group] = groupLinks(findLinks(first).links);
  const service = group !== undefined && placeOf(group) === recipient ? group.service : undefined;
  const reports = service?.reports ?? [];
  // Of a network that only passes things on, its form is among those for machines.
  const unseen = service?.kind === "cdn" ? undefined : service?.unseenForm;
  const { code } = useLanguage();
  const [nowMs] = useState(() => Date.now());
  const day = (iso: string) => new Intl.DateTimeFormat(localeOf(code), { dateStyle: "medium" }).format(new Date(iso));
  return (
    <section aria-labelledby="send-title">
      <h2 id="send-title">{t("send.title")}</h2>
      <p>{t("send.own")}</p>
      {reports.length === 0 ? (
        <>
          {unseen !== undefined && (
            <p>
              {t("send.unseen", { name: `\u2068${recipient}\u2069` })}{" "}
              <span className="tag">{t(`mark.${unseen.verified}`)}</span>{" "}
              <span className="soft small">{day(unseen.verifiedOn)}</span>
            </p>
          )}
          <p>{t("send.beside")}</p>
        </>
      ) : (
        <ul className="list">
          {reports.map((report) => {
            const { to, verified, verifiedOn } = report;
            return (
              <li key={to}>
                {to.startsWith("https://") ? (
                  <OutsideLink site={to.slice("https://".length)}>{t("step.form", { name: recipient })}</OutsideLink>
                ) : (
                  <Button kind="quiet" onPress={() => onAddress(to)}>
                    {t("send.use", { address: to })}
                  </Button>
                )}
                <div className="soft small">
                  {t(`mark.${verified}`)}
                  {verifiedOn !== undefined && ` · ${day(verifiedOn)}`}
                  {isReportStale(report, nowMs) && ` · ${t("send.stale")}`}
                </div>
              </li>
            );
          })}
        </ul>
      )}
      <AnswerField
        label={t("send.to")}
        hint={t("send.to.hint")}
        value={address}
        onChange={onAddress}
        error={hasWrongAddress ? t("send.to.wrong") : undefined}
        type="email"
        maxLength={254}
      />
      <SavedPageContacts onUse={onAddress} />
    </section>
  );
};
