import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";

/** Something that is there for who wants it. */
export const Fold = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Disclosure className="disclosure">
    <Heading level={3}>
      <Button slot="trigger" className="disclosure-button">
        {title}
      </Button>
    </Heading>
    <DisclosurePanel>{children}</DisclosurePanel>
  </Disclosure>
);
