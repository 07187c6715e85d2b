/** Before you share: see what files give away, take it out, cover what identifies. */
import "./clean.css";
import { useState } from "react";
import { Intro } from "../person/intro.tsx";
import { Young } from "../person/routed.tsx";
import { Cleaned } from "./cleaned.tsx";
import { Look } from "./look.tsx";
import { useCleanFiles } from "./use-clean-files.ts";

type At = "intro" | "look" | "cleaned" | "young";

interface CleanAppProps {
  /** Back to where the person came from; left out, this is where they came in. */
  readonly onBack?: () => void;
}

/** One screen at a time; what was chosen lives beside them, in memory only. */
export const CleanApp = ({ onBack }: CleanAppProps) => {
  const [at, setAt] = useState<At>(onBack === undefined ? "intro" : "look");
  const files = useCleanFiles();
  switch (at) {
    case "intro":
      return <Intro onStart={() => setAt("look")} />;
    case "young":
      return <Young onBack={() => setAt("look")} />;
    case "look":
      return (
        <Look
          files={files}
          onClean={() => {
            void files.cleanAll();
            setAt("cleaned");
          }}
          onCover={undefined}
          onYoung={() => {
            // No picture is kept on this way.
            files.clear();
            setAt("young");
          }}
          onBack={onBack}
        />
      );
    case "cleaned":
      return (
        <Cleaned
          files={files}
          onBack={() => setAt("look")}
          onMore={() => {
            files.clear();
            setAt("look");
          }}
        />
      );
  }
};
