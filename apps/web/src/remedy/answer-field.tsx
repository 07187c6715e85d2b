import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField } from "react-aria-components/TextField";

interface AnswerFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly onPaste?: (text: string) => boolean;
  readonly error?: string | undefined;
  readonly type?: "text" | "email" | "tel" | "password" | "datetime-local";
  readonly maxLength?: number;
  /** How many lines are shown of a field that takes several; left out: one line. */
  readonly lines?: number;
  /** For addresses, which run from left to right in every language. */
  readonly isCode?: boolean;
}

/** An answer in the person's own words. Browsers are asked to remember nothing of it. */
export const AnswerField = ({
  label,
  hint,
  value,
  onChange,
  onBlur,
  onPaste,
  error,
  type = "text",
  maxLength,
  lines,
  isCode = type !== "text",
}: AnswerFieldProps) => {
  const shared = {
    dir: isCode ? "ltr" : "auto",
    className: isCode ? "answer-code" : "answer",
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(isCode ? { autoCapitalize: "none", autoCorrect: "off" } : {}),
  };
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      autoComplete="off"
      spellCheck="false"
      type={type === "datetime-local" ? "text" : type}
      {...(onBlur === undefined ? {} : { onBlur })}
    >
      <Label>{label}</Label>
      {hint !== undefined && (
        <Text slot="description" className="soft small">
          {hint}
        </Text>
      )}
      {lines === undefined ? (
        <Input {...shared} {...(type === "datetime-local" ? { type } : {})} />
      ) : (
        <TextArea
          {...shared}
          rows={lines}
          onPaste={(event) => {
            if (onPaste?.(event.clipboardData.getData("text/plain")) === true) event.preventDefault();
          }}
        />
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
};
