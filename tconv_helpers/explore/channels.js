// The operator on square images with channels, for the explorers: pure functions, no page. In an image,
// { n, channels, values }, the channels of a pixel lie side by side. A layer is { from, to, m, stride,
// padding, output_padding, weight, biases }; in its weight, what input channel c stamps with row a of the
// kernels lies side by side, as it does in the image.

import { convTransposeOutputSize, sampleAt } from "./operator.js";

// Where row a, column b of the kernel from channel c to channel o stands
export const placeOf = ({ from, to, m }, c, o, a, b) => ((a * from + c) * m + b) * to + o;

// The weight of PyTorch, (from, to, m, m), in this order
export function inRows(weight, layer) {
  const { from, to, m } = layer;
  const rows = new Float64Array(weight.length);
  let next = 0;
  for (let c = 0; c < from; c++) {
    for (let o = 0; o < to; o++) {
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) rows[placeOf(layer, c, o, a, b)] = weight[next++];
      }
    }
  }
  return rows;
}

// Each pixel stamps the kernels, scaled by its channels; overlaps are summed.
export function convTransposeChannels(x, layer) {
  const n = convTransposeOutputSize(x.n, layer.m, layer);
  const y = { n, channels: layer.to, values: biasAtEach(n, layer) };
  for (let i = 0; i < x.n; i++) for (let j = 0; j < x.n; j++) stamp(x, i, j, y, layer);
  return y;
}

// y_{u,v} += x_{i,j} W_{a,b}, row by row, where a ties u to i and b ties v to j
function stamp(x, i, j, y, layer) {
  const { from, to, m } = layer;
  const pixel = (i * x.n + j) * from;
  const channels = notZero(x.values, pixel, from);
  const [top, left] = [sampleAt(i, 0, layer), sampleAt(j, 0, layer)];
  const [first, end] = [Math.max(0, -left), Math.min(m, y.n - left)]; // the columns that are not cropped
  for (let a = Math.max(0, -top); a < Math.min(m, y.n - top); a++) {
    const row = { at: ((top + a) * y.n + left + first) * to, length: (end - first) * to };
    addRow(y.values, row, x.values, pixel, channels, layer.weight, placeOf(layer, 0, 0, a, first), m * to);
  }
}

// The channels of a pixel that stamp anything: after ReLU about half of them
function notZero(values, pixel, count) {
  const found = new Int32Array(count);
  let some = 0;
  for (let c = 0; c < count; c++) if (values[pixel + c] !== 0) found[some++] = c;
  return found.subarray(0, some);
}

// y += sum of x_c W_c over these channels, four of them at a time: that takes half the time
function addRow(y, { at, length }, x, pixel, channels, W, start, step) {
  const four = channels.length - (channels.length % 4);
  for (let j = 0; j < four; j += 4) {
    const [c, d, e, f] = [channels[j], channels[j + 1], channels[j + 2], channels[j + 3]];
    const [p, q, r, s] = [x[pixel + c], x[pixel + d], x[pixel + e], x[pixel + f]];
    const [C, D, E, F] = [start + c * step, start + d * step, start + e * step, start + f * step];
    for (let o = 0; o < length; o++) y[at + o] += p * W[C + o] + q * W[D + o] + r * W[E + o] + s * W[F + o];
  }
  for (let j = four; j < channels.length; j++) {
    const [value, C] = [x[pixel + channels[j]], start + channels[j] * step];
    for (let o = 0; o < length; o++) y[at + o] += value * W[C + o];
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
