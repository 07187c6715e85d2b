/** Marks of direction and control characters in what people typed could turn the text around them. Line breaks stay. */
export const plain = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (mark) => (mark === "\n" ? mark : ""));
