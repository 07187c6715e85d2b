/** What a person waits for who asks for a plan and letters: `remedy.*`. */
import { composeNotice, type Facts, findLinks, findRegime, makePlan, packCase, startCase } from "@recourse/remedy";
import { loadPackageFile } from "@recourse/remedy/node";
import { noticeToPdf } from "@recourse/remedy/pdf";
import type { Benchmarks, Figure } from "./figure.ts";
import { median, timeRuns } from "./measure.ts";

const RUNS = 9;
const NOW_MS = Date.parse("2026-11-27T12:00:00Z");

/** 500 links on 60 hosts, one in three known services, some defanged, with words between them. */
const PASTED = Array.from({ length: 500 }, (_, index) => {
  const host = ["x.com", "t.me", `pictures-${index % 58}-site.com`][index % 3] ?? "";
  const link = `https://${host}/person/album/${index}?page=${index % 7}`;
  return index % 10 === 0 ? `seen here: ${link.replace("https", "hxxps").replaceAll(".", "[.]")} (old)` : link;
}).join("\n");

const FACTS: Facts = {
  version: 1,
  ageWhenTaken: "adult",
  situation: "shared",
  origin: "self",
  places: PASTED,
  person: { name: "Person Example", email: "person@example.org", country: "DE", nameMayBeSeen: "yes" },
  picture: { description: "A photograph in front of a blue wall", consent: "never", recognisableBy: ["face"] },
  signature: { kind: "typed", value: "Person Example", signedOn: "2026-11-27" },
  confirmed: ["good_faith", "accurate"],
};

const planOf500 = async (): Promise<readonly Figure[]> => {
  const times = timeRuns(
    () => {
      const { links, steps } = makePlan(FACTS, NOW_MS);
      if (links.links.length !== 500 || steps.length < 60) throw new Error("not the plan that was to be measured");
    },
    { runs: RUNS, warmUp: 0 },
  );
  // The first is what a person waits for: nothing is compiled and no law is read yet.
  return [
    { figure: "remedy.links500.first_plan.ms", value: times[0] ?? 0, unit: "ms", n: 1 },
    { figure: "remedy.links500.plan.ms", value: median(times), unit: "ms", n: RUNS },
  ];
};

const paste10Mb = async (): Promise<readonly Figure[]> => {
  const text = `${PASTED}\n`.repeat(Math.ceil(10_485_760 / PASTED.length)).slice(0, 10_485_760);
  const times = timeRuns(
    () => {
      if (findLinks(text).links.length < 500) throw new Error("not the links that were to be found");
    },
    { runs: 3, warmUp: 0 },
  );
  return [{ figure: "remedy.paste10mb.ms", value: median(times), unit: "ms", n: 3 }];
};

const letters = async (): Promise<readonly Figure[]> => {
  const regime = findRegime("eu-dsa-16");
  const urls = findLinks(PASTED).links.map(({ url }) => url);
  if (regime === undefined) throw new Error("the regime is gone");
  const composed = composeNotice(FACTS, { regime, recipient: "Example Inc.", urls, nowMs: NOW_MS });
  if (!composed.ok || !composed.notice.complete) throw new Error("not a complete notice");
  const pdf: number[] = [];
  let sizeBytes = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    // One after the other, as each is timed by itself.
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await noticeToPdf(composed.notice, { loadFile: loadPackageFile });
    pdf.push(performance.now() - startedAt);
    if (!outcome.ok || outcome.missing.length > 0) throw new Error("not the letter that was to be measured");
    sizeBytes = outcome.bytes.length;
  }
  const started = startCase(FACTS);
  if (!started.ok) throw new Error("not a case");
  const sealed: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- as above
    const outcome = await packCase(started.case, NOW_MS, {
      passphrase: "four words and a half",
      random: (bytes) => crypto.getRandomValues(bytes),
    });
    sealed.push(performance.now() - startedAt);
    if (!outcome.ok) throw new Error("not packed");
  }
  return [
    { figure: "remedy.pdf500.ms", value: median(pdf), unit: "ms", n: RUNS },
    { figure: "remedy.pdf500.kb", value: sizeBytes / 1000, unit: "kB", n: 1 },
    { figure: "remedy.seal.ms", value: median(sealed), unit: "ms", n: RUNS },
  ];
};

export const figures: Benchmarks = {
  "remedy.links500.": planOf500,
  "remedy.paste10mb.": paste10Mb,
  "remedy.": letters,
};
