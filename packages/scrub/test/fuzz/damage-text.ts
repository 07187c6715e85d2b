/** Damage to XML that leaves it XML more often than not: whole tags, attributes and words change places. */
import type { Random } from "./mutate.ts";

const PARTS = /<[^>]{0,400}>|[\w:-]+="[^"]{0,200}"|[\w#.-]+/gu;
const WORDS =
  'none|hidden|url(#g)|#s|0|-1|1e9|0%|<g>|</g>|<g display="none">|<defs>|</defs>|<style>|</style>|<text>|</text>|<!--|-->|<![CDATA[|]]>|&lt;|&#x41;|id="s"|class="h"|style="fill:red"|href="#s"|xlink:href="#g"|opacity="0"|visibility="hidden"|visibility="visible"|*{display:none}|.h{fill:url(#g)!important}|<use href="#s"/>|<set attributeName="display" to="inline"/>|<switch>|</switch>|filter="url(#f)"|<a>|</a>|systemLanguage="en"|<tspan>|</tspan>|\\0041 |/*|*/|{|}|;|:|,|\u200b\u200b\u200b|xml:space="preserve"'.split(
    "|",
  );

const partsOf = (text: string): readonly { readonly at: number; readonly text: string }[] =>
  Array.from(text.matchAll(PARTS), (found) => ({ at: found.index, text: found[0] }));

/** One to four changes. Bytes that are no UTF-8 come out changed. */
export const damageText = (bytes: Buffer, other: Buffer, random: Random): Buffer => {
  let text = bytes.toString();
  const others = partsOf(other.toString());
  for (let left = 1 + random(4); left > 0; left -= 1) {
    const parts = partsOf(text);
    const part = parts[random(parts.length)];
    if (part === undefined) return Buffer.from(text);
    const end = part.at + part.text.length;
    const word =
      random(2) === 0 ? (WORDS[random(WORDS.length)] ?? "") : (others[random(Math.max(1, others.length))]?.text ?? "");
    switch (random(4)) {
      case 0:
        text = text.slice(0, part.at) + text.slice(end);
        break;
      case 1:
        text = text.slice(0, part.at) + word + text.slice(end);
        break;
      case 2:
        text = text.slice(0, end) + (random(2) === 0 ? " " : "") + word + text.slice(end);
        break;
      default:
        text = text.slice(0, end) + part.text + text.slice(end);
    }
  }
  return Buffer.from(text);
};
