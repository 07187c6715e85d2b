/** Numbers, each written in one way only: how zeros are put could say something. */

/** The same value, exactly. `text` is a number of CSS or SVG; beyond any digits that are drawn it is cut. */
export const cleanNumber = (text: string): string => {
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/u.exec(text) ?? [];
  const digits = fraction.slice(0, MAX_DIGITS).replace(/0+$/u, "");
  const leading = whole.replace(/^0+/u, "");
  const power = exponent === "" ? 0 : Math.max(-MAX_POWER, Math.min(MAX_POWER, Number(exponent)));
  if (leading === "" && digits === "") return "0";
  const number = `${leading.slice(0, MAX_POWER) === "" ? "0" : leading.slice(0, MAX_POWER)}${digits === "" ? "" : `.${digits}`}`;
  return `${sign === "-" ? "-" : ""}${number}${power === 0 ? "" : `e${power}`}`;
};

/** Decoders take numbers as floats of 32 or 64 bits, whose digits end at 17. */
const MAX_DIGITS = 20;
const MAX_POWER = 300;
