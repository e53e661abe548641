// What a kernel leaves of the copies of a constant, which zeros between samples make.

import { frequencyResponse } from "./phases.js";
import { fraction, short } from "./words.js";

// The size of its response at r/stride: at 0, where the constant is, and where its copies are
export const copiesOf = (k, stride) =>
  Array.from({ length: stride }, (_, r) => frequencyResponse(k, r / stride));

export function copiesInWords(copies) {
  const left = copies.slice(1).map(short);
  const places = left.map((_, j) => fraction(j + 1, copies.length));
  return `f = ${places.join(", ")}: ${left.join(", ")}`;
}
