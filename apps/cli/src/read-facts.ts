/** The facts of a case from a file of JSON, or standard input. Nothing of what stands in it gets into an error. */
import { type Facts, readFacts } from "@recourse/remedy";
import { CommandFailure } from "./failure.ts";
import { readBytes } from "./read-bytes.ts";

const placeOf = (at: string, isUnknown: boolean): string => {
  if (!isUnknown) return at === "" ? "at the top: a field is missing" : `at ${at}`;
  const above = at.slice(0, at.lastIndexOf("/"));
  return above === "" ? "at the top: a field is not known" : `at ${above}: a field is not known`;
};

/** Throws `facts_invalid` (with the path of the field), `file_unreadable`, `file_too_large`. */
export const factsFrom = async (file: string, signal: AbortSignal): Promise<Facts> => {
  const bytes = await readBytes(file, signal);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new CommandFailure("facts_invalid", 3, "it is not JSON in UTF-8");
  }
  const outcome = readFacts(value);
  if (!outcome.ok) throw new CommandFailure(outcome.code, 3, placeOf(outcome.at, outcome.isUnknown));
  return outcome.facts;
};
