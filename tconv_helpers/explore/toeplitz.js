import { numbers, randoms, size, slider } from "./controls.js";
import { band, label, line, lit, matrixEntry, path, point } from "./marks.js";
import { convMatrix, convOutputSize, tapAt, transpose } from "./operator.js";
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
  const ticks = [["0", 0], ["1/4", WIDE / 2], ["f = 1/2", WIDE - 0.5]];
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
  columns: [["matrix"], ["transpose"], ["response", "singular"]],
  views: [
    { name: "matrix", title: "A", caption: "A row for each y, a column for each x.", steps: true },
    { name: "transpose", title: "A.T", caption: "Its columns are the rows of A." },
    {
      name: "response",
      title: "Frequency response",
      caption: "|K(f)|, folded by the stride. Diamonds: samples.",
    },
    {
      name: "singular",
      title: "Singular values",
      caption: "Circles: those of A. Diamonds: the samples, sorted.",
    },
  ],
  draw,
});
