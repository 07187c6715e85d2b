import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components/Checkbox";

interface TickProps {
  readonly children: ReactNode;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
}

/** A statement to agree to. */
export const Tick = ({ children, isSelected, onChange }: TickProps) => (
  <Checkbox className="option" isSelected={isSelected} onChange={onChange}>
    <span className="option-mark square" aria-hidden="true" />
    {children}
  </Checkbox>
);
