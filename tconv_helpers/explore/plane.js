// The operator on a square image, one channel, for the explorers: pure functions, no page. A number of the
// settings stands for both axes; what refuses, refuses for each axis as in 1-D.

import { convOutputSize, termsOf } from "./operator.js";

export const square = (size, entry) =>
  Array.from({ length: size }, (_, u) => Array.from({ length: size }, (_, v) => entry(u, v)));

// The sum of a_{u,v} b_{u,v}
export function inner(a, b) {
  const others = b.flat();
  return a.flat().reduce((sum, value, at) => sum + value * others[at], 0);
}

// y_{i,j} = sum_{a,b} x_{i+a-1, j+b-1} k_{a,b} (Eq. 13), with stride and padding
export function conv2d(x, k, { stride = 1, padding = 0 } = {}) {
  const pixel = (u, v) => x[u - padding]?.[v - padding] ?? 0;
  return square(convOutputSize(x.length, k.length, { stride, padding }), (i, j) =>
    inner(k, square(k.length, (a, b) => pixel(stride * i + a, stride * j + b))),
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
