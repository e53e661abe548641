// The windowed sinc, the kernel that removes the copies best: a pure function, no page.

// Nine times the sinc that is 0 at each stride-th place but the first, under a Hann window, in whole numbers;
// an odd number of entries, `most` at most
export function windowedSincInWholes(stride, most) {
  const m = Math.min(4 * stride - 1, most - 1 + (most % 2));
  return Array.from({ length: m }, (_, a) => {
    const turn = (Math.PI * (a - (m - 1) / 2)) / stride;
    const window = Math.cos((turn * stride) / (m + 1)) ** 2;
    return Math.round(9 * (turn ? Math.sin(turn) / turn : 1) * window) + 0;
  });
}
