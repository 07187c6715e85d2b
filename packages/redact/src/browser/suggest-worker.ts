/** The worker of suggestions: decoded, looked at, forgotten. */
import { headOf } from "../suggest/heads.ts";
import { decodeUpright } from "./decode.ts";
import type { Suggestion, Suggestions, SuggestTask } from "./suggest-messages.ts";
import { answer } from "./work.ts";

answer("image_damaged", async ({ file, look, limits }: SuggestTask, progress): Promise<Suggestions> => {
  const picture = await decodeUpright(file, limits);
  try {
    const suggestions: Suggestion[] = [];
    if (look.includes("qr_code")) {
      const { findQrCodes } = await import("./qr-codes.ts");
      for (const points of findQrCodes(picture)) {
        suggestions.push({ kind: "qr_code", region: { kind: "polygon", points }, confidence: 1 });
      }
    }
    if (look.includes("text")) {
      // 1.3 MB of library and 4.7 MB of weights that only those load who ask for it.
      const { findWriting } = await import("./writing.ts");
      for (const { points, confidence } of await findWriting(picture, progress)) {
        suggestions.push({ kind: "text", region: { kind: "polygon", points }, confidence });
      }
    }
    if (look.includes("screen")) {
      // 1.3 MB of library and 10 MB of weights that only those load who ask for it.
      const { findScreens } = await import("./screens.ts");
      for (const { confidence, ...box } of await findScreens(picture, progress)) {
        suggestions.push({ kind: "screen", region: { kind: "rectangle", ...box }, confidence });
      }
    }
    if (look.includes("head")) {
      // 1.3 MB of library and 5.6 MB of weights that only those load who ask for it.
      const { findFaces } = await import("./faces.ts");
      for (const face of await findFaces(picture, progress)) {
        suggestions.push({ kind: "head", region: { kind: "ellipse", ...headOf(face) }, confidence: face.confidence });
      }
    }
    return { width: picture.width, height: picture.height, suggestions };
  } finally {
    picture.close();
  }
});
