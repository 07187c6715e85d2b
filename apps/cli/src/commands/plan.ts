/** `recourse plan FACTS.json`: what to do, in which order, and why. Nothing leaves this machine. */
import { Facts, makePlan, STAGES } from "@recourse/remedy";
import { cancellable } from "../cancel.ts";
import type { ExitStatus } from "../failure.ts";
import { factsFrom } from "../read-facts.ts";

/** The form that a file of facts has, as JSON Schema. */
export const printSchema = (): ExitStatus => {
  console.log(JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", ...Facts }));
  return 0;
};

const asText = (plan: ReturnType<typeof makePlan>): string =>
  STAGES.flatMap((stage) => {
    const steps = plan.steps.filter((step) => step.stage === stage);
    if (steps.length === 0) return [];
    return [
      stage.toUpperCase(),
      ...steps.flatMap(({ what, why, identity, time, confirm, isChoice, regime, linkCount }) => [
        `  * ${what}${isChoice ? " (your choice)" : ""}`,
        `      ${why}`,
        ...(linkCount === undefined ? [] : [`      links: ${linkCount}`]),
        ...(time === undefined ? [] : [`      time: ${time.says}`]),
        ...(identity === undefined ? [] : [`      your name: ${identity.says}`]),
        ...(confirm === undefined ? [] : [`      check first: ${confirm}`]),
        ...(regime === undefined ? [] : [`      recourse notice FACTS.json --regime ${regime} --out FOLDER`]),
      ]),
      "",
    ];
  }).join("\n");

export const runPlan = (file: string, json: boolean, nowMs: number): Promise<ExitStatus> =>
  cancellable(async (signal) => {
    const plan = makePlan(await factsFrom(file, signal), nowMs);
    if (json) console.log(JSON.stringify(plan));
    else {
      console.log(asText(plan));
      for (const { line, problem } of plan.links.problems) console.error(`places, line ${line}: ${problem}`);
      if (plan.links.more) console.error("There are more links than one plan takes; make another with the rest.");
      console.error(plan.disclaimer);
    }
    return 0;
  });
