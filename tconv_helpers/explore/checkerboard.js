import { convTranspose, termsOf } from "./operator.js";
import { bilinearInWholes, frequencyResponse, icnrKernel, phasesOf, phaseSums } from "./phases.js";
import { band, buttons, explorer, label, line, list, mark, minus, numbers, path, pixels, product, slider, sum } from "./stage.js";

const [OUTPUTS, LARGEST] = [18, 8];
const inputs = ({ k, stride }) => Math.floor((OUTPUTS - k.length) / stride) + 1; // as many as fit
const sizeOf = ({ k, stride }) => (inputs({ k, stride }) - 1) * stride + k.length;
const resizedByOnes = (k, size) => Array.from({ length: size }, (_, a) => k[a] ?? 1);
const random = (size) => Array.from({ length: size }, () => Math.floor(19 * Math.random()) - 9);
const short = (value) => String(Number(value.toFixed(1)));

function icnr({ k, stride }) {
  const size = Math.min(Math.ceil(k.length / stride), Math.floor(LARGEST / stride));
  return icnrKernel(random(size), stride);
}

// Heights from 0 up to `height` rows for values around 0, all on one scale
function scaled(values, height) {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  return (value) => ((value - least) / (most - least || 1)) * height;
}

function phases({ k, stride }, { r, lit, inside }) {
  const rows = phasesOf(k, stride);
  const end = k.length + 0.4;
  let body = k.map((entry, a) => mark("kernel", a, 0, entry, { is: lit.includes(a) ? "lit" : "full" })).join("");
  body += label("k", -1.5, 0) + label("sum", end, 0, "word");
  rows.forEach((phase, row) => {
    const y = 1.25 + 1.05 * row;
    const at = inside(row);
    body += label(`phase ${row}`, -1.5, y, "word") + line(-0.5, y, end, y, row === r ? "lit" : "");
    phase.forEach((entry, j) => {
      const a = row + j * stride;
      body += mark("kernel", a, y, entry, { is: lit.includes(a) ? "lit" : "faint", at });
    });
    body += mark("output", end, y, phaseSums(k, stride)[row], { is: row === r ? "lit" : "faint", at });
  });
  const alt = rows.map((phase, row) => `phase ${row}: ${list(phase) || "no entry"}, sum ${minus(phaseSums(k, stride)[row])}`);
  return { left: -1.8, right: end, bottom: 1.25 + 1.05 * (stride - 1), body, alt: `${alt.join("; ")}.` };
}

function flat({ k, stride, at }, { y, whole }) {
  const high = 3.4;
  const up = scaled(y, high);
  const row = (value) => high - up(value);
  const interior = [...y.keys()].filter(whole);
  let body = line(-0.5, row(0), y.length - 0.5, row(0), "rule");
  y.forEach((value, p) => (body += line(p, row(0), p, row(value))));
  body += path(interior.map((p) => [p, row(y[p])]), "output");
  y.forEach((value, p) => {
    body += mark("output", p, row(value), value, { is: p === at - 1 ? "lit" : whole(p) ? "full" : "faint", at: p + 1 });
  });
  const below = high + 1.35;
  for (let i = 0; i < inputs({ k, stride }); i++) body += mark("input", stride * i, below, 1, { is: "faint" });
  body += label("y", -1, high / 2) + label("x", -1, below);
  return { left: -1, right: OUTPUTS - 1, top: 0, bottom: below, body };
}

function board({ k, stride }) {
  const sums = phaseSums(k, stride);
  const side = 12; // of which every stride is a divisor
  const tone = scaled(sums.flatMap((a) => sums.map((b) => a * b)), 1);
  let body = band(0, 0, side, side, "frame");
  for (let r = 0; r < stride; r++) {
    for (let q = 0; q < stride; q++) {
      const places = [];
      for (let i = r; i < side; i += stride) for (let j = q; j < side; j += stride) places.push([j, i]);
      body += pixels(places, tone(sums[r] * sums[q]));
    }
  }
  const rows = sums.map((a) => list(sums.map((b) => a * b)));
  const alt = new Set(sums).size > 1 ? `it repeats ${rows.join(", then ")}.` : `all pixels are ${rows[0].split(" ")[0]}.`;
  return { left: 0, right: side - 1, bottom: side - 1, body, alt, cell: 25 };
}

function spectrum({ k, stride }) {
  const [wide, high, steps] = [13, 2.6, 156];
  const values = Array.from({ length: steps + 1 }, (_, j) => frequencyResponse(k, j / steps));
  const up = scaled(values, high);
  let body = line(0, high, wide, high, "rule");
  body += path(values.map((value, j) => [(j / steps) * wide, high - up(value)]), "kernel");
  const images = Array.from({ length: stride }, (_, r) => frequencyResponse(k, r / stride));
  images.forEach((value, r) => {
    const column = (r / stride) * wide;
    const is = r === 0 ? "full" : value > 1e-9 ? "lit" : "faint";
    body += line(column, high, column, high - up(value), is) + mark("kernel", column, high - up(value), short(value), { is });
    body += label(r ? `${r}/${stride}` : "0", column, high + 0.95, "tick");
  });
  body += label("1", wide, high + 0.95, "tick") + label("|K|", -1.1, high / 2) + label("f", -1.1, high + 0.95);
  const alt = images.map((value, r) => `${short(value)} at f = ${r ? `${r}/${stride}` : 0}`).join(", ");
  return { left: -1.1, right: wide + 0.1, bottom: high + 0.9, body, alt: `${alt}.`, images };
}

function draw(state, stage) {
  const { k, stride, at } = state;
  const n = inputs(state);
  const terms = termsOf(n, k.length, { stride });
  const y = convTranspose(Array(n).fill(1), k, { stride });
  const sums = phaseSums(k, stride);
  const lengths = phasesOf(k, stride).map((phase) => phase.length);
  const whole = (p) => terms[p].length === lengths[p % stride]; // all of its phase reach it
  const near = (r) => y.findIndex((_, p) => p % stride === r && whole(p)) + 1;
  const r = (at - 1) % stride;
  const lit = terms[at - 1].map(({ a }) => a).toSorted((a, b) => a - b);
  const letters = sum(lit.map((a) => `k_${a + 1}`));
  const figures = sum(lit.map((a) => (lit.length > 1 ? product(k[a]) : minus(k[a]))));
  const border = whole(at - 1) ? `phase ${r}` : `phase ${r}, cut short at the border`;
  const spelled = lit.length ? `y_${at} = ${letters} = ${figures} = ${minus(y[at - 1])}, ${border}` : `y_${at} = 0: no entry reaches it, phase ${r}`;
  const even = stride === 1 ? "a single phase, sum" : new Set(sums).size === 1 ? "equal phase sums" : "";
  stage.views.phases(phases(state, { r, lit, inside: near }));
  stage.views.flat({ ...flat(state, { y, whole }), alt: `${spelled}. y = ${list(y)}` });
  stage.views.board(board(state));
  const { images, ...drawn } = spectrum(state);
  stage.views.spectrum(drawn);
  const left = images.slice(1).map(short);
  return [
    even ? `Flat: ${even} ${list(sums)}` : `Checkerboard: phase sums ${list(sums)}`,
    spelled,
    stride === 1 ? "Stride 1 makes no images of the spectrum." : `|K| at the images f = ${left.map((_, j) => `${j + 1}/${stride}`).join(", ")}: ${left.join(", ")}`,
  ];
}

export default explorer({
  title: "Checkerboard",
  question: "The input is constant. For which kernels and strides is the output constant, too?",
  sliders: [
    slider("kernel size", 1, LARGEST, { get: ({ k }) => k.length, set: ({ k }, size) => ({ k: resizedByOnes(k, size) }) }),
    slider("stride", 1, 4),
    slider("u", 1, sizeOf, { get: ({ u, ...sizes }) => Math.min(u, sizeOf(sizes)) }),
  ],
  cells: [
    numbers("k", "kernel"),
    buttons("kernel", {
      ones: ({ k }) => ({ k: k.map(() => 1) }),
      bilinear: ({ stride }) => ({ k: bilinearInWholes(stride) }),
      random: ({ k }) => ({ k: random(k.length) }),
      ICNR: (state) => ({ k: icnr(state) }),
    }),
  ],
  steps: { name: "u", title: "choose an output y", last: sizeOf },
  views: [
    { name: "flat", title: "Constant input", caption: "x is 1 everywhere. Pale outputs at the border miss entries.", steps: true },
    { name: "phases", title: "Phases", caption: "Each output meets the entries of one phase." },
    { name: "board", title: "As an image", caption: "The same on both axes, interior only.", beside: true },
    { name: "spectrum", title: "Spectrum", caption: "Response of k. Diamonds: the constant at 0, and its images. An image that is left is lit." },
  ],
  draw,
});
