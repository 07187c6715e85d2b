import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";

interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly kind?: "primary" | "secondary" | "quiet" | "exit";
  readonly type?: "button" | "submit";
  readonly isDisabled?: boolean;
  readonly label?: string;
  readonly slot?: string;
}

/** The one button. `label` replaces the visible text for screen readers, and begins with it. */
export const Button = ({
  children,
  onPress,
  kind = "primary",
  type = "button",
  isDisabled,
  label,
  slot,
}: ButtonProps) => (
  <AriaButton
    className={`button button-${kind}`}
    type={type}
    {...(onPress === undefined ? {} : { onPress })}
    {...(isDisabled === undefined ? {} : { isDisabled })}
    {...(label === undefined ? {} : { "aria-label": label })}
    {...(slot === undefined ? {} : { slot })}
  >
    {children}
  </AriaButton>
);
