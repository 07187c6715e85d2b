import type { Facts, Notice } from "@recourse/remedy";
import { useRef } from "react";
import { Button } from "../design/button.tsx";
import { saveNeutral } from "./save-text.ts";
import { useWords, type Words } from "./words.tsx";

interface SavePdfProps {
  readonly notice: Notice;
  /** Drawn under the letter if it is a drawing. */
  readonly signature?: Facts["signature"];
  /** What is to be said of it: that it is being made, then its name or what went wrong. */
  readonly onSay: (sentence: string) => void;
}

const save = async (t: Words, { notice, signature }: SavePdfProps): Promise<string> => {
  try {
    const { makePdf } = await import("./make-pdf.ts");
    const outcome = await makePdf(notice, signature);
    if (!outcome.ok) return t("out.pdf.long");
    const saved = t("save.saved", { name: saveNeutral(outcome.bytes, "pdf") });
    return outcome.missing.length === 0 ? saved : `${saved} ${t("out.pdf.characters")}`;
  } catch {
    return t("out.pdf.failed");
  }
};

/** The letter as a PDF that is made on the device. */
export const SavePdf = (props: SavePdfProps) => {
  const t = useWords();
  const isMaking = useRef(false);
  const press = async (): Promise<void> => {
    // A second press while it is made would only save it twice; a button that went dead would lose the focus.
    if (isMaking.current) return;
    isMaking.current = true;
    props.onSay(t("out.pdf.making"));
    props.onSay(await save(t, props));
    isMaking.current = false;
  };
  return (
    <Button kind="secondary" onPress={() => void press()}>
      {t("out.pdf")}
    </Button>
  );
};
