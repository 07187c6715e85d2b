import { useState } from "react";
import { Button } from "../design/button.tsx";
import { Grouped } from "../design/grouped.tsx";
import { useText } from "../messages/translate.tsx";

/** A number or key, large and easy to copy. */
export const SecretLine = ({ name, value }: { readonly name: string; readonly value: string }) => {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    // Where the browser refuses, the text is still there to select.
    void navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="field">
      <span className="label">{name}</span>
      <bdi className="code secret">
        <Grouped value={value} />
      </bdi>
      <span className="row no-print">
        <Button kind="secondary" onPress={copy}>
          {t("done.copy", { what: name })}
        </Button>
        <span role="status" className="soft">
          {isCopied ? t("done.copied") : ""}
        </span>
      </span>
    </div>
  );
};
