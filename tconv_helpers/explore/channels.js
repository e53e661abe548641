// The operator on square images with channels, for the explorers: pure functions, no page. In an image,
// { n, channels, values }, the channels of a pixel lie side by side; in the weight of a layer, { from, to, m,
// stride, padding, output_padding, weight, biases }, each tap (a, b) is a matrix of `from` rows and `to`
// columns.

import { convTransposeOutputSize, sampleAt } from "./operator.js";

// The weight of PyTorch, (in, out, m, m), as taps
export function byTaps(weight, { from, to, m }) {
  const taps = new Float64Array(weight.length);
  for (let pair = 0; pair < from * to; pair++) {
    for (let tap = 0; tap < m * m; tap++) taps[tap * from * to + pair] = weight[pair * m * m + tap];
  }
  return taps;
}

// Each pixel stamps the kernels, scaled by its channels; overlaps are summed.
export function convTransposeChannels(x, layer) {
  const n = convTransposeOutputSize(x.n, layer.m, layer);
  const y = { n, channels: layer.to, values: biasAtEach(n, layer) };
  const taps = [...Array(layer.m).keys()];
  const outputs = (i) => taps.map((a) => ({ a, u: sampleAt(i, a, layer) }));
  const inside = ({ u }) => u >= 0 && u < n;
  const reached = Array.from({ length: x.n }, (_, i) => outputs(i).filter(inside)); // the same on both axes
  reached.forEach((rows, i) =>
    reached.forEach((columns, j) => stamp(x, i * x.n + j, y, rows, columns, layer)),
  );
  return y;
}

// y += x W at each output (u, v) that a pixel of x reaches by tap (a, b). A channel that is 0 stamps nothing:
// after ReLU about half of them.
function stamp(x, pixel, y, rows, columns, { from, to, m, weight }) {
  const start = pixel * from;
  const channels = [...Array(from).keys()].filter((c) => x.values[start + c] !== 0);
  for (const { a, u } of rows) {
    for (const { a: b, u: v } of columns) {
      const [at, tap] = [(u * y.n + v) * to, (a * m + b) * from * to];
      addProduct(y.values, at, x.values, start, channels, weight, tap, to);
    }
  }
}

// y_o += sum of x_c W_{c,o} over these channels, four of them at a time: that takes half the time
function addProduct(y, at, x, start, channels, W, tap, to) {
  const four = channels.length - (channels.length % 4);
  for (let j = 0; j < four; j += 4) {
    const [c, d, e, f] = [channels[j], channels[j + 1], channels[j + 2], channels[j + 3]];
    const [p, q, r, s] = [x[start + c], x[start + d], x[start + e], x[start + f]];
    const [C, D, E, F] = [tap + c * to, tap + d * to, tap + e * to, tap + f * to];
    for (let o = 0; o < to; o++) y[at + o] += p * W[C + o] + q * W[D + o] + r * W[E + o] + s * W[F + o];
  }
  for (let j = four; j < channels.length; j++) {
    const [value, row] = [x[start + channels[j]], tap + channels[j] * to];
    for (let o = 0; o < to; o++) y[at + o] += value * W[row + o];
  }
}

// A bias for each channel, or one for each channel and phase
function biasAtEach(n, { to, stride, biases }) {
  const values = new Float64Array(n * n * to);
  const phases = biases.length === to ? 1 : stride;
  for (let place = 0; place < n * n; place++) {
    const [u, v] = [Math.floor(place / n), place % n];
    const phase = (u % phases) * phases + (v % phases);
    for (let o = 0; o < to; o++) values[place * to + o] = biases[o * phases * phases + phase];
  }
  return values;
}
