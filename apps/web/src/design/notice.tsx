import type { ReactNode } from "react";

interface NoticeProps {
  readonly children: ReactNode;
  readonly kind?: "plain" | "attention" | "good";
  /** Said by screen readers as soon as it appears. */
  readonly isAlert?: boolean;
}

export const Notice = ({ children, kind = "plain", isAlert = false }: NoticeProps) => (
  <div className={`notice notice-${kind}`} {...(isAlert ? { role: "alert" } : {})}>
    {children}
  </div>
);
