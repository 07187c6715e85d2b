import { useState } from "react";
import { Button } from "../../design/button.tsx";
import { Tick } from "../../design/tick.tsx";
import { localeOf, useLanguage } from "../../messages/translate.tsx";
import { AnswerField } from "../answer-field.tsx";
import { textAt } from "../facts-at.ts";
import { saveNeutral } from "../save-text.ts";
import type { RemedyCase } from "../use-case.ts";
import { useWords } from "../words.tsx";

const ITEMS = ["link", "profile", "time", "screenshot", "messages"] as const;

interface SaveFirstProps {
  readonly remedyCase: RemedyCase;
  readonly links: readonly string[];
}

/** What to keep before it is gone: a list to go along, and notes to take away. Nothing is captured here. */
export const SaveFirst = ({ remedyCase: { draft, tell }, links }: SaveFirstProps) => {
  const t = useWords();
  const { code } = useLanguage();
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState<string>();
  const handle = textAt(draft, "/uploader/hint");
  const saveNotes = (): void => {
    const time = new Intl.DateTimeFormat(localeOf(code), { dateStyle: "full", timeStyle: "long" }).format(new Date());
    setName(
      saveNeutral([t("save.now", { time }), ...(handle === "" ? [] : [handle]), "", ...links, ""].join("\n"), "txt"),
    );
  };
  return (
    <div className="stack">
      <p>{t("save.lead")}</p>
      <div role="group" aria-label={t("save.list")} className="options">
        {ITEMS.map((item) => (
          <Tick
            key={item}
            isSelected={kept.has(item)}
            onChange={(isKept) => {
              const next = new Set(kept);
              if (isKept) next.add(item);
              else next.delete(item);
              setKept(next);
            }}
          >
            {t(`save.item.${item}`)}
          </Tick>
        ))}
      </div>
      <AnswerField
        label={t("save.handle")}
        hint={t("save.handle.hint")}
        value={handle}
        onChange={(value) => tell("/uploader/hint", value)}
        maxLength={500}
      />
      <div className="row">
        <Button kind="secondary" onPress={saveNotes}>
          {t("save.notes")}
        </Button>
      </div>
      <p role="status" className="soft small">
        {name === undefined ? "" : t("save.saved", { name })}
      </p>
    </div>
  );
};
