import type { ReactNode } from "react";

/** A link to somewhere else: in a tab of its own, so that nothing entered here is lost, and without telling whence. */
export const OutsideLink = ({ site, children }: { readonly site: string; readonly children: ReactNode }) => (
  <a className="link" href={`https://${site}`} target="_blank" rel="noreferrer noopener">
    {children}
  </a>
);
