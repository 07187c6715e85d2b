/** Handing a text or letter to the person as a download whose name says nothing. */
import { saveFile } from "../clean/save-files.ts";
import { neutralName } from "../clean/formats.ts";

type TextEnding = "txt" | "pdf" | "eml" | "ics" | "json" | "zip" | "dat";

const MEDIA_TYPES: Readonly<Record<TextEnding, string>> = {
  txt: "text/plain;charset=utf-8",
  pdf: "application/pdf",
  eml: "message/rfc822",
  ics: "text/calendar;charset=utf-8",
  json: "application/json",
  zip: "application/zip",
  dat: "application/octet-stream",
};

/** Answers the name it has. */
export const saveNeutral = (content: string | Uint8Array<ArrayBuffer>, ending: TextEnding): string => {
  const name = neutralName("zip").replace(/zip$/u, ending);
  saveFile(new Blob([content], { type: MEDIA_TYPES[ending] }), name);
  return name;
};
