/** Rules for what comes first: who must not be handled here, danger, threats, saving, fingerprints. */
import { act, type Rule } from "./step.ts";

const YOUTH_ROUTES: readonly (readonly [name: string, where: string, to: string])[] = [
  ["Take It Down (NCMEC)", "worldwide, for pictures taken before you were 18", "https://takeitdown.ncmec.org"],
  ["Report Remove (Childline, IWF)", "United Kingdom", "https://www.childline.org.uk/remove"],
  ["Need Help Now", "Canada", "https://needhelpnow.ca"],
  ["Internet Watch Foundation", "to report a page, anywhere", "https://report.iwf.org.uk"],
];

export const FIRST_RULES: readonly Rule[] = [
  {
    id: "danger_first",
    stage: "first",
    steps: ({ facts }) =>
      facts.danger === true
        ? [
            act(
              "Talk to somebody now: the emergency number of your country, or a crisis line.",
              "You said that you are in danger or thinking of hurting yourself. Everything else can wait.",
            ),
          ]
        : [],
  },
  {
    id: "under_18_routes",
    stage: "first",
    steps: ({ facts: { ageWhenTaken } }) =>
      ageWhenTaken === "minor" || ageWhenTaken === "unsure"
        ? YOUTH_ROUTES.map(([name, where, to]) =>
            act(
              `Go to ${name}: ${where}.`,
              "Pictures of people under 18 are never handled here. Do not copy, download or photograph the picture, not even to report it.",
              { recipient: { kind: "regulator", name, to } },
            ),
          )
        : [],
  },
  {
    id: "ask_age",
    stage: "first",
    steps: ({ facts }) =>
      facts.ageWhenTaken === undefined
        ? [
            act(
              "Say whether the person was 18 or older when the picture was taken.",
              "For younger people there are other ways, which are faster and keep you safe from harm by the law. Without an answer no plan is made.",
            ),
          ]
        : [],
  },
];

/** Only these apply without an answer to the first question, or for somebody under 18. */
export const UNDER_18_RULES: ReadonlySet<string> = new Set(["danger_first", "under_18_routes", "ask_age"]);

export const THREAT_RULES: readonly Rule[] = [
  {
    id: "threat_do_not_pay",
    stage: "first",
    steps: ({ facts }) =>
      facts.situation === "threatened"
        ? [
            act(
              facts.threat?.paid === true
                ? "Do not pay again, and send no more pictures. That you paid is not your fault."
                : "Do not pay, and send no more pictures.",
              "Paying does not end it: who is paid can ask again.",
            ),
          ]
        : [],
  },
  {
    id: "threat_stop_contact",
    stage: "first",
    steps: ({ facts }) =>
      facts.situation === "threatened"
        ? [
            act(
              "Stop answering. Do not delete the conversation or your account.",
              "Each answer shows that you can be reached; and the messages are evidence.",
            ),
          ]
        : [],
  },
  {
    id: "threat_keep_messages",
    stage: "save",
    steps: ({ facts }) =>
      facts.situation === "threatened"
        ? [
            act(
              "Save the messages, the account's name and address, and any payment details that were asked for.",
              "Platforms, police and banks need them. Show numbers or handles, not the names you gave to contacts.",
            ),
          ]
        : [],
  },
  {
    id: "threat_report_account",
    stage: "remove",
    steps: ({ facts }) =>
      facts.situation === "threatened"
        ? [
            act(
              "Report the account to the platform where the threat came from, as blackmail or threat with intimate images, then block it.",
              "Most platforms forbid it and close such accounts. Save before you report: what is removed can't be saved any more.",
            ),
          ]
        : [],
  },
];

export const SAVE_RULES: readonly Rule[] = [
  {
    id: "save_before_remove",
    stage: "save",
    steps: ({ facts, found }) =>
      facts.evidenceSaved !== "yes" &&
      facts.situation !== "feared" &&
      (found.links.length > 0 || facts.situation === "shared")
        ? [
            act(
              "Save first, if you want to: each link, the profile's link and name, date and time with zone, and a screenshot with the address visible.",
              "Removal may destroy what police or a court would need. It is your choice: removing at once is just as right.",
              { isChoice: true },
            ),
          ]
        : [],
  },
];

export const PROTECT_RULES: readonly Rule[] = [
  {
    id: "fingerprint",
    stage: "protect",
    steps: ({ facts }) =>
      facts.hasFile === true
        ? [
            act(
              "Make fingerprints of the pictures on your device, here and at StopNCII.org.",
              "Platforms that take part can stop copies before anybody sees them. The pictures never leave your device.",
            ),
          ]
        : [],
  },
  {
    id: "no_file_needed",
    stage: "protect",
    steps: ({ facts, found }) =>
      facts.hasFile === false && found.links.length > 0
        ? [
            act(
              "You do not need the file. A link is enough for every notice below.",
              "Fingerprints can be added later, if you ever have a copy. Do not download it for that if you would rather not see it.",
            ),
          ]
        : [],
  },
  {
    id: "feared_prepare",
    stage: "protect",
    steps: ({ facts }) =>
      facts.situation === "feared"
        ? [
            act(
              "Nothing has to be sent anywhere yet. Change the passwords of accounts and clouds that hold the pictures, and turn on the second step of signing in.",
              "Pictures also get out through shared accounts, clouds and lost devices.",
              { isChoice: true },
            ),
          ]
        : [],
  },
];
