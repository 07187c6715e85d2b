import { type Facts, type Notice, toEml, toMailto } from "@recourse/remedy";
import type { ReactNode } from "react";
import { Button } from "../../design/button.tsx";
import { copyText } from "./copy-text.ts";
import { SavePdf } from "./save-pdf.tsx";
import { saveNeutral } from "../save-text.ts";
import { useWords } from "../words.tsx";

interface TakeLetterProps {
  readonly notice: Notice;
  readonly signature?: Facts["signature"];
  /** A bare mail address, or none yet. */
  readonly address: string | undefined;
  readonly onSay: (sentence: string) => void;
  /** More ways, after the files. */
  readonly children?: ReactNode;
}

/** The ways in which any letter is taken along. Nothing is sent from here. */
export const TakeLetter = ({ notice, signature, address, onSay, children }: TakeLetterProps) => {
  const t = useWords();
  const text = `${notice.subject}\n\n${notice.body}`;
  const mailto = address === undefined ? undefined : toMailto(notice, address);
  const save = (content: string, ending: "txt" | "eml"): void =>
    onSay(t("save.saved", { name: saveNeutral(content, ending) }));
  return (
    <>
      <div className="row">
        <Button kind="secondary" onPress={() => void copyText(text, t).then(onSay)}>
          {t("out.copy")}
        </Button>
        <Button kind="secondary" onPress={() => save(`${text}\n`, "txt")}>
          {t("out.text")}
        </Button>
        <SavePdf notice={notice} signature={signature} onSay={onSay} />
        {address !== undefined && (
          <Button kind="secondary" onPress={() => save(toEml(notice, { to: address }), "eml")}>
            {t("out.eml")}
          </Button>
        )}
        {mailto !== undefined && (
          <a className="button button-secondary" href={mailto}>
            {t("out.mailto")}
          </a>
        )}
        {children}
      </div>
      {address !== undefined && mailto === undefined && <p className="soft small">{t("out.mailto.long")}</p>}
    </>
  );
};
