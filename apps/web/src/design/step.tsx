import { type ReactNode, useEffect, useRef } from "react";

/** The first screen leaves the focus where the browser has it: at the top, before the ways out. */
let isFirst = true;

/** A screen: its heading takes the focus when it appears, so that nobody has to look for what changed. */
export const Step = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isFirst) {
      isFirst = false;
      return;
    }
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  return (
    <div className="step">
      <h1 ref={heading} tabIndex={-1} className="no-print">
        {title}
      </h1>
      {children}
    </div>
  );
};
