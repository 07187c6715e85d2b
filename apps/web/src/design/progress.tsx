import { ProgressBar } from "react-aria-components/ProgressBar";

/** A bar with its words. `fraction` is 0 to 1; left out, how far it is can't be told. */
export const Progress = ({ label, fraction }: { readonly label: string; readonly fraction?: number }) => (
  <ProgressBar
    className="progress"
    aria-label={label}
    {...(fraction === undefined ? { isIndeterminate: true } : { value: 100 * fraction })}
  >
    <span className="soft small">{label}</span>
    <div className="progress-track">
      <div className="progress-fill" style={{ inlineSize: `${100 * (fraction ?? 0.3)}%` }} />
    </div>
  </ProgressBar>
);
