import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";

interface TextFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly name: string;
  /** Phones offer capitals. */
  readonly inCapitals?: boolean;
  /** How many lines are shown of a field that takes several; left out: one line. */
  readonly lines?: number;
}

/** Text for numbers and keys: left to right in every language, never corrected, never remembered. */
export const TextField = ({ label, hint, value, onChange, error, name, inCapitals = false, lines }: TextFieldProps) => (
  <AriaTextField
    className="field"
    name={name}
    value={value}
    onChange={onChange}
    isInvalid={error !== undefined}
    autoComplete="off"
    spellCheck="false"
  >
    <Label>{label}</Label>
    <Text slot="description" className="soft small">
      {hint}
    </Text>
    {lines === undefined ? (
      <Input dir="ltr" autoCapitalize={inCapitals ? "characters" : "none"} autoCorrect="off" />
    ) : (
      <TextArea dir="ltr" rows={lines} autoCapitalize="none" autoCorrect="off" />
    )}
    <FieldError className="field-error">{error}</FieldError>
  </AriaTextField>
);
