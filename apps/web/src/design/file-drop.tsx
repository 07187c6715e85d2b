import { type ReactNode, useEffect } from "react";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Text } from "react-aria-components/Text";
import { Button } from "./button.tsx";
import { filesOf } from "./dropped-files.ts";

interface FileDropProps {
  readonly label: string;
  readonly button: string;
  /** Types and endings; some systems know no type for the endings. */
  readonly accept: readonly string[];
  readonly isPrimary: boolean;
  /** Must not change with every drawing. */
  readonly onFiles: (files: readonly File[]) => void;
  readonly children?: ReactNode;
}

/** Files that are dropped, also as folders, pasted anywhere in the page, or picked. */
export const FileDrop = ({ label, button, accept, isPrimary, onFiles, children }: FileDropProps) => {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    };
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, [onFiles]);
  return (
    <DropZone
      className="drop-zone"
      getDropOperation={() => "copy"}
      onDrop={({ items }) => void filesOf(items).then(onFiles)}
    >
      <Text slot="label">{label}</Text>
      <FileTrigger allowsMultiple acceptedFileTypes={accept} onSelect={(files) => onFiles([...(files ?? [])])}>
        <Button kind={isPrimary ? "primary" : "secondary"}>{button}</Button>
      </FileTrigger>
      {children}
    </DropZone>
  );
};
