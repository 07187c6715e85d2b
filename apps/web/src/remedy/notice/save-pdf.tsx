import type { Facts, Notice } from "@recourse/remedy";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../design/button.tsx";
import { makePdf } from "./make-pdf.ts";
import { saveNeutral } from "../save-text.ts";
import { useWords, type Words } from "../words.tsx";

interface SavePdfProps {
  readonly notice: Notice;
  /** Drawn under the letter if it is a drawing. */
  readonly signature?: Facts["signature"];
  /** What is to be said of it: that it is being made, then its name or what went wrong. */
  readonly onSay: (sentence: string) => void;
}

const save = async (t: Words, { notice, signature }: SavePdfProps, signal: AbortSignal): Promise<string> => {
  const answer = await makePdf({ notice, signature }, signal);
  if (answer.ok) {
    const saved = t("save.saved", { name: saveNeutral(answer.bytes, "pdf") });
    return answer.missing.length === 0 ? saved : `${saved} ${t("out.pdf.characters")}`;
  }
  switch (answer.code) {
    case "pdf_too_long":
      return t("out.pdf.long");
    case "cancelled":
      return t("out.pdf.stopped");
    case "pdf_failed":
      return t("out.pdf.failed");
  }
};

/** The letter as a PDF that is made on the device; while it is made, the same button stops it. */
export const SavePdf = (props: SavePdfProps) => {
  const t = useWords();
  const making = useRef<AbortController>(undefined);
  const [isMaking, setMaking] = useState(false);
  // Whoever leaves the screen wants it no more.
  useEffect(() => () => making.current?.abort(), []);
  const press = async (): Promise<void> => {
    if (making.current !== undefined) {
      making.current.abort();
      return;
    }
    const own = new AbortController();
    making.current = own;
    setMaking(true);
    props.onSay(t("out.pdf.making"));
    const said = await save(t, props, own.signal);
    making.current = undefined;
    setMaking(false);
    props.onSay(said);
  };
  return (
    <Button kind="secondary" onPress={() => void press()}>
      {t(isMaking ? "out.pdf.stop" : "out.pdf")}
    </Button>
  );
};
