import { type ReactNode, useEffect, useRef } from "react";

interface NoticeProps {
  readonly children: ReactNode;
  readonly kind?: "plain" | "attention" | "good";
  /** Said by screen readers as soon as it appears, and brought into view. */
  readonly isAlert?: boolean;
}

export const Notice = ({ children, kind = "plain", isAlert = false }: NoticeProps) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAlert) box.current?.scrollIntoView({ block: "nearest" });
  }, [isAlert]);
  return (
    <div ref={box} className={`notice notice-${kind} no-print`} {...(isAlert ? { role: "alert" } : {})}>
      {children}
    </div>
  );
};
