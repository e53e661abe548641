import { numbers, randoms, size, slider } from "./controls.js";
import { band, label, line, lit, mark, matrixEntry, path, point } from "./marks.js";
import { convMatrix, convOutputSize, sampleAt, tapAt, transpose } from "./operator.js";
import { frequencyResponse } from "./phases.js";
import { singularValues } from "./singular.js";
import { explorer } from "./stage.js";
import { list, minus } from "./words.js";

const rowsIn = ({ k, n, ...settings }) => convOutputSize(n, k.length, settings);
const fixed = (values) => values.map((value) => value.toFixed(2)).join(" ");

// A, with a row for each y_i and a column for each x_u, or, turned, A.T
function matrix({ k, n, at, ...settings }, A, turned) {
  const place = (u, i) => (turned ? [i, u] : [u, i]); // column and row
  const [right, bottom] = place(n - 1, A.length - 1);
  let body = band(...place(0, at - 1), ...place(n, 1), "chosen");
  A.forEach((row, i) => row.forEach((entry, u) => {
    const [a, m] = [tapAt(u, i, k.length, settings), k.length];
    body += matrixEntry(...place(u, i), entry, { a, m, is: lit(i === at - 1), at: i + 1 });
  }));
  for (let u = 0; u < n; u++) body += label(`x_${u + 1}`, ...place(u, -1));
  for (let i = 0; i < A.length; i++) body += label(`y_${i + 1}`, ...place(-1, i));
  const rows = (turned ? transpose(A) : A).map((row, i) => `Row ${i + 1}: ${list(row)}.`);
  const alt = `${bottom + 1} rows by ${right + 1} columns. ${rows.join(" ")}`;
  return { left: -1.1, right, top: -1.1, bottom, body, alt, cell: 30 };
}

// A.T with room for what is lifted out of it, whose places stay empty
function lifted({ k, n, at, ...settings }, A, { right = 0, bottom = 0, isOut, marks, alt }) {
  const m = k.length;
  let body = "";
  A.forEach((row, i) => row.forEach((entry, u) => {
    if (!isOut(i, u)) body += matrixEntry(i, u, entry, { a: tapAt(u, i, m, settings), m, is: "faint" });
  }));
  for (let u = 0; u < n; u++) body += label(`x_${u + 1}`, -1, u);
  for (let i = 0; i < A.length; i++) body += label(`y_${i + 1}`, i, -1);
  const reach = { left: -1.1, right: A.length - 1 + right, top: -1.1, bottom: n - 1 + bottom };
  return { transpose: { ...reach, body: body + marks, alt, cell: 30 } };
}

// A column of A.T is lifted out to the right: its dots go, the stamp is left. So is its neighbour's.
function column(state, s) {
  const { k, n, at, stride, padding } = state;
  const [settings, m] = [{ stride, padding }, k.length];
  const A = convMatrix(k, n, settings);
  const other = at < A.length ? at + 1 : at - 1; // 0 where there is none
  const out = [at, ...(s > 3 && other ? [other] : [])].map((each) => each - 1);
  const taps = (i) => Array.from({ length: n }, (_, u) => tapAt(u, i, m, settings));
  const place = (j) => A.length + 0.4 + 1.2 * j;
  const entries = (i, j) => A[i].map((entry, u) => {
    const [a, from] = [taps(i)[u], s === 2 ? [i, u] : null];
    if (s < 2) return matrixEntry(i, u, entry, { a, m, is: "lit" });
    if (s === 2) return matrixEntry(place(j), u, entry, { a, m, is: "lit", from });
    if (a < 0) return "";
    return mark("kernel", place(j), u, entry, { is: "lit", from: s === 3 ? [] : j ? [i, u] : null });
  }).join("");
  const top = (y) => minus(sampleAt(y - 1, 0, settings) + 1);
  const begins = (y) => `It begins in row stride·${y - 1} − padding + 1 = ${top(y)}.`;
  const stamp = list(A[at - 1].filter((_, u) => taps(at - 1)[u] >= 0));
  const whole = stamp === list(k) ? "the stamp" : "what padding leaves of the stamp";
  const way = other > at ? "down" : "up";
  const lines = [
    [`Column ${at} of A.T belongs to y_${at}`, list(A[at - 1])],
    [`It is lifted out: y_${at} multiplies this column only`, list(A[at - 1])],
    [`Without the dots it is ${whole}: ${stamp || "nothing"}`, begins(at)],
    [`Column ${other} is the same stamp, stride = ${stride} further ${way}`, begins(other)],
  ][s - 1];
  const isOut = (i) => out.includes(i);
  const marks = out.map(entries).join("");
  return { lines, drawn: lifted(state, A, { right: 2.6, isOut, marks, alt: lines.join("; ") }) };
}

// Of each row of A.T: which entry of k meets which y, -1 for none; and the row with most entries
function tapsIn({ k, n, ...settings }) {
  const rows = rowsIn({ k, n, ...settings });
  const tapsOf = (u) => Array.from({ length: rows }, (_, i) => tapAt(u, i, k.length, settings));
  const taps = Array.from({ length: n }, (_, u) => tapsOf(u));
  const held = taps.map((each) => each.filter((a) => a >= 0));
  const most = Math.max(...held.map(({ length }) => length));
  return { taps, held, u: held.findIndex(({ length }) => length === most) };
}

const meets = (state) => tapsIn(state).held.some((each) => each.length);

// That row is lifted out below: it is k reversed, or every stride-th entry of it.
function row(state, s) {
  const { k, n, stride, padding } = state;
  const m = k.length;
  const A = convMatrix(k, n, { stride, padding });
  const { taps, held, u } = tapsIn(state);
  const met = taps[u].flatMap((a, i) => (a < 0 ? [] : [i])); // the columns
  const values = A.map((each) => each[u]);
  const marks = values.map((entry, i) => {
    const a = taps[u][i];
    if (s < 2) return matrixEntry(i, u, entry, { a, m, is: "lit" });
    if (s === 2) return matrixEntry(i, n + 0.4, entry, { a, m, is: "lit", from: [i, u] });
    return a < 0 ? "" : mark("kernel", i, n + 0.4, entry, { is: "lit", from: s === 3 ? [] : null });
  });
  const turned = met.map((i, j) => {
    const from = [met.at(-1 - j), n + 0.4];
    return mark("kernel", i, n + 1.6, values[met.at(-1 - j)], { is: "full", from });
  });
  const which = held[u].toReversed().map((a) => `k_${a + 1}`).join(", ");
  const [reversed, forward] = [list(met.map((i) => values[i])), list(met.toReversed().map((i) => values[i]))];
  const part = held[u].length === m ? "the kernel" : `the entries ${which} of the kernel`;
  const lines = [
    [`Row ${u + 1} of A.T makes x_${u + 1}${met.length ? "" : ": dots only, no y reaches it"}`, list(values)],
    [`It is lifted out: x_${u + 1} is the sum of its products with y`, list(values)],
    [`Without the dots it is ${part}, reversed: ${reversed}`],
    [`Turned round, it is ${part}: ${forward}`],
  ][s - 1];
  const drawn = { bottom: 2.6, isOut: (_, v) => v === u, alt: lines.join("; ") };
  return { lines, drawn: lifted(state, A, { ...drawn, marks: marks.concat(s > 3 ? turned : []).join("") }) };
}

// Both plots have the same axis of values, from 0 at the bottom to most at the top.
const [WIDE, HIGH] = [9, 5];

function plot(most, ticks, body, alt) {
  const height = (value) => HIGH * (1 - value / most);
  let axes = "";
  for (const value of [0, most / 2, most]) {
    axes += line(0, height(value), WIDE, height(value), value ? "" : "rule");
    axes += label(minus(value), -0.7, height(value), "tick");
  }
  for (const [text, column] of ticks) axes += label(text, column, HIGH + 0.7, "tick");
  const around = { left: -1, right: WIDE - 0.2, top: 0, bottom: HIGH + 0.6, cell: 36 };
  return { ...around, body: axes + body(height), alt };
}

// The frequency response as a curve, and its samples at q even frequencies, of which half are to be seen
function responsePlot(most, curve, sampled) {
  const q = sampled.length;
  const body = (height) => {
    let drawn = path(curve.map(([f, value]) => [2 * WIDE * f, height(value)]), "kernel");
    for (let j = 0; 2 * j <= q && j < q; j++) {
      drawn += point("kernel", (2 * WIDE * j) / q, height(sampled[j]), 0.5);
    }
    return drawn;
  };
  const ticks = [["0", 0], ["1/4", WIDE / 2], ["f = 1/2", WIDE - 0.8]];
  return plot(most, ticks, body, `at ${q} even frequencies: ${fixed(sampled)}`);
}

// The singular values beside the samples of the response, both in falling order
function singularPlot(most, singular, inOrder) {
  const q = singular.length;
  const column = (j) => (WIDE * (j + 0.5)) / q;
  const body = (height) => {
    const marks = (kind, values, scale) =>
      values.map((value, j) => point(kind, column(j), height(value), scale)).join("");
    return marks("kernel", inOrder, 0.62) + marks("output", singular, 0.4);
  };
  const ticks = [["1", column(0)], ...(q > 1 ? [[`${q}`, column(q - 1)]] : [])];
  const alt = `${fixed(singular)}, beside the response in falling order: ${fixed(inOrder)}`;
  return plot(most, ticks, body, alt);
}

// The next round number, so that the axis stands still while a value is dragged a little
function atLeast(value) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 3, 4, 6, 8, 10].map((step) => step * ten).find((each) => each >= value - 1e-9);
}

function draw(state, stage) {
  const { k, n, stride, padding, at } = state;
  const A = convMatrix(k, n, { stride, padding });
  const singular = singularValues(A);
  const response = (f) => frequencyResponse(k, f, stride);
  const sampled = singular.map((_, j) => response(j / singular.length));
  const curve = Array.from({ length: 65 }, (_, j) => [j / 128, response(j / 128)]);
  const most = atLeast(Math.max(...curve.map(([, value]) => value), ...singular));
  const rank = singular.filter((value) => value > 1e-9).length;
  stage.views.matrix(matrix(state, A, false));
  stage.views.transpose(matrix(state, A, true));
  stage.views.response(responsePlot(most, curve, sampled));
  stage.views.singular(singularPlot(most, singular, sampled.toSorted((a, b) => b - a)));
  return [
    `Row ${at} of A = column ${at} of A.T = ${list(A[at - 1])}`,
    `Singular values of A: ${fixed(singular)}`,
    `A is ${A.length} × ${n} with rank ${rank}: it loses ${n - rank || "none"} of the ${n} dimensions of x.`,
  ];
}

export default explorer({
  title: "The matrix of a convolution, and what survives it",
  question: "Which kernels bring a singular value close to 0, and at which f is their frequency response 0?",
  sliders: [slider("n"), size("kernel size", "k"), slider("stride"), slider("padding")],
  cells: [numbers("k", "kernel"), randoms({ random: (drawn, { k }) => ({ k: drawn(k.length) }) })],
  steps: { name: "i", title: "choose a row of A", last: rowsIn, columns: () => 1 },
  motions: [
    { name: "column to stamp", count: (state) => (rowsIn(state) > 1 ? 4 : 3), step: column },
    { name: "row to reversed k", count: (state) => (meets(state) ? 4 : 1), step: row },
  ],
  columns: [["matrix"], ["transpose"], ["response", "singular"]],
  alike: ["matrix", "transpose"],
  views: [
    { name: "matrix", title: "A", caption: "A row for each y, a column for each x.", steps: true },
    { name: "transpose", title: "A.T", caption: "Its columns are the rows of A." },
    {
      name: "response",
      title: "Frequency response",
      caption: "|K(f)|, folded by the stride. Diamonds: at even steps, one a row of A.",
    },
    {
      name: "singular",
      title: "Singular values",
      caption: "Circles: those of A. Diamonds: |K| at these steps, sorted.",
    },
  ],
  draw,
});
