// A generator of transposed convolutions, on the client: pure functions, no page. It knows each layer's
// arguments and all numbers, as generator/stamping.py sends them.

import { convTransposeChannels, inRows, placeOf } from "./channels.js";

// The number in two bytes: sign, exponent, fraction
export function half(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
  return bits >> 15 ? -size : size;
}

// The layers, first to last, each with the numbers that follow those of the one before it
export function layersOf(links, bytes) {
  let begin = 0;
  const read = (count) => {
    const numbers = new Float64Array(count);
    for (let i = 0; i < count; i++) numbers[i] = half(bytes.getUint16(begin + 2 * i, true));
    begin += 2 * count;
    return numbers;
  };
  return links.map((link) => {
    const { from, to, m, biases, classes } = link;
    const [mean, variance] = [read(classes && from), read(classes && from)];
    const [scale, shift] = [read(classes * from), read(classes * from)];
    const weight = inRows(read(from * to * m * m), link);
    return { ...link, norm: classes > 0, mean, variance, scale, shift, weight, biases: read(biases) };
  });
}

// A kernel's shape along one axis; factor: how many times larger the layer makes its images
const SHAPES = {
  nearest: (a, { factor, padding }) => (padding <= a && a < padding + factor ? 1 : 0),
  bilinear: (a, { factor, m }) => Math.max(0, 1 - Math.abs(a - (m - 1) / 2) / factor),
  ones: () => 1,
};

// The layer with kernels of another shape, each with the sum of the one whose place it takes
export function swapped(layer, kernel) {
  if (kernel === "trained") return layer;
  const { from, to, m } = layer;
  const factor = layer.norm ? layer.stride : m; // the first makes m × m of one pixel
  const along = Array.from({ length: m }, (_, a) => SHAPES[kernel](a, { factor, ...layer }));
  const entries = along.flatMap((p, a) => along.map((q, b) => ({ a, b, share: p * q })));
  const all = entries.reduce((sum, { share }) => sum + share, 0);
  const weight = new Float64Array(layer.weight.length);
  for (let c = 0; c < from; c++) {
    for (let o = 0; o < to; o++) {
      const sum = entries.reduce((sum, { a, b }) => sum + layer.weight[placeOf(layer, c, o, a, b)], 0);
      for (const { a, b, share } of entries) weight[placeOf(layer, c, o, a, b)] = (sum * share) / all;
    }
  }
  return { ...layer, weight };
}

// The image after every layer, from z and a label; the last is the picture, from -1 to 1
export function mapsOf(layers, z, label) {
  const classes = layers[0].from - z.length;
  const oneHot = Array.from({ length: classes }, (_, c) => Number(c === label));
  let x = { n: 1, channels: layers[0].from, values: Float64Array.of(...z, ...oneHot) };
  const maps = layers.map((layer) => (x = convTransposeChannels(rectified(x, layer, label), layer)));
  const last = maps.pop();
  return [...maps, { ...last, values: last.values.map(Math.tanh) }];
}

// ReLU of the norm of the class; as it is before a layer without norm
function rectified(x, { norm, mean, variance, scale, shift, eps }, label) {
  if (!norm) return x;
  const [count, values] = [x.channels, new Float64Array(x.values.length)];
  for (let c = 0; c < count; c++) {
    const steep = scale[label * count + c] / Math.sqrt(variance[c] + eps);
    const start = shift[label * count + c] - mean[c] * steep;
    for (let at = c; at < values.length; at += count) values[at] = Math.max(0, steep * x.values[at] + start);
  }
  return { ...x, values };
}

// Grey levels of a picture, rounded as PyTorch does it
export const greys = ({ values }) => Uint8ClampedArray.from(values, (value) => (value + 1) * 127.5);
