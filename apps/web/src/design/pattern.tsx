/** A PDQ hash as what it is: 16 by 16 light and dark squares. `hash` has 64 hex digits, word 15 first. */
export const Pattern = ({ hash, label }: { readonly hash: string; readonly label: string }) => {
  const dark: string[] = [];
  for (let row = 0; row < 16; row += 1) {
    const word = Number.parseInt(hash.slice(4 * (15 - row), 4 * (16 - row)), 16);
    for (let column = 0; column < 16; column += 1) {
      if ((word >> column) & 1) dark.push(`M${column} ${row}h1v1h-1z`);
    }
  }
  return (
    <svg className="pattern" viewBox="0 0 16 16" role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={dark.join("")} fill="currentColor" />
    </svg>
  );
};
