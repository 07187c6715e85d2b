/** Path data (SVG 2, 9.3), written anew: up to the first mistake, as it is drawn; null if nothing is. */
import { cleanNumber } from "./numbers.ts";

const COUNT: Readonly<Record<string, number>> = { m: 2, z: 0, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7 };
const NUMBER = /[ \t\r\n\f,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const FLAG = /[ \t\r\n\f,]*([01])/y;
const COMMAND = /[ \t\r\n\f,]*([MmZzLlHhVvCcSsQqTtAa])/y;

export interface PathData {
  readonly text: string;
  readonly isWhole: boolean;
}

export const cleanPath = (data: string): PathData => {
  const parts: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(data);
    if (found === null) return null;
    at = pattern.lastIndex;
    return found[1] ?? null;
  };
  for (;;) {
    const command = take(COMMAND);
    if (command === null || (parts.length === 0 && !/m/iu.test(command))) break;
    const kind = command.toLowerCase();
    const count = COUNT[kind] ?? 0;
    let sets = 0;
    let isCut = false;
    while (count > 0) {
      const from = at;
      const numbers: string[] = [];
      while (numbers.length < count) {
        const isFlag = kind === "a" && (numbers.length === 3 || numbers.length === 4);
        const number = take(isFlag ? FLAG : NUMBER);
        if (number === null) break;
        numbers.push(cleanNumber(number));
      }
      if (numbers.length < count) {
        isCut = numbers.length > 0 || sets === 0;
        if (!isCut) at = from;
        break;
      }
      parts.push((sets === 0 ? command : " ") + numbers.join(" "));
      sets += 1;
    }
    if (count === 0) parts.push(command);
    if (isCut) return { text: parts.join(""), isWhole: false };
  }
  return { text: parts.join(""), isWhole: /^[ \t\r\n\f,]*$/u.test(data.slice(at)) };
};
