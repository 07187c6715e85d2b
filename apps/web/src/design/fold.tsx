import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";

interface FoldProps {
  readonly title: string;
  /** Of its heading, one below what it stands under. */
  readonly level: 2 | 3 | 4;
  readonly startsOpen?: boolean;
  readonly onOpen?: () => void;
  readonly children: ReactNode;
}

/** Something that is there for who wants it. */
export const Fold = ({ title, level, startsOpen = false, onOpen, children }: FoldProps) => (
  <Disclosure
    className="disclosure"
    defaultExpanded={startsOpen}
    onExpandedChange={(isExpanded) => {
      if (isExpanded) onOpen?.();
    }}
  >
    <Heading level={level} className="no-print">
      <Button slot="trigger" className="disclosure-button">
        {title}
      </Button>
    </Heading>
    <DisclosurePanel>{children}</DisclosurePanel>
  </Disclosure>
);
