// The operator on a square image, one channel, for the explorers: pure functions, no page. A number of the
// settings stands for both axes; what refuses, refuses for each axis as in 1-D.

import { convOutputSize, convTransposeOutputSize, inner, sampleAt, termsOf } from "./operator.js";

export const square = (size, entry) =>
  Array.from({ length: size }, (_, u) => Array.from({ length: size }, (_, v) => entry(u, v)));

// sum_{u,v} a_{u,v} b_{u,v}
export const inner2d = (a, b) => inner(a.flat(), b.flat());

// x with a margin of zeros
export const padded = (x, padding) =>
  square(x.length + 2 * padding, (u, v) => x[u - padding]?.[v - padding] ?? 0);

// Row i: the samples that the entries of a kernel of m tie to i, along either axis
const samplesAt = (n, m, settings) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_, a) => sampleAt(i, a, settings)));

// y_{i,j} = sum_{a,b} x_{i+a-1, j+b-1} k_{a,b} (Eq. 13), with stride, padding and dilation
export function conv2d(x, k, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const n = convOutputSize(x.length, k.length, { stride, padding, dilation });
  const [pixels, at] = [padded(x, padding), samplesAt(n, k.length, { stride, dilation })];
  return square(n, (i, j) => {
    let sum = 0;
    k.forEach((row, a) => row.forEach((entry, b) => (sum += pixels[at[i][a]][at[j][b]] * entry)));
    return sum;
  });
}

// Each pixel of y stamps the kernel, overlaps are summed.
export function convTranspose2d(y, k, settings = {}) {
  const stamped = square(convTransposeOutputSize(y.length, k.length, settings), () => 0);
  const at = samplesAt(y.length, k.length, settings);
  const stamp = (pixel, i, j) => {
    k.forEach((row, a) => {
      const line = stamped[at[i][a]] ?? []; // none where padding crops it
      row.forEach((entry, b) => {
        if (at[j][b] in line) line[at[j][b]] += pixel * entry;
      });
    });
  };
  y.forEach((row, i) => row.forEach((pixel, j) => stamp(pixel, i, j)));
  return stamped;
}

// How many stamps reach each pixel
export function overlaps(n, m, settings = {}) {
  const terms = termsOf(n, m, settings);
  return square(terms.length, (u, v) => terms[u].length * terms[v].length);
}
