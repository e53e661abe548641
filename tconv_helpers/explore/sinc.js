// A windowed sinc, which leaves little of the copies and none of a constant's: a pure function, no page.

import { phaseSums } from "./phases.js";

// The sinc that is 0 at each stride-th place but the first, under a cosine, in whole numbers; an odd number
// of entries, `most` at most. Rounding would leave a checkerboard but for the peak: the first with equal
// phase sums.
export function windowedSincInWholes(stride, most) {
  const m = Math.min(4 * stride - 1, most - 1 + (most % 2));
  const kernel = (peak) =>
    Array.from({ length: m }, (_, a) => {
      const place = Math.PI * (a - (m - 1) / 2);
      const turn = place / stride;
      return Math.round(peak * (turn ? Math.sin(turn) / turn : 1) * Math.cos(place / (m + 1))) + 0;
    });
  return [9, 8, 7, 6].map(kernel).find((k) => new Set(phaseSums(k, stride)).size === 1);
}
