/** A made-up case in which every question is answered. The names and numbers are of nobody. */
import type { Facts } from "../src/index.ts";

export const NOW_MS = Date.parse("2026-11-27T12:00:00Z");

export const FULL: Facts = {
  version: 1,
  ageWhenTaken: "adult",
  situation: "shared",
  origin: "self",
  hasFile: true,
  places: "https://x.com/a/status/1\nhttps://pictures.example.net/p/2",
  picture: {
    kind: "picture",
    description: "A photograph in front of a blue wall",
    recognisableBy: ["face", "mark"],
    consent: "private_only",
    takenOn: "summer 2025",
    paidFor: "no",
  },
  person: {
    name: "Person Example",
    email: "person@example.org",
    phone: "+1 555 0100",
    address: "1 Example Street, Example",
    country: "US",
    nameMayBeSeen: "yes",
    vulnerable: "no",
  },
  signature: { kind: "typed", value: "Person Example", signedOn: "2026-11-27" },
  confirmed: ["good_faith", "accurate", "perjury", "copyright_owner"],
  threat: { where: "a message" },
  priorSteps: "Reported beside the post on 1 November.",
  searchTerms: "person example",
  asksMoneyForRemoval: "yes",
  evidenceSaved: "yes",
};

/** The facts without what a path ("/person/email", "/confirmed/good_faith") leads to. */
export const without = (facts: Facts, path: string): Facts => {
  const copy = structuredClone(facts) as Record<string, unknown>; // any field may be taken out for a test
  const [, first = "", second] = path.split("/");
  if (second === undefined) delete copy[first];
  else if (first === "confirmed") copy["confirmed"] = (facts.confirmed ?? []).filter((what) => what !== second);
  else delete (copy[first] as Record<string, unknown>)[second];
  return copy as Facts;
};
