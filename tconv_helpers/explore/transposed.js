import { convMatrix, convTranspose, convTransposeOutputSize, termsOf, zeroInserted } from "./operator.js";
import { band, explorer, label, line, list, mark, minus, numbers, product, resized, slider, sum } from "./stage.js";

const sizeOf = ({ x, k, ...settings }) => convTransposeOutputSize(x.length, k.length, settings);

// Columns are those of the uncropped output, in both views that have them: column p is y_{p + 1 - padding}.
function layout(state) {
  const { x, k, stride, padding, output_padding, dilation } = state;
  const reach = dilation * (k.length - 1);
  const base = (x.length - 1) * stride + reach + 1; // without output_padding
  const full = base + output_padding;
  const chosen = state.at - 1 + padding;
  return {
    reach, full, chosen, left: Math.min(0, padding - reach),
    is: (p) => {
      if (p < padding || p >= full - padding) return "cropped";
      return (p === chosen ? "lit" : "faint") + (p >= base - padding ? " extra" : "");
    },
    u: (p) => (p < padding || p >= full - padding ? null : p + 1 - padding),
  };
}

const lit = (yes) => (yes ? "lit" : "faint");

function outputs(values, { is, u }, place) {
  return values.map((value, p) => mark("output", ...place(p), value, { is: is(p), at: u(p) })).join("");
}

function bands({ padding }, { full, chosen }, top, height) {
  const cropped = padding ? band(0, top, padding, height, "crop") + band(full - padding, top, padding, height, "crop") : "";
  return cropped + band(chosen, top, 1, height, "chosen");
}

function scatter(state, at, terms) {
  const { x, k, stride, dilation } = state;
  const down = x.length + 1.35;
  const sums = Array(at.full).fill(0);
  let body = bands(state, at, 0, down + 1);
  x.forEach((value, i) => {
    const is = lit(terms.some((term) => term.i === i));
    body += line(stride * i, 0, stride * i, i + 1, is) + mark("input", stride * i, 0, value, { is });
  });
  x.forEach((value, i) => {
    k.forEach((entry, a) => {
      const p = stride * i + dilation * a;
      sums[p] += value * entry;
      body += mark("kernel", p, i + 1, value * entry, { is: lit(p === at.chosen), at: at.u(p) });
    });
  });
  body += line(-0.5, down - 0.67, at.full - 0.5, down - 0.67, "rule");
  body += label("x", at.left - 0.9, 0) + label("x·k", at.left - 0.9, (x.length + 1) / 2) + label("y", at.left - 0.9, down);
  body += outputs(sums, at, (p) => [p, down]);
  return { left: at.left - 1, right: at.full - 1, bottom: down, body };
}

function zeroInsert(state, at, terms) {
  const { x, k, stride, padding, dilation } = state;
  const { z, from } = zeroInserted(x, k.length, state);
  const start = padding - at.reach; // the column of z's first sample
  const flipped = k.toReversed();
  let body = bands(state, at, 0, 3.5);
  x.forEach((value, i) => {
    if (!from.includes(i)) body += mark("input", stride * i, 0, value, { is: "cropped" });
  });
  z.forEach((value, v) => {
    const is = from[v] < 0 ? "ghost" : lit(terms.some(({ i }) => i === from[v]));
    body += mark("input", start + v, 0, value, { is });
  });
  flipped.forEach((entry, b) => {
    const column = at.chosen - at.reach + dilation * b;
    const under = from[column - start];
    body += line(column, 0.4, column, 0.8) + mark("kernel", column, 1.15, entry, { is: lit(under >= 0) });
  });
  const y = Array(at.full).fill("");
  for (let u = 0; u < sizeOf(state); u++) {
    y[u + padding] = flipped.reduce((total, entry, b) => total + z[u + dilation * b] * entry, 0);
  }
  body += outputs(y, at, (p) => [p, 2.5]);
  body += label("z", at.left - 0.9, 0) + label("flip", at.left - 0.9, 1.15, "word") + label("y", at.left - 0.9, 2.5);
  const alt = `z = ${list(z)}; flipped kernel ${list(flipped)}, its last entry at output ${state.at}; y = ${list(y.slice(padding, at.full - padding))}.`;
  return { left: at.left - 1, right: at.full - 1, bottom: 2.5, body, alt };
}

function matrix(state, at, terms) {
  const { x, k, stride, dilation } = state;
  const A = convMatrix(k, at.full, { stride, dilation }).slice(0, x.length); // a large output_padding adds rows
  const first = 2.2; // the column of the first entry
  const side = first + x.length + 0.6; // that of x
  const top = (at.full - x.length) / 2;
  let body = band(first, at.chosen, x.length, 1, "chosen");
  const y = Array(at.full).fill(0);
  for (let p = 0; p < at.full; p++) {
    x.forEach((value, i) => {
      y[p] += A[i][p] * value;
      const a = (p - stride * i) / dilation;
      const there = Number.isInteger(a) && a >= 0 && a < k.length;
      const is = at.u(p) === null ? "removed" : lit(p === at.chosen);
      const strength = there ? 0.25 + (0.75 * (a + 1)) / k.length : null;
      body += mark(there ? "entry" : "empty", first + i, p, there ? A[i][p] : "·", { is, at: at.u(p), strength });
    });
  }
  body += outputs(y, at, (p) => [0, p]);
  body += label("=", (first - 1) / 2 + 0.25, (at.full - 1) / 2) + label("y", 0, -1) + label("A.T", first + (x.length - 1) / 2, -1) + label("x", side, top - 1);
  x.forEach((value, i) => {
    body += mark("input", side, top + i, value, { is: lit(terms.some((term) => term.i === i)) });
  });
  const rows = Array.from({ length: sizeOf(state) }, (_, u) => `Row ${u + 1}: ${list(A.map((row) => row[u + state.padding]))}.`);
  const alt = `${rows.length} rows by ${x.length} columns. ${rows.join(" ")}`;
  return { left: -0.2, right: side + 0.2, top: -1.2, bottom: at.full - 1, body, alt, cell: 30 };
}

function draw(state, stage) {
  const { x, k, stride, padding, output_padding, dilation } = state;
  const y = convTranspose(x, k, state);
  const terms = termsOf(x.length, k.length, state)[state.at - 1];
  const at = layout(state);
  const value = minus(y[state.at - 1]);
  const letters = sum(terms.map(({ i, a }) => `x_${i + 1} k_${a + 1}`));
  const figures = sum(terms.map(({ i, a }) => product(x[i], k[a])));
  const spelled = terms.length ? `y_${state.at} = ${letters} = ${figures} = ${value}` : `y_${state.at} = 0: no sample reaches it`;
  stage.views.scatter({ ...scatter(state, at, terms), alt: spelled });
  stage.views.zeros(zeroInsert(state, at, terms));
  stage.views.matrix(matrix(state, at, terms));
  return [
    spelled,
    `y = ${list(y)}`,
    `size = (${x.length} − 1)·${stride} − 2·${padding} + ${dilation}·(${k.length} − 1) + ${output_padding} + 1 = ${y.length}`,
  ];
}

export default explorer({
  title: "Transposed convolution, 1-D",
  question: "Which samples of x reach an output, through which kernel entries, and why do the three views agree?",
  sliders: [
    slider("n", 1, 6, { get: ({ x }) => x.length, set: ({ x }, size) => ({ x: resized(x, size) }) }),
    slider("kernel size", 1, 4, { get: ({ k }) => k.length, set: ({ k }, size) => ({ k: resized(k, size) }) }),
    slider("stride", 1, 3),
    slider("padding", 0, 3),
    slider("output_padding", 0, 2),
    slider("dilation", 1, 2),
  ],
  cells: [numbers("x", "input"), numbers("k", "kernel")],
  steps: { name: "u", title: "choose an output y", last: sizeOf },
  views: [
    { name: "scatter", title: "Scatter", caption: "Each sample stamps a scaled kernel; overlaps are summed. Crossed: cropped by padding. Double ring: kept by output_padding.", steps: true },
    { name: "zeros", title: "Zero-insert and flip", caption: "Zeros between and around x, then a convolution with k reversed." },
    { name: "matrix", title: "Matrix", caption: "Row u of A.T holds the kernel entries that meet x.", beside: true },
  ],
  draw,
});
