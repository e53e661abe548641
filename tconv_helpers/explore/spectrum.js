import { buttons, numbers, randoms, size, slider } from "./controls.js";
import { copiesInWords, copiesOf } from "./copies.js";
import { band, label, line, lit, mark, path, point } from "./marks.js";
import { convTranspose, convTransposeOutputSize, sampleAt } from "./operator.js";
import { bilinearInWholes, frequencyResponse, phasesOf } from "./phases.js";
import { windowedSincInWholes } from "./sinc.js";
import { explorer } from "./stage.js";
import { fraction, list, minus } from "./words.js";

const [HIGH, STEP, STEPS] = [3, 4.4, 96]; // of a plot, from one to the next; places along the frequencies
const KINDS = { x: "input", z: "input", k: "kernel", y: "output" };
const sizeOf = ({ x, k, stride }) => convTransposeOutputSize(x.length, k.length, { stride });

// Values between least and most as rows of the plot that is number `plot` from above
function rowsOf(plot, values) {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  return (value) => plot * STEP + HIGH * (1 - (value - least) / (most - least || 1));
}

// Where each sample stands on the axis of the outputs; the kernel lies where it meets the chosen one.
function placesOf({ stride, at }, { x, z, k, y }) {
  return {
    x: x.map((_, i) => sampleAt(i, 0, { stride })),
    z: [...z.keys()],
    k: k.map((_, a) => at - 1 - a),
    y: [...y.keys()],
  };
}

function time(state, signals, right) {
  const places = placesOf(state, signals);
  const bottom = 3 * STEP + HIGH;
  const lanes = Object.keys(signals).map((_, plot) => band(0, plot * STEP, right + 1, HIGH + 1, "lane"));
  let body = lanes.join("") + band(state.at - 1, 0.5, 1, bottom, "chosen");
  Object.entries(signals).forEach(([name, values], plot) => {
    const row = rowsOf(plot, values);
    body += line(-0.5, row(0), right + 0.5, row(0), "rule");
    body += label(name, -2.5, plot * STEP + HIGH / 2, "far");
    values.forEach((value, i) => {
      const column = places[name][i];
      if (column < 0) return; // the kernel's end that no sample can meet
      body += line(column, row(0), column, row(value)) + point(KINDS[name], column, row(value), 0.8);
    });
  });
  const alt = Object.entries(signals).map(([name, values]) => `${name} = ${list(values)}`);
  return { left: -3.5, right, bottom, body, alt: `${alt.join("; ")}.`, cell: 13 };
}

function frequency({ stride }, signals, wide) {
  const bottom = 3 * STEP + HIGH + 1.6;
  const copies = Array.from({ length: stride + 1 }, (_, r) => (r / stride) * wide);
  let body = copies.map((column) => line(column, 0, column, bottom - 1.6)).join("");
  Object.entries(signals).forEach(([name, values], plot) => {
    const sizes = Array.from({ length: STEPS + 1 }, (_, j) => frequencyResponse(values, j / STEPS));
    const row = rowsOf(plot, sizes);
    body += line(0, row(0), wide, row(0), "rule");
    body += label(`|${name.toUpperCase()}|`, -2.2, plot * STEP + HIGH / 2, "far");
    body += path(sizes.map((value, j) => [(j / STEPS) * wide, row(value)]), KINDS[name]);
  });
  copies.forEach((column, r) => {
    const tick = r % stride ? fraction(r, stride) : String(r / stride);
    body += label(tick, column, bottom - 0.4, "far tick");
  });
  const told = stride > 1 ? `${stride} copies of |X| stand in |Z|` : "X and Z are the same";
  return { left: -3.5, right: wide, bottom, body, alt: `${told}; the kernel's multiplies it.`, cell: 13 };
}

// In a motion `gathered` phases have gone to y, which stands below; comes: whence an output there comes
function phases({ x, k, stride, at }, y, gathered = null) {
  const first = Math.ceil(k.length / stride) + 1.8; // the column of the first output
  const lights = gathered === null ? (at - 1) % stride : gathered - 1;
  let body = "";
  const told = phasesOf([...k.keys()], stride).map((phase, r) => {
    const row = 1.05 * r;
    const is = lit(r === lights);
    phase.forEach((a, j) => (body += mark("kernel", j, row, k[a], { is })));
    const outputs = y.filter((_, p) => p % stride === r);
    body += label(`phase ${r}`, -2.1, row, "word") + label("∗ x =", first - 1.4, row, "word");
    outputs.forEach((value, j) => {
      const p = r + stride * j;
      const chosen = gathered === null && p === at - 1;
      body += mark("output", first + j, row, value, { is: chosen ? "lit extra" : is, at: p + 1 });
    });
    return `phase ${r}, ${list(phase.map((a) => k[a])) || "no entry"}: ${list(outputs)}`;
  });
  const below = 1.05 * stride + 0.3;
  const right = Math.max(first + Math.ceil(y.length / stride) - 1, 14);
  const inRow = Math.floor((right + 1.3) / 0.9) + 1; // of y, which takes more than one
  const inY = (p) => [0.9 * (p % inRow) - 1.3, below + Math.floor(p / inRow)];
  const around = { left: -2.8, right, bottom: 1.05 * 3, cell: 27 };
  if (gathered === null) return { ...around, body, alt: `x = ${list(x)}; ${told.join("; ")}.` };
  body += label("y", -2.3, below);
  y.forEach((value, p) => {
    const [r, j, place] = [p % stride, Math.floor(p / stride), inY(p)];
    const from = r === gathered - 1 ? [first + j, 1.05 * r] : null;
    if (r < gathered) body += mark("output", ...place, value, { is: lit(from !== null), at: p + 1, from });
    else body += mark("output", ...place, "", { is: "ghost" });
  });
  return { ...around, bottom: Math.max(around.bottom, inY(y.length - 1)[1]), body };
}

// Step s: s - 1 phases have gathered in y
function gathering(state, s, stage) {
  const { x, k, stride } = state;
  const y = convTranspose(x, k, { stride });
  const gathered = s - 1;
  const soFar = list(y.map((value, p) => (p % stride < gathered ? value : "·")));
  const entries = gathered ? list(phasesOf(k, stride)[gathered - 1]) || "no entry" : "";
  const places = y.flatMap((_, p) => (p % stride === gathered - 1 ? `y_${p + 1}` : []));
  const lines = [
    gathered ? `Phase ${gathered - 1}, ${entries}, fills ${places.join(", ") || "no place"}`
      : "Each phase of k meets all of x and makes its own outputs",
    `y so far = ${soFar}`,
  ];
  const drawn = phases(state, y, gathered);
  return { lines, drawn: { phases: { ...drawn, alt: lines.join("; ") } } };
}

function spelledOut({ x, k, stride, at }, y) {
  const r = (at - 1) % stride;
  const phase = phasesOf(k, stride)[r];
  const entries = phase.length === 1 ? `the entry ${list(phase)}` : `the entries ${list(phase)}`;
  const made = phase.length ? `${entries} of k can meet x` : "no entry of k meets x";
  return `y_${at} = ${minus(y[at - 1])}, phase ${r}: only ${made}`.replace("only no", "no");
}

function leftOfCopies({ k, stride }) {
  if (stride === 1) return "Stride 1 makes no copies.";
  const copies = copiesOf(k, stride);
  const flat = copies.slice(1).every((value) => value < 1e-9);
  const end = flat ? "the copies of a constant are removed" : "a constant gets a checkerboard";
  return `|K| at ${copiesInWords(copies)}; ${end}`;
}

function draw(state, stage) {
  const { x, k, stride } = state;
  const y = convTranspose(x, k, { stride });
  const signals = { x, z: convTranspose(x, [1], { stride }), k, y };
  stage.views.time(time(state, signals, y.length - 1));
  stage.views.frequency(frequency(state, signals, stage.bounds.u[1] - 1));
  stage.views.phases(phases(state, y));
  return [spelledOut(state, y), `y = ${list(y)}`, leftOfCopies(state)];
}

export default explorer({
  title: "Spectrum and phases",
  question: "Zeros between samples copy the spectrum. Which kernel removes the copies? What are its phases?",
  sliders: [size("n", "x"), size("kernel size", "k"), slider("stride")],
  cells: [
    numbers("x", "input"),
    numbers("k", "kernel"),
    buttons("kernel", {
      nearest: ({ stride }) => ({ k: Array(stride).fill(1) }),
      bilinear: ({ stride }) => ({ k: bilinearInWholes(stride) }),
      sinc: ({ stride }, { bounds }) => ({ k: windowedSincInWholes(stride, bounds.k[1]) }),
    }),
    randoms({ random: (drawn, { k }) => ({ k: drawn(k.length) }) }),
  ],
  steps: { name: "u", title: "choose an output y", last: sizeOf },
  motions: [{ name: "phases gather", count: ({ stride }) => stride + 1, step: gathering }],
  columns: [["time", "phases"], ["frequency"]],
  views: [
    {
      name: "time",
      title: "In time",
      caption: "k, reversed, lies where it meets the chosen y.",
    },
    {
      name: "frequency",
      title: "In frequency",
      caption: "Magnitudes. Upright lines: where the copies of f = 0 stand.",
    },
    {
      name: "phases",
      title: "Phases",
      caption: "Each phase of the kernel makes its own outputs, woven into y.",
      steps: true,
    },
  ],
  draw,
});
