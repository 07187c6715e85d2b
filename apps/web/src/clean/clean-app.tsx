/** Before you share: see what files give away, take it out, cover what identifies. */
import "./clean.css";
import type { Format } from "@recourse/scrub";
import { useCallback, useState } from "react";
import { Intro } from "../person/intro.tsx";
import { Young } from "../person/routed.tsx";
import type { CleanFile } from "./clean-file.ts";
import { Cleaned } from "./cleaned.tsx";
import { Cover } from "./cover/cover.tsx";
import { CoverVideo } from "./cover/video/cover-video.tsx";
import { useFileName } from "./file-card.tsx";
import { isVideo } from "./formats.ts";
import { Look } from "./look.tsx";
import { useArrival } from "./shared/use-arrival.ts";
import { FILES_LIMIT, useCleanFiles } from "./use-clean-files.ts";

type At = "intro" | "look" | "cleaned" | "young" | { readonly cover: CleanFile };

const LOSSLESS: readonly Format[] = ["png", "gif", "bmp", "tiff"];

interface CleanAppProps {
  /** Back to where the person came from; left out, this is where they came in. */
  readonly onBack?: () => void;
}

/** One screen at a time; what was chosen lives beside them, in memory only. */
export const CleanApp = ({ onBack }: CleanAppProps) => {
  const files = useCleanFiles();
  const [isFull, setFull] = useState(false);
  const { add } = files;
  const room = FILES_LIMIT - files.all.length;
  const take = useCallback(
    (chosen: readonly File[]): void => {
      setFull(chosen.length > room);
      add(chosen.slice(0, Math.max(0, room)));
    },
    [add, room],
  );
  // One more than there is room for: enough to say that there were more.
  const arrival = useArrival(FILES_LIMIT + 1, take);
  // Whoever shares to this page has been told how to leave it before they turned that on.
  const [at, setAt] = useState<At>(onBack === undefined && !arrival.isExpected ? "intro" : "look");
  const nameOf = useFileName();
  if (typeof at === "object") {
    const { cover: file } = at;
    const format = "seen" in file.state ? file.state.seen.report.format : "unknown";
    if (isVideo(format)) {
      return (
        <CoverVideo
          file={file.file}
          name={nameOf(file)}
          onCovered={(covered, sound) => {
            files.cover(file.id, { file: covered, sound });
            setAt("look");
          }}
          onBack={() => setAt("look")}
        />
      );
    }
    return (
      <Cover
        file={file.file}
        name={nameOf(file)}
        isAnimation={format === "gif"}
        // What was without loss stays so.
        type={LOSSLESS.includes(format) ? "image/png" : "image/jpeg"}
        onCovered={(covered) => {
          files.cover(file.id, { file: covered });
          setAt("look");
        }}
        onBack={() => setAt("look")}
      />
    );
  }
  switch (at) {
    case "intro":
      return <Intro onStart={() => setAt("look")} />;
    case "young":
      return <Young onBack={() => setAt("look")} />;
    case "look":
      return (
        <Look
          files={files}
          isFull={isFull}
          arrival={arrival}
          onFiles={take}
          onClean={() => {
            setFull(false);
            void files.cleanAll();
            setAt("cleaned");
          }}
          onCover={(cover) => setAt({ cover })}
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
