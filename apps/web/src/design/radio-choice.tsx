import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";

interface RadioChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  /** Side by side, for short answers. */
  readonly isRow?: boolean;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
}

/** A question with one answer. */
export const RadioChoice = <Value extends string>({
  label,
  value,
  onChange,
  isRow = false,
  options,
}: RadioChoiceProps<Value>) => (
  <RadioGroup
    className="field"
    value={value ?? null}
    onChange={(chosen) => {
      const option = options.find((each) => each.value === chosen);
      if (option !== undefined) onChange(option.value);
    }}
  >
    <Label className="label">{label}</Label>
    <div className={isRow ? "options options-row" : "options"}>
      {options.map((option) => (
        <Radio key={option.value} value={option.value} className="option">
          <span className="option-mark" aria-hidden="true" />
          {option.text}
        </Radio>
      ))}
    </div>
  </RadioGroup>
);
