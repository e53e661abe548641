import { numbers, randoms, size, slider } from "./controls.js";
import { band, label, line, lit, mark, matrixEntry } from "./marks.js";
import {
  conv, convMatrix, convTranspose, convTransposeOutputSize, inner, inPadding, sampleAt, tapAt, termsOf,
  transpose, zeroInserted,
} from "./operator.js";
import { explorer } from "./stage.js";
import { croppedToOne, list, minus, product, sum } from "./words.js";

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
  const looks = (p, yes) => (cropped(p) ? "cropped" : lit(yes) + (p >= base - padding ? " extra" : ""));
  const is = (p) => looks(p, p === chosen);
  const at = (p) => (cropped(p) ? null : p + 1 - padding);
  const there = (p) => p < base || !cropped(p); // what no stamp made and nothing keeps is not
  const left = Math.min(0, padding - reach);
  return { uncropped, full, base, reach, chosen, cropped, there, looks, is, at, left };
}

// Without `there`, all of them are
function outputs(values, { there = () => true, is, at, late = () => null }, place) {
  const looks = (p) => ({ is: is(p), at: at(p), from: late(p) });
  return values.map((value, p) => (there(p) ? mark("output", ...place(p), value, looks(p)) : "")).join("");
}

function bands({ padding }, { full, base, chosen }, top, height) {
  const crop = (column, wide) => (wide > 0 ? band(column, top, wide, height, "crop") : "");
  const light = chosen === null ? "" : band(chosen, top, 1, height, "chosen");
  return crop(0, padding) + crop(full - padding, base - full + padding) + light;
}

// In a motion so many have stamped; lights: which terms; from: whence an entry comes; waiting: the kernel
function scatter({ x, k, ...state }, place) {
  const { uncropped, full, left, at, stamped = x.length, from = () => null, waiting = "" } = place;
  const { lights = (_, p) => p === place.chosen } = place;
  const column = (i, a) => sampleAt(i, a, uncropped);
  const down = x.length + 1.35;
  let body = bands(state, place, 0, down + 1);
  x.forEach((value, i) => {
    const is = lit(k.some((_, a) => lights(i, column(i, a))));
    if (i < stamped) body += line(column(i, 0), 0, column(i, 0), i + 1, is);
    body += mark("input", column(i, 0), 0, value, { is });
  });
  x.slice(0, stamped).forEach((value, i) => {
    k.forEach((entry, a) => {
      const p = column(i, a);
      body += mark("kernel", p, i + 1, value * entry, { is: lit(lights(i, p)), at: at(p), from: from(i, a) });
    });
  });
  body += waiting + line(-0.5, down - 0.67, full - 0.5, down - 0.67, "rule");
  body += label("x", left - 0.9, 0) + label("x·k", left - 0.9, (x.length + 1) / 2);
  body += label("y", left - 0.9, down);
  body += outputs(convTranspose(until(x, stamped), k, uncropped), place, (p) => [p, down]);
  return { left: left - 1, right: full - 1, bottom: down, body };
}

// x with zeros from the sample on that has not stamped yet
const until = (x, stamped) => x.map((value, i) => (i < stamped ? value : 0));

// Step s: s - 1 samples have stamped, the last of them just now, and the kernel waits for the next.
function stamping(state, s) {
  const { x, k, dilation } = state;
  const [place, stamped, last] = [layout(state), s - 1, s - 2];
  const home = (a) => sampleAt(0, a, { dilation });
  const reached = (p) => last >= 0 && tapAt(p, last, k.length, place.uncropped) >= 0;
  const waits = (entry, a) => mark("kernel", home(a), s, entry, { is: "full", from: [] });
  const drawn = scatter(state, {
    ...place,
    stamped,
    chosen: null,
    lights: (i) => i === last,
    from: (i, a) => (i === last ? [home(a), s - 1] : null),
    waiting: stamped < x.length ? k.map(waits).join("") : "",
    is: (p) => place.looks(p, reached(p)),
    late: (p) => (reached(p) ? [] : null),
  });
  const lines = stampInWords(state, stamped, place);
  return { lines, drawn: { scatter: { ...drawn, alt: lines.join("; ") } } };
}

function stampInWords({ x, k, ...settings }, stamped, { at, full, uncropped }) {
  const y = (count) => convTranspose(until(x, count), k, settings);
  const soFar = `y so far = ${list(y(stamped))}`;
  if (!stamped) return [`The kernel ${list(k)} waits: no sample has stamped it`, soFar];
  const i = stamped - 1;
  const [before, after] = [y(i), y(stamped)];
  const reach = (p, j) => tapAt(p, j, k.length, uncropped) >= 0;
  const overlaps = [...Array(full).keys()].filter(
    (p) => at(p) && reach(p, i) && x.some((_, j) => j < i && reach(p, j)),
  );
  const added = overlaps.map((p) => at(p) - 1).map((u) => {
    const terms = sum([minus(before[u]), product(after[u] - before[u])]);
    return `y_${u + 1} = ${terms} = ${minus(after[u])}`;
  });
  const stamp = list(k.map((entry) => x[i] * entry));
  const way = `stride·${i} = ${settings.stride * i} to the right`;
  return [
    `x_${stamped} stamps ${product(x[i])}·k = ${stamp}: it slides ${way}`,
    soFar,
    added.length ? `It is added: ${added.join(", ")}` : "It meets no stamp before it.",
  ];
}

// In a motion only `rows` are there; comes: whence an entry comes; late: which columns come last
function zeroInsert(state, place, terms) {
  const { x, k, padding, dilation } = state;
  const { uncropped, full, reach, left, rows = "zky", comes = () => null, late = () => null } = place;
  const { z, from } = zeroInserted(x, k.length, state);
  const start = padding - reach; // the column of z's first sample
  const flipped = k.toReversed();
  let body = bands(state, place, 0, 3.5);
  x.forEach((value, i) => {
    if (!from.includes(i)) body += mark("input", sampleAt(i, 0, uncropped), 0, value, { is: "cropped" });
  });
  z.forEach((value, v) => {
    const is = from[v] < 0 ? "ghost" : lit(terms.some(({ i }) => i === from[v]));
    body += mark("input", start + v, 0, value, { is, from: rows === "z" ? late(start + v) : null });
  });
  if (rows.includes("k")) {
    flipped.forEach((entry, b) => {
      const v = sampleAt(state.at - 1, b, { dilation }); // what output `at` of the convolution of z reads
      body += line(start + v, 0.4, start + v, 0.8);
      body += mark("kernel", start + v, 1.15, entry, { is: lit(from[v] >= 0), from: comes(start, b) });
    });
  }
  const y = conv(z, flipped, { dilation });
  const outputsIn = [...Array(full).keys()].map((p) => y[p - padding] ?? "");
  if (rows.includes("y")) body += outputs(outputsIn, place, (p) => [p, 2.5]);
  body += label("z", left - 0.9, 0) + label("flip", left - 0.9, 1.15, "word") + label("y", left - 0.9, 2.5);
  const kernel = `flipped kernel ${list(flipped)}, its last entry at output ${state.at}`;
  const alt = `z = ${list(z)}; ${kernel}; y = ${list(y)}.`;
  return { left: left - 1, right: full - 1, bottom: 2.5, body, alt };
}

// The samples side by side or, apart, with zeros between them
function spread({ x, stride, ...state }, { full, left }, apart) {
  const step = apart ? stride : 1;
  let body = bands(state, { full, chosen: null }, 0, 3.5) + label(apart ? "z" : "x", left - 0.9, 0);
  for (let p = 0; p <= step * (x.length - 1); p++) {
    const [i, between] = [p / step, p % step > 0];
    if (between) body += mark("input", p, 0, 0, { is: "ghost", from: [] });
    else body += mark("input", p, 0, x[i], { is: "lit", from: apart ? [i, 0] : null });
  }
  return { left: left - 1, right: full - 1, bottom: 2.5, body };
}

// Step s: samples side by side, zeros between them, zeros around them, the kernel reversed, and all outputs
function opening(state, s) {
  const { x, k, stride, dilation } = state;
  const m = k.length;
  const at = s < 5 ? 1 : sizeOf(state); // where the kernel lies
  const place = layout({ ...state, at });
  const end = sampleAt(x.length - 1, 0, { stride });
  const around = zeroInsert({ ...state, at }, {
    ...place,
    chosen: s < 5 ? null : place.chosen,
    rows: s < 4 ? "z" : s < 5 ? "zk" : "zky",
    comes: (start, b) => [start + sampleAt(0, s < 5 ? m - 1 - b : b, { dilation }), 1.15],
    late: (column) => (s === 5 || column < 0 || column > end ? [] : null),
  }, s < 4 ? [] : termsOf(x.length, m, state)[at - 1]);
  const drawn = s < 3 ? spread(state, place, s === 2) : around;
  const lines = openingInWords(state, s, place);
  return { lines, drawn: { zeros: { ...drawn, alt: lines.join("; ") } } };
}

function openingInWords({ x, k, ...settings }, s, { reach }) {
  const { stride, padding, output_padding, dilation } = settings;
  const { z } = zeroInserted(x, k.length, settings);
  const y = list(convTranspose(x, k, settings));
  const ends = reach - padding;
  const between = zeroInserted(x, 1, { stride }).z;
  const opened = `stride − 1 = ${stride - 1} ${stride === 2 ? "zero opens" : "zeros open"}`;
  const atEnds = `dilation·(m − 1) − padding = ${dilation}·${k.length - 1} − ${padding} = ${minus(ends)}`;
  const happens = ends < 0 ? "so many places are cropped at each end" : "so many zeros stand at each end";
  const more = output_padding ? `, output_padding = ${output_padding} more on the right` : "";
  return [
    ["The samples of x stand side by side", list(x)],
    [`The samples move apart: ${opened} between neighbours`, list(between)],
    ["The ends fit the kernel: this is z", `${atEnds}: ${happens}${more}`, `z = ${list(z)}`],
    [`The kernel ${list(k)} is reversed: ${list(k.toReversed())}`, `z = ${list(z)}`],
    ["The reversed kernel slides over z, and each place gives one output", `y = ${y}`],
  ][s - 1];
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
  const size = `size = ${uncropped} + ${output_padding} + 1 = ${y.length}`;
  return [spelled, `y = ${list(y)}`, size, ...croppedToOne(y.length, place.full, `${place.full} samples`)];
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
  motions: [
    { name: "stamps add up", count: ({ x }) => x.length + 1, step: stamping },
    { name: "zeros open", count: () => 5, step: opening },
  ],
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
