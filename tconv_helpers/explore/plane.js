// The operator on a square image, one channel, for the explorers: pure functions, no page. A number of the
// settings stands for both axes; what refuses, refuses for each axis as in 1-D.

import { convOutputSize, inner, sampleAt, termsOf } from "./operator.js";

export const square = (size, entry) =>
  Array.from({ length: size }, (_, u) => Array.from({ length: size }, (_, v) => entry(u, v)));

// sum_{u,v} a_{u,v} b_{u,v}
export const inner2d = (a, b) => inner(a.flat(), b.flat());

// x with a margin of zeros
export const padded = (x, padding) =>
  square(x.length + 2 * padding, (u, v) => x[u - padding]?.[v - padding] ?? 0);

// y_{i,j} = sum_{a,b} x_{i+a-1, j+b-1} k_{a,b} (Eq. 13), with stride, padding and dilation
export function conv2d(x, k, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const [pixels, at] = [padded(x, padding), (i, a) => sampleAt(i, a, { stride, dilation })];
  return square(convOutputSize(x.length, k.length, { stride, padding, dilation }), (i, j) =>
    inner2d(k, square(k.length, (a, b) => pixels[at(i, a)][at(j, b)])),
  );
}

// Each pixel of y stamps the kernel, overlaps are summed.
export function convTranspose2d(y, k, settings = {}) {
  const terms = termsOf(y.length, k.length, settings); // the same on both axes
  return square(terms.length, (u, v) => {
    let sum = 0;
    for (const row of terms[u]) for (const column of terms[v]) sum += y[row.i][column.i] * k[row.a][column.a];
    return sum;
  });
}

// How many stamps reach each pixel
export function overlaps(n, m, settings = {}) {
  const terms = termsOf(n, m, settings);
  return square(terms.length, (u, v) => terms[u].length * terms[v].length);
}
