/**
 * A notice in the forms that machines read. XARF 4.2.0 has no type for intimate images and refuses unknown ones, so
 * `exposed_data` is used with a tag, and `copyright` for copyright notices; never a type for child abuse material, and
 * never with evidence: no picture is attached to anything.
 */
import { type Facts, senderOf } from "../facts.ts";
import type { Regime } from "../law/schema.ts";
import { identityAskedFor } from "./identity.ts";
import type { Notice } from "./notice.ts";

export type XarfOutcome =
  | { readonly ok: true; readonly reports: readonly Readonly<Record<string, unknown>>[] }
  /** The form has to have a mail address to answer to. */
  | { readonly ok: false; readonly missing: readonly string[] };

/**
 * One report for each address, as the form has one `url` a report. The name is in it only where an element asks for it.
 * `timestamp` is ISO 8601 in UTC; `reportIds` are UUIDs, one for each address, else RangeError.
 */
export const toXarf = (
  notice: Notice,
  facts: Facts,
  regime: Regime,
  { timestamp, reportIds }: { readonly timestamp: string; readonly reportIds: readonly string[] },
): XarfOutcome => {
  const { role, name } = identityAskedFor(facts, regime);
  const { email } = senderOf(facts);
  if (email === undefined) return { ok: false, missing: [`/${role}/email`] };
  const sender = { org: name ?? "private person", contact: email, domain: email.slice(email.lastIndexOf("@") + 1) };
  const reports = notice.urls.map((url, index) => {
    const reportId = reportIds[index];
    if (reportId === undefined) throw new RangeError("reportIds has fewer ids than there are addresses");
    const shared = {
      xarf_version: "4.2.0",
      report_id: reportId,
      timestamp,
      reporter: sender,
      sender,
      source_identifier: new URL(url).hostname,
      description: notice.body,
      tags: ["abuse:ncii"],
    };
    return regime.id === "us-dmca"
      ? { ...shared, category: "copyright", type: "copyright", infringing_url: url }
      : {
          ...shared,
          category: "content",
          type: "exposed_data",
          url,
          data_types: ["personal_information"],
          exposure_method: "intentional_leak",
        };
  });
  return { ok: true, reports };
};

/** Cloudflare's abuse report for intimate images takes 250 addresses of one host at most, and 2,000 characters of text. */
const CLOUDFLARE_URLS = 250;
const CLOUDFLARE_COMMENT = 2000;

export type CloudflareOutcome =
  | { readonly ok: true; readonly reports: readonly Readonly<Record<string, string | boolean>>[] }
  | { readonly ok: false; readonly missing: readonly string[] };

/**
 * Fields of `abuse_ncsei`, one report for each host and 250 addresses. The host is told without a name and the site's
 * owner not at all: contact fields may still reach a public archive, which the caller must say.
 */
export const toCloudflare = ({ urls }: Notice, facts: Facts): CloudflareOutcome => {
  const { name, email } = senderOf(facts);
  const who = facts.helper === undefined ? "person" : "helper";
  if (name === undefined || email === undefined) {
    return {
      ok: false,
      missing: [...(name === undefined ? [`/${who}/name`] : []), ...(email === undefined ? [`/${who}/email`] : [])],
    };
  }
  const byHost = Map.groupBy(urls, (url) => new URL(url).hostname);
  const reports = [...byHost.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / CLOUDFLARE_URLS) }, (_, part) => ({
      act: "abuse_ncsei",
      email,
      email2: email,
      name,
      urls: all.slice(part * CLOUDFLARE_URLS, (part + 1) * CLOUDFLARE_URLS).join("\n"),
      host_notification: "send-anon",
      owner_notification: "none",
      ncsei_subject_representation: true,
      comments: (facts.picture?.description ?? "").slice(0, CLOUDFLARE_COMMENT),
    })),
  );
  return { ok: true, reports };
};
