import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextField as AriaTextField } from "react-aria-components/TextField";

interface TextFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  /** For secrets of this page: browsers don't keep them in their history of forms. */
  readonly name: string;
}

/** A line of text for a number or key: left to right in every language, never corrected, never remembered. */
export const TextField = ({ label, hint, value, onChange, error, name }: TextFieldProps) => (
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
    <Input dir="ltr" autoCapitalize="characters" autoCorrect="off" />
    <FieldError className="field-error">{error}</FieldError>
  </AriaTextField>
);
