/** Rules for notices: to the service, to who hosts it, to search engines. */
import { isFor } from "../law/places.ts";
import type { Regime } from "../law/schema.ts";
import type { LinkGroup } from "../links/find-links.ts";
import { fitsFacts, regimeStep } from "./regime-step.ts";
import { act, type PlanContext, type Rule, type Step } from "./step.ts";

type Made = Omit<Step, "rule" | "stage">;

const urlsOf = ({ links }: LinkGroup): readonly string[] => links.map(({ url }) => url);
const nameOf = (group: LinkGroup): string => group.service?.name ?? group.domain;
const isReachable = (group: LinkGroup): boolean =>
  group.links.some(({ isOnion, isShortener }) => !isOnion && !isShortener);
const isSearch = (group: LinkGroup): boolean => group.service?.kind === "search";

/** Groups that a notice can be sent about. */
const noticeGroups = ({ facts, groups }: PlanContext): readonly LinkGroup[] =>
  facts.situation === "feared" ? [] : groups.filter((group) => isReachable(group) && !isSearch(group));

/** The notice of the law that binds the service soonest comes first. */
const bySpeed = (a: Regime, b: Regime): number =>
  (a.deadline.hours ?? Number.POSITIVE_INFINITY) - (b.deadline.hours ?? Number.POSITIVE_INFINITY) ||
  (a.id < b.id ? -1 : 1);

const forGroups = (
  context: PlanContext,
  wanted: (regime: Regime) => boolean,
  make: (regime: Regime, group: LinkGroup) => Made,
): readonly Made[] => {
  const fitting = context.regimes.filter(
    (regime) => wanted(regime) && fitsFacts(regime, { ...context.facts, situation: "shared" }),
  );
  return noticeGroups(context).flatMap((group) => fitting.toSorted(bySpeed).map((regime) => make(regime, group)));
};

const OWN_LAW = new Set(["us-take-it-down", "us-dmca", "eu-gdpr-17"]);

export const REMOVE_RULES: readonly Rule[] = [
  {
    id: "service_own_form",
    stage: "remove",
    steps: (context) =>
      noticeGroups(context).flatMap((group) => {
        const report = group.service?.reports.find(({ what }) => what === "ncii") ?? group.service?.reports[0];
        return [
          act(
            report === undefined
              ? `Use the report beside each post on ${nameOf(group)}: intimate image shared without consent.`
              : `Report to ${nameOf(group)}: ${report.to}${report.says === undefined ? "" : `. ${report.says}`}`,
            "The service's own way is read first, and under some laws only it starts the clock.",
            {
              recipient: { kind: "platform", name: nameOf(group), ...(report === undefined ? {} : { to: report.to }) },
              links: urlsOf(group).slice(0, 500),
              linkCount: group.links.length,
              ...(report === undefined ? {} : { verified: report.verified }),
              ifRefused: ["The notices below, which the law obliges them to answer."],
            },
          ),
        ];
      }),
  },
  {
    id: "notice_of_your_country",
    stage: "remove",
    steps: (context) =>
      forGroups(
        context,
        ({ id, kind, jurisdiction, recipients }) =>
          kind === "notice" &&
          !OWN_LAW.has(id) &&
          jurisdiction !== "WORLD" &&
          recipients.includes("platform") &&
          isFor(jurisdiction, context.facts.person?.country),
        (regime, group) =>
          regimeStep(
            regime,
            context,
            `Send ${nameOf(group)} a notice: ${regime.name}.`,
            "It is the law where you live.",
            {
              recipient: { kind: "platform", name: nameOf(group) },
              links: urlsOf(group),
            },
          ),
      ),
  },
  {
    id: "take_it_down_act",
    stage: "remove",
    steps: (context) =>
      forGroups(
        context,
        ({ id }) => id === "us-take-it-down",
        (regime, group) =>
          regimeStep(
            regime,
            context,
            `Send ${nameOf(group)} a request under the TAKE IT DOWN Act, through its own process.`,
            context.facts.person?.country === "US"
              ? "Platforms in the United States must act within 48 hours."
              : "Platforms that serve the United States must act within 48 hours. Whether a request from elsewhere counts was not checked.",
            {
              recipient: { kind: "platform", name: nameOf(group) },
              links: urlsOf(group),
              isChoice: context.facts.person?.country !== "US",
            },
          ),
      ),
  },
  {
    id: "dmca_if_self_taken",
    stage: "remove",
    steps: (context) =>
      context.facts.origin === "self" && context.facts.person?.nameMayBeSeen === "yes"
        ? forGroups(
            context,
            ({ id }) => id === "us-dmca",
            (regime, group) =>
              regimeStep(
                regime,
                context,
                `Send ${nameOf(group)} a copyright notice (DMCA).`,
                "You took the picture, so it is yours. In a published audit this was the fastest way on one large platform. Your name and address can reach the uploader and a public archive.",
                { recipient: { kind: "platform", name: nameOf(group) }, links: urlsOf(group), isChoice: true },
              ),
          )
        : [],
  },
  {
    id: "dmca_held_back",
    stage: "remove",
    steps: (context) =>
      context.facts.origin === "self" &&
      context.facts.person?.nameMayBeSeen !== "yes" &&
      noticeGroups(context).length > 0
        ? [
            act(
              "A copyright notice (DMCA) would be possible, and is held back.",
              "It can put your name and address before the uploader and into a public archive. A lawyer or helpline can send it as your agent under their name.",
              {
                isChoice: true,
                identity: {
                  seenBy: ["recipient", "uploader", "public"],
                  says: "Name and address can reach the uploader.",
                },
              },
            ),
          ]
        : [],
  },
  {
    id: "no_copyright_in_deepfakes",
    stage: "remove",
    steps: ({ facts, groups }) =>
      facts.origin === "synthetic" && groups.length > 0
        ? [
            act(
              "Leave copyright aside: say that the picture is fake and shows you.",
              "Nobody owns a deepfake of you by copyright, and a notice that says otherwise can be held against you. The other ways all cover it.",
            ),
          ]
        : [],
  },
  {
    id: "gdpr_erasure",
    stage: "remove",
    steps: (context) =>
      isFor("EU", context.facts.person?.country)
        ? forGroups(
            context,
            ({ id }) => id === "eu-gdpr-17",
            (regime, group) =>
              regimeStep(
                regime,
                context,
                `Ask ${nameOf(group)} to erase your data (GDPR).`,
                "A second way, with a month's clock and an authority behind it.",
                {
                  recipient: { kind: "platform", name: nameOf(group) },
                  links: urlsOf(group),
                  isChoice: true,
                },
              ),
          )
        : [],
  },
  {
    id: "groups_and_file_hosts",
    stage: "remove",
    steps: (context) =>
      noticeGroups(context)
        .filter(({ service }) => service?.kind === "file_host" || service?.kind === "chat")
        .map((group) =>
          act(
            group.service?.kind === "file_host"
              ? `Report the file to ${nameOf(group)}, and also each place where its link stands.`
              : `Report the group or channel as well as each message on ${nameOf(group)}; name the group and the account.`,
            group.service?.kind === "file_host"
              ? "When the file is gone, every link to it is dead."
              : "Messages come back where the group stays.",
            {
              recipient: { kind: "platform", name: nameOf(group) },
              links: urlsOf(group).slice(0, 500),
              linkCount: group.links.length,
            },
          ),
        ),
  },
  {
    id: "host_after_silence",
    stage: "remove",
    steps: (context) =>
      noticeGroups(context)
        .filter(({ service }) => service === undefined)
        .map((group) =>
          act(
            `If ${group.domain} does not answer: write to who hosts it, then to the network in front of it (CDN), then to its registrar, then to the companies that pay it (payment, advertising).`,
            "They have contracts with the site. Beware: some pass the notice on with your name, and some sites publish notices. Say that it must not be passed on.",
            {
              recipient: { kind: "host", name: group.domain },
              links: urlsOf(group).slice(0, 500),
              linkCount: group.links.length,
              isChoice: true,
            },
          ),
        ),
  },
  {
    id: "shorteners",
    stage: "save",
    steps: ({ groups }) => {
      const links = groups.flatMap((group) => group.links.filter(({ isShortener }) => isShortener));
      return links.length === 0
        ? []
        : [
            act(
              "Find out where the short links lead: a notice has to name the page itself.",
              "A short link only leads on. Somebody you trust can open it for you.",
              {
                links: links.map(({ url }) => url).slice(0, 500),
                linkCount: links.length,
              },
            ),
          ];
    },
  },
  {
    id: "onion",
    stage: "police",
    steps: ({ groups }) =>
      groups.some((group) => group.links.some(({ isOnion }) => isOnion))
        ? [
            act(
              "For pages of the Tor network there is nobody to send a notice to. Police and hotlines can still use the address.",
              "We would rather say so than let you wait. Search engines do not show these pages.",
            ),
          ]
        : [],
  },
];

export const SEARCH_RULES: readonly Rule[] = [
  {
    id: "deindex",
    stage: "search",
    steps: (context) => {
      const links = context.groups.flatMap((group) => (isReachable(group) ? urlsOf(group) : []));
      if (links.length === 0 || context.facts.situation === "feared") return [];
      const synthetic = context.facts.origin === "synthetic";
      const ids = [synthetic ? "google-fake" : "google-intimate", "bing-concern"];
      return context.regimes
        .filter(({ id }) => ids.includes(id))
        .map((regime) =>
          regimeStep(
            regime,
            context,
            `Ask for the pages to be left out of search: ${regime.name}.`,
            "Search leads people to such pages. The source stays, so this comes beside the notices, not instead.",
            {
              recipient: { kind: "search", name: regime.name, ...(regime.url === null ? {} : { to: regime.url }) },
              links,
            },
          ),
        );
    },
  },
  {
    id: "site_that_charges",
    stage: "search",
    steps: (context) =>
      context.facts.asksMoneyForRemoval === "yes"
        ? [
            act(
              "Do not pay the site for removing it.",
              "Who pays is asked again, or finds the pictures on a sister site.",
            ),
            ...context.regimes
              .filter(({ id }) => id === "google-removal-fee")
              .map((regime) =>
                regimeStep(
                  regime,
                  context,
                  `Report it to Google: ${regime.name}.`,
                  "There is a form of its own for sites that charge.",
                  {
                    recipient: { kind: "search", name: "Google", ...(regime.url === null ? {} : { to: regime.url }) },
                  },
                ),
              ),
          ]
        : [],
  },
  {
    id: "name_in_search",
    stage: "search",
    steps: (context) =>
      context.facts.searchTerms === undefined
        ? []
        : context.regimes
            .filter(({ id }) => id === "google-name")
            .map((regime) =>
              regimeStep(
                regime,
                context,
                `Ask Google to break the link with your name: ${regime.name}.`,
                "Sexual results come up for a name that has nothing to do with them.",
                {
                  recipient: { kind: "search", name: "Google", ...(regime.url === null ? {} : { to: regime.url }) },
                  isChoice: true,
                },
              ),
            ),
  },
];
