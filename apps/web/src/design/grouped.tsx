/** A number or key that breaks over lines only between pairs of its groups, so that it can be compared and copied out. */
export const Grouped = ({ value }: { readonly value: string }) => (
  <>
    {(value.match(/[^-]+(?:-[^-]+)?-?/g) ?? []).map((pair) => (
      <span key={pair} className="grouped">
        {pair}
      </span>
    ))}
  </>
);
