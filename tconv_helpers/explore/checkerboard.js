import { buttons, numbers, randoms, size, slider, stepper } from "./controls.js";
import { copiesInWords, copiesOf } from "./copies.js";
import { band, label, line, mark, path, pixels } from "./marks.js";
import { convOutputSize, convTranspose, convTransposeOutputSize, sampleAt, termsOf } from "./operator.js";
import { CREDIT, photograph, pictures, rowsOf } from "./photograph.js";
import { bilinearInWholes, frequencyResponse, icnrKernel, phasesOf, phaseSums } from "./phases.js";
import { convTranspose2d } from "./plane.js";
import { explorer } from "./stage.js";
import { fraction, list, minus, product, short, sum } from "./words.js";

// As many inputs as fit: their outputs are at most as many as can be stepped through
const inputs = ({ k, stride }, { bounds }) => convOutputSize(bounds.u[1], k.length, { stride });
const sizeOf = ({ k, stride }, stage) =>
  convTransposeOutputSize(inputs({ k, stride }, stage), k.length, { stride });
const resizedByOnes = (k, length, kept = []) => Array.from({ length }, (_, a) => k[a] ?? kept[a] ?? 1);

function icnr(drawn, { k, stride }, stage) {
  const length = Math.min(Math.ceil(k.length / stride), Math.floor(stage.bounds.k[1] / stride));
  return icnrKernel(drawn(length), stride);
}

// Heights from 0 up to `height` rows for values around 0, all on one scale
function scaled(values, height) {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  return (value) => ((value - least) / (most - least || 1)) * height;
}

function phases({ k, stride }, { sums, r, lit, inside }) {
  const end = k.length + 0.4;
  const is = (yes, otherwise) => (yes ? "lit" : otherwise);
  let body = k.map((entry, a) => mark("kernel", a, 0, entry, { is: is(lit.includes(a), "full") })).join("");
  body += label("k", -1.9, 0) + label("sum", end, 0, "word");
  phasesOf([...k.keys()], stride).forEach((phase, row) => {
    const y = 1.25 + 1.05 * row;
    const at = inside(row);
    body += label(`phase ${row}`, -1.9, y, "word") + line(-0.5, y, end, y, row === r ? "lit" : "");
    for (const a of phase) body += mark("kernel", a, y, k[a], { is: is(lit.includes(a), "faint"), at });
    body += mark("output", end, y, sums[row], { is: is(row === r, "faint"), at });
  });
  const alt = phasesOf(k, stride).map((phase, row) =>
    `phase ${row}: ${list(phase) || "no entry"}, sum ${minus(sums[row])}`);
  const bottom = 1.25 + 1.05 * (stride - 1);
  return { left: -2.9, right: end + 0.2, bottom, body, alt: `${alt.join("; ")}.` };
}

function flat({ stride, at }, { x, y, whole, most }) {
  const high = 3.4;
  const up = scaled(y, high);
  const row = (value) => high - up(value);
  const interior = [...y.keys()].filter(whole);
  let body = line(-0.5, row(0), y.length - 0.5, row(0), "rule");
  y.forEach((value, p) => (body += line(p, row(0), p, row(value))));
  body += path(interior.map((p) => [p, row(y[p])]), "output");
  y.forEach((value, p) => {
    const is = p === at - 1 ? "lit" : whole(p) ? "full" : "faint";
    body += mark("output", p, row(value), value, { is, at: p + 1 });
  });
  const below = high + 1.35;
  x.forEach((one, i) => (body += mark("input", sampleAt(i, 0, { stride }), below, one, { is: "faint" })));
  body += label("y", -1, high / 2) + label("x", -1, below);
  return { left: -1, right: most - 1, top: 0, bottom: below, body };
}

function board({ stride }, sums) {
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
  const even = `all pixels are ${rows[0].split(" ")[0]}.`;
  const alt = new Set(sums).size > 1 ? `it repeats ${rows.join(", then ")}.` : even;
  return { left: 0, right: side - 1, bottom: side - 1, body, alt, cell: 25 };
}

// What k along both axes makes of an image
const onBothAxes = (image, { k, stride }) =>
  convTranspose2d(image, k.map((p) => k.map((q) => p * q)), { stride });

// copies: the response at the multiples of 1/stride, where the copies of the constant lie
function spectrum({ k, stride }, copies) {
  const [wide, high, steps] = [13, 2.6, 156];
  const values = Array.from({ length: steps + 1 }, (_, j) => frequencyResponse(k, j / steps));
  const up = scaled(values, high);
  const name = (r) => (r ? fraction(r, stride) : "0");
  let body = line(0, high, wide, high, "rule");
  body += path(values.map((value, j) => [(j / steps) * wide, high - up(value)]), "kernel");
  copies.forEach((value, r) => {
    const [column, row] = [(r / stride) * wide, high - up(value)];
    const is = r === 0 ? "full" : value > 1e-9 ? "lit" : "faint";
    body += line(column, high, column, row, is) + mark("kernel", column, row, short(value), { is });
    body += label(name(r), column, high + 0.95, "tick");
  });
  body += label("1", wide, high + 0.95, "tick");
  body += label("|K|", -1.1, high / 2) + label("f", -1.1, high + 0.95);
  const alt = copies.map((value, r) => `${short(value)} at f = ${name(r)}`).join(", ");
  return { left: -1.1, right: wide + 0.1, bottom: high + 0.9, body, alt: `${alt}.` };
}

function verdict({ stride }, sums) {
  if (new Set(sums).size > 1) return `Checkerboard: phase sums ${list(sums)}`;
  return `Flat: ${stride === 1 ? "a single phase, sum" : "equal phase sums"} ${list(sums)}`;
}

function spelledOut({ k, at }, { y, r, lit, whole }) {
  if (!lit.length) return `y_${at} = 0: no entry reaches it, phase ${r}`;
  const letters = sum(lit.map((a) => `k_${a + 1}`));
  const figures = lit.length > 1 ? ` = ${sum(lit.map((a) => product(k[a])))}` : ""; // of one entry it is y
  const border = whole(at - 1) ? "" : ", cut short at the border";
  return `y_${at} = ${letters}${figures} = ${minus(y[at - 1])}, phase ${r}${border}`;
}

function draw(state, stage) {
  const { k, stride, at } = state;
  const x = Array(inputs(state, stage)).fill(1);
  const terms = termsOf(x.length, k.length, { stride });
  const y = convTranspose(x, k, { stride });
  const sums = phaseSums(k, stride);
  const copies = copiesOf(k, stride);
  const lengths = phasesOf(k, stride).map((phase) => phase.length);
  const whole = (p) => terms[p].length === lengths[p % stride]; // all of its phase reach it
  const inside = (phase) => y.findIndex((_, p) => p % stride === phase && whole(p)) + 1;
  const r = (at - 1) % stride;
  const lit = terms[at - 1].map(({ a }) => a).toSorted((a, b) => a - b);
  const spelled = spelledOut(state, { y, r, lit, whole });
  const drawn = flat(state, { x, y, whole, most: stage.bounds.u[1] });
  stage.views.phases(phases(state, { sums, r, lit, inside }));
  stage.views.flat({ ...drawn, alt: `${spelled}. y = ${list(y)}` });
  stage.views.board(board(state, sums));
  stage.views.spectrum(spectrum(state, copies));
  const of = [k, stride];
  stage.views.photograph({ of, images: () => [onBothAxes(photograph, state)], alt: "what k makes of it." });
  const noise = () => [onBothAxes(rowsOf(stage.get("_noise")), state)];
  stage.views.noise({ of, images: noise, alt: "what k makes of it." });
  const left = stride > 1 ? `|K| at the copies, ${copiesInWords(copies)}`
    : "Stride 1 makes no copies of the spectrum.";
  return [verdict(state, sums), spelled, left];
}

export default explorer({
  title: "Checkerboard",
  question: "The input is constant. For which kernels and strides is the output constant, too?",
  sliders: [size("kernel size", "k", { resize: resizedByOnes }), slider("stride"), stepper("u")],
  cells: [
    numbers("k", "kernel"),
    buttons("kernel", {
      ones: ({ k }) => ({ k: k.map(() => 1) }),
      bilinear: ({ stride }) => ({ k: bilinearInWholes(stride) }),
    }),
    randoms({
      random: (drawn, { k }) => ({ k: drawn(k.length) }),
      ICNR: (drawn, state, stage) => ({ k: icnr(drawn, state, stage) }),
    }),
  ],
  steps: { name: "u", title: "choose an output y", last: sizeOf },
  columns: [["flat", "spectrum"], ["phases", "board"]],
  beside: ["photograph", "noise"],
  views: [
    {
      name: "flat",
      title: "Constant input",
      caption: "x is 1 everywhere. Pale outputs at the border miss entries.",
      steps: true,
    },
    { name: "phases", title: "Phases", caption: "Each output meets the entries of one phase." },
    {
      name: "board",
      title: "As an image",
      caption: "The same on both axes, interior only.",
    },
    {
      name: "spectrum",
      title: "Spectrum",
      caption: "Response of k. Diamonds: the constant at 0, and its copies. A copy that k leaves is lit.",
    },
    { name: "photograph", title: "Photograph", caption: CREDIT, made: pictures("") },
    {
      name: "noise",
      title: "Noise",
      caption: "Seed 0. Both show the output's middle.",
      made: pictures(""),
    },
  ],
  draw,
});
