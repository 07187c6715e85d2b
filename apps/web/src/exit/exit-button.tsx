import { useEffect, useState } from "react";
import { Button } from "../design/button.tsx";
import { useText } from "../messages/translate.tsx";
import { exitPage } from "./exit-page.ts";

const PRESSES = 3;
const WINDOW_MS = 5_000;

/** How often Shift alone was pressed within the last five seconds, 0 to 2; the third time leaves. */
const useShiftPresses = (): number => {
  const [presses, setPresses] = useState(0);
  useEffect(() => {
    let times: number[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = (): void => {
      times = [];
      setPresses(0);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      // Any other key means Shift was for a capital letter.
      if (event.key !== "Shift") {
        if (times.length > 0) forget();
        return;
      }
      if (event.repeat) return;
      const now = performance.now();
      times = [...times.filter((time) => now - time < WINDOW_MS), now];
      if (times.length >= PRESSES) {
        exitPage();
        return;
      }
      setPresses(times.length);
      clearTimeout(timer);
      timer = setTimeout(forget, WINDOW_MS);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
      clearTimeout(timer);
    };
  }, []);
  return presses;
};

/** The button at the top of every page, with the three dots that count presses of Shift. */
export const ExitButton = () => {
  const t = useText();
  const presses = useShiftPresses();
  return (
    <>
      <Button kind="exit" onPress={exitPage}>
        {t("exit.button")}
      </Button>
      <span className="exit-dots" aria-hidden="true">
        {presses > 0 &&
          Array.from({ length: PRESSES }, (_unused, index) => (
            <span key={index} className={index < presses ? "exit-dot pressed" : "exit-dot"} />
          ))}
      </span>
      <span className="visually-hidden" role="status">
        {presses > 0 ? t("exit.press", { count: presses }) : ""}
      </span>
    </>
  );
};
