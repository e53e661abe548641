// Numbers, sums and letters, as they are shown and read aloud.

import { make } from "./elements.js";

const INDEX = /_(\d+(?:,\d+)?)/; // of y_3 and y_2,3; output_padding has none

export const minus = (value) => String(value).replace("-", "−");
export const list = (values) => values.map(minus).join(" ");
export const short = (value) => String(Number(value.toFixed(1)));
export const sum = (terms) => terms.join(" + ") || "0";
export const product = (...factors) => factors.map((v) => (v < 0 ? `(${minus(v)})` : v)).join("·");

// p/q in its lowest terms: 2/4 is 1/2
export function fraction(p, q) {
  let [common, rest] = [q, p % q];
  while (rest) [common, rest] = [rest, common % rest];
  return `${p / common}/${q / common}`;
}

// A line where of `full` outputs, along each axis, padding leaves one: that is likely a mistake.
export const croppedToOne = (size, full, all) =>
  size === 1 && full > 1 ? [`Careful: padding crops all but one of ${all}.`] : [];

// The index set low: in a sentence, and in the SVG text of a mark
export const typeset = (text) => text.split(INDEX).map((part, i) => (i % 2 ? make("sub", {}, part) : part));
export const indexed = (text) => text.replace(INDEX, '<tspan class="low" dy="0.3em">$1</tspan>');
