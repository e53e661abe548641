import { numbers, randoms, size, slider } from "./controls.js";
import { band, label, line, lit, mark, matrixEntry } from "./marks.js";
import {
  conv, convMatrix, convTranspose, convTransposeOutputSize, inner, inPadding, sampleAt, tapAt, termsOf,
  transpose, zeroInserted,
} from "./operator.js";
import { explorer } from "./stage.js";
import { list, minus, product, sum } from "./words.js";

const sizeOf = ({ x, k, ...settings }) => convTransposeOutputSize(x.length, k.length, settings);

// Columns are those of the uncropped output, in both views that have them: column p is y_{p + 1 - padding}.
function layout(state) {
  const { k, padding, dilation } = state;
  const uncropped = { ...state, padding: 0 };
  const full = sizeOf(uncropped);
  const base = sizeOf({ ...uncropped, output_padding: 0 });
  const reach = sampleAt(0, k.length - 1, { dilation });
  const chosen = state.at - 1 + padding;
  const cropped = (p) => inPadding(p, full, state);
  const is = (p) => {
    if (cropped(p)) return "cropped";
    return lit(p === chosen) + (p >= base - padding ? " extra" : "");
  };
  const at = (p) => (cropped(p) ? null : p + 1 - padding);
  return { uncropped, full, reach, chosen, cropped, is, at, left: Math.min(0, padding - reach) };
}

function outputs(values, { is, at }, place) {
  return values.map((value, p) => mark("output", ...place(p), value, { is: is(p), at: at(p) })).join("");
}

function bands({ padding }, { full, chosen }, top, height) {
  const crop = (column) => band(column, top, padding, height, "crop");
  return (padding ? crop(0) + crop(full - padding) : "") + band(chosen, top, 1, height, "chosen");
}

function scatter(state, place, terms) {
  const { x, k } = state;
  const { uncropped, full, chosen, left, at } = place;
  const column = (i, a) => sampleAt(i, a, uncropped);
  const down = x.length + 1.35;
  let body = bands(state, place, 0, down + 1);
  x.forEach((value, i) => {
    const is = lit(terms.some((term) => term.i === i));
    body += line(column(i, 0), 0, column(i, 0), i + 1, is) + mark("input", column(i, 0), 0, value, { is });
  });
  x.forEach((value, i) => {
    k.forEach((entry, a) => {
      const p = column(i, a);
      body += mark("kernel", p, i + 1, value * entry, { is: lit(p === chosen), at: at(p) });
    });
  });
  body += line(-0.5, down - 0.67, full - 0.5, down - 0.67, "rule");
  body += label("x", left - 0.9, 0) + label("x·k", left - 0.9, (x.length + 1) / 2);
  body += label("y", left - 0.9, down);
  body += outputs(convTranspose(x, k, uncropped), place, (p) => [p, down]);
  return { left: left - 1, right: full - 1, bottom: down, body };
}

function zeroInsert(state, place, terms) {
  const { x, k, padding, dilation } = state;
  const { uncropped, full, reach, chosen, left } = place;
  const { z, from } = zeroInserted(x, k.length, state);
  const start = padding - reach; // the column of z's first sample
  const flipped = k.toReversed();
  let body = bands(state, place, 0, 3.5);
  x.forEach((value, i) => {
    if (!from.includes(i)) body += mark("input", sampleAt(i, 0, uncropped), 0, value, { is: "cropped" });
  });
  z.forEach((value, v) => {
    const is = from[v] < 0 ? "ghost" : lit(terms.some(({ i }) => i === from[v]));
    body += mark("input", start + v, 0, value, { is });
  });
  flipped.forEach((entry, b) => {
    const v = sampleAt(state.at - 1, b, { dilation }); // what output `at` of the convolution of z reads
    body += line(start + v, 0.4, start + v, 0.8);
    body += mark("kernel", start + v, 1.15, entry, { is: lit(from[v] >= 0) });
  });
  const y = conv(z, flipped, { dilation });
  body += outputs([...Array(full).keys()].map((p) => y[p - padding] ?? ""), place, (p) => [p, 2.5]);
  body += label("z", left - 0.9, 0) + label("flip", left - 0.9, 1.15, "word") + label("y", left - 0.9, 2.5);
  const kernel = `flipped kernel ${list(flipped)}, its last entry at output ${state.at}`;
  const alt = `z = ${list(z)}; ${kernel}; y = ${list(y)}.`;
  return { left: left - 1, right: full - 1, bottom: 2.5, body, alt };
}

function matrix({ x, k }, { uncropped, full, chosen, cropped, is, at }, terms) {
  // A may have more rows than x has samples: a large output_padding makes room for them.
  const At = transpose(convMatrix(k, full, uncropped).slice(0, x.length));
  const first = 2.2; // the column of the first entry
  const side = first + x.length + 0.6; // that of x
  const top = (full - x.length) / 2;
  let body = band(first, chosen, x.length, 1, "chosen");
  At.forEach((row, p) => row.forEach((entry, i) => {
    const a = tapAt(p, i, k.length, uncropped);
    const drawn = { a, m: k.length, is: cropped(p) ? "removed" : lit(p === chosen), at: at(p) };
    body += matrixEntry(first + i, p, entry, drawn);
  }));
  body += outputs(At.map((row) => inner(row, x)), { is, at }, (p) => [0, p]);
  body += label("=", (first - 1) / 2 + 0.25, (full - 1) / 2) + label("y", 0, -1);
  body += label("A.T", first + (x.length - 1) / 2, -1) + label("x", side, top - 1);
  x.forEach((value, i) => {
    body += mark("input", side, top + i, value, { is: lit(terms.some((term) => term.i === i)) });
  });
  const rows = At.filter((_, p) => !cropped(p)).map((row, u) => `Row ${u + 1}: ${list(row)}.`);
  const alt = `${rows.length} rows by ${x.length} columns. ${rows.join(" ")}`;
  return { left: -0.2, right: side + 0.2, top: -1.2, bottom: full - 1, body, alt, cell: 30 };
}

function spelledOut({ x, k, at }, y, terms) {
  if (!terms.length) return `y_${at} = 0: no sample reaches it`;
  const letters = sum(terms.map(({ i, a }) => `x_${i + 1} k_${a + 1}`));
  const figures = sum(terms.map(({ i, a }) => product(x[i], k[a])));
  return `y_${at} = ${letters} = ${figures} = ${minus(y[at - 1])}`;
}

function draw(state, stage) {
  const { x, k, stride, padding, output_padding, dilation } = state;
  const y = convTranspose(x, k, state);
  const terms = termsOf(x.length, k.length, state)[state.at - 1];
  const place = layout(state);
  const spelled = spelledOut(state, y, terms);
  stage.views.scatter({ ...scatter(state, place, terms), alt: spelled });
  stage.views.zeros(zeroInsert(state, place, terms));
  stage.views.matrix(matrix(state, place, terms));
  const uncropped = `(${x.length} − 1)·${stride} − 2·${padding} + ${dilation}·(${k.length} − 1)`;
  return [spelled, `y = ${list(y)}`, `size = ${uncropped} + ${output_padding} + 1 = ${y.length}`];
}

export default explorer({
  title: "Transposed convolution, 1-D",
  question:
    "Which samples of x reach an output, through which kernel entries, and why do the three views agree?",
  sliders: [
    size("n", "x"),
    size("kernel size", "k"),
    slider("stride"),
    slider("padding"),
    slider("output_padding"),
    slider("dilation"),
  ],
  cells: [
    numbers("x", "input"),
    numbers("k", "kernel"),
    randoms({ random: (drawn, { k }) => ({ k: drawn(k.length) }) }),
  ],
  steps: { name: "u", title: "choose an output y", last: sizeOf },
  columns: [["scatter", "zeros"], ["matrix"]],
  views: [
    {
      name: "scatter",
      title: "Scatter",
      caption:
        "Each sample stamps a scaled kernel; overlaps are summed. Crossed: cropped by padding. " +
        "Double ring: kept by output_padding.",
      steps: true,
    },
    {
      name: "zeros",
      title: "Zero-insert and flip",
      caption: "Zeros between and around x, then a convolution with k reversed.",
    },
    {
      name: "matrix",
      title: "Matrix",
      caption: "Row u of A.T holds the kernel entries that meet x.",
    },
  ],
  draw,
});
