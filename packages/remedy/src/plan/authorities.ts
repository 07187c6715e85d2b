/** Rules for authorities, police, courts, what comes later, and support. */
import { clockOf } from "../clock/clock.ts";
import { isFor } from "../law/places.ts";
import { fitsFacts, regimeStep } from "./regime-step.ts";
import { act, type Rule } from "./step.ts";

export const AUTHORITY_RULES: readonly Rule[] = [
  {
    id: "authority_of_your_country",
    stage: "authority",
    steps: (context) =>
      context.regimes
        .filter(
          (regime) =>
            regime.kind === "authority" &&
            isFor(regime.jurisdiction, context.facts.person?.country) &&
            fitsFacts(regime, context.facts),
        )
        .map((regime) =>
          regimeStep(
            regime,
            context,
            `Complain to the authority: ${regime.name}.`,
            "It can order the removal, and asks nothing of the uploader first.",
            {
              recipient: { kind: "regulator", name: regime.name, ...(regime.url === null ? {} : { to: regime.url }) },
            },
          ),
        ),
  },
  {
    id: "police_if_wanted",
    stage: "police",
    steps: (context) =>
      context.facts.police === "no" || context.facts.police === "already"
        ? []
        : context.regimes
            .filter(
              (regime) =>
                regime.kind === "criminal" &&
                // A directive is for states; what a person reports is the offence in their own country's law.
                regime.jurisdiction !== "EU" &&
                isFor(regime.jurisdiction, context.facts.person?.country) &&
                fitsFacts(regime, context.facts),
            )
            .map((regime) =>
              regimeStep(
                regime,
                context,
                `Report it to the police: ${regime.name}.`,
                "It is an offence. You decide whether and when; take what you saved with you and ask for the case number.",
                {
                  recipient: { kind: "police", name: regime.name },
                  isChoice: context.facts.police !== "yes",
                },
              ),
            ),
  },
  {
    id: "civil_action",
    stage: "later",
    steps: (context) =>
      context.regimes
        .filter(
          (regime) =>
            regime.kind === "civil" &&
            isFor(regime.jurisdiction, context.facts.person?.country) &&
            context.facts.uploader?.known === "yes" &&
            fitsFacts(regime, context.facts),
        )
        .map((regime) =>
          regimeStep(regime, context, `Ask a lawyer about a suit: ${regime.name}.`, "You know who did it.", {
            recipient: { kind: "court", name: regime.name },
            isChoice: true,
          }),
        ),
  },
];

export const LATER_RULES: readonly Rule[] = [
  {
    id: "clock_ran_out",
    stage: "remove",
    steps: (context) =>
      (context.facts.sent ?? []).flatMap((sent) => {
        const regime = context.regimes.find(({ id }) => id === sent.regime);
        if (regime === undefined || sent.answer === "removed") return [];
        const clock = clockOf(regime, sent, context.nowMs);
        if (clock.state !== "over" && sent.answer !== "refused") return [];
        return [
          regimeStep(
            regime,
            context,
            `Write to ${sent.recipient} again${sent.answer === "refused" ? ": it refused" : ": its time is over"}${
              regime.escalation[0] === undefined ? "." : `, and then: ${regime.escalation[0].says}`
            }`,
            sent.answer === "refused"
              ? "A refusal must be given reasons, and can be complained about."
              : "The time that the law gives is over.",
            { recipient: { kind: regime.recipients[0] ?? "platform", name: sent.recipient } },
          ),
        ];
      }),
  },
  {
    id: "reposted_again",
    stage: "later",
    steps: ({ facts }) =>
      facts.reposted === "yes"
        ? [
            act(
              facts.hasFile === true
                ? "Add the new copy to your case, and report the new links."
                : "Report the new links; say that it is the same picture.",
              "Copies come back. Services that take fingerprints stop them without you having to look.",
            ),
          ]
        : [],
  },
  {
    id: "look_again",
    stage: "later",
    steps: ({ found }) =>
      found.links.length > 0
        ? [
            act(
              "Have the links looked at again after a week and after a month. Somebody you trust can do it for you.",
              "Pages come back, and search engines need a while.",
              {
                isChoice: true,
              },
            ),
          ]
        : [],
  },
  {
    id: "support",
    stage: "support",
    steps: () => [
      act(
        "You don't have to do this alone. A helpline can do each of these steps with you.",
        "You can ask first what they would do, without giving a name.",
        { isChoice: true },
      ),
    ],
  },
];
