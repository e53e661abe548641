import { numbers, size, slider } from "./controls.js";
import { arrow, band, label, lit, mark, path } from "./marks.js";
import { convTransposeOutputSize, inPadding, sampleAt, tapAt } from "./operator.js";
import { conv2d, convTranspose2d, inner2d, overlaps, padded, square } from "./plane.js";
import { explorer } from "./stage.js";
import { list, minus, product, sum } from "./words.js";

const sizeOf = ({ y, k, ...settings }) => convTransposeOutputSize(y.length, k.length, settings);
const resizedSquare = (rows, length) => square(length, (u, v) => rows[u]?.[v] ?? u + v + 1);
const pattern = (length) => square(length, (u, v) => (u + 2 * v) % 5); // the image x
const inWords = (rows) => rows.map(list).join(" / ");

// The marks that make(u, v, value) returns for all values, row by row
const marksOf = (rows, make) => rows.flatMap((row, u) => row.map((value, v) => make(u, v, value))).join("");

// The large image has a margin that conv pads and the transpose crops. The chosen pixel (i, j) of the small
// one is tied to the patch whose upper left corner is (top, left).
function layout(state) {
  const { y, k, stride, at } = state;
  const [n, m] = [y.length, k.length];
  const [i, j] = [Math.floor((at - 1) / n), (at - 1) % n];
  const [top, left] = [sampleAt(i, 0, { stride }), sampleAt(j, 0, { stride })];
  const full = sizeOf({ ...state, padding: 0 });
  const inPatch = (u, v) => tapAt(u, i, m, { stride }) >= 0 && tapAt(v, j, m, { stride }) >= 0;
  const inMargin = (u, v) => inPadding(u, full, state) || inPadding(v, full, state);
  return { n, m, i, j, top, left, full, inPatch, inMargin };
}

// The outline of the patch, and from it to the pixel a beam with an arrow, which points at what is an output
function beam({ m, i, j, top, left, full }, down, kind) {
  const patch = [[left - 0.5, top + m - 0.5], [left + m - 0.5, top + m - 0.5]];
  const pixel = [[j + 0.5, down + i - 0.5], [j - 0.5, down + i - 0.5]];
  const middle = (row) => {
    const part = (row - top - m + 0.5) / (down + i - top - m);
    return [(1 - part) * (left + (m - 1) / 2) + part * j, row];
  };
  const ends = [middle(full - 0.35), middle(down - 0.65)];
  const [from, to] = kind === "input" ? ends.toReversed() : ends;
  const outline = band(left, top, m, m, "outline");
  return { area: path([...patch, ...pixel], "beam") + outline, arrow: arrow(...from, ...to, "lit") };
}

// The name of an image, and below it what it is
const named = (name, kind, row) => label(name, -1.5, row - 0.25) + label(kind, -1.5, row + 0.4, "word");

// One direction: the large image above, the small one and the kernel below, a beam between patch and pixel
function direction(place, { large, small, kernel, kinds, names, margin, words }) {
  const { n, m, i, j, full, inPatch, inMargin } = place;
  const down = full + 1.6; // the row where the small image begins
  const right = Math.max(full, n + 1.4 + m); // the column after the kernel's last
  const { area, arrow: pointer } = beam(place, down, kinds.small);
  const body =
    marksOf(large, (u, v, value) => {
      const is = inMargin(u, v) ? margin : lit(inPatch(u, v));
      return mark(kinds.large, v, u, value, { is });
    }) +
    area +
    marksOf(small, (u, v, value) => {
      const is = lit(u === i && v === j);
      return mark(kinds.small, v, down + u, value, { is, at: n * u + v + 1 });
    }) +
    marksOf(kernel, (a, b, value) => mark("kernel", right - m + b, down + a, value, { is: "full" })) +
    pointer +
    named(names.large, kinds.large, (full - 1) / 2) +
    named(names.small, kinds.small, down + (n - 1) / 2) +
    label(names.kernel, right - (m + 1) / 2, down - 0.95);
  const bottom = down + Math.max(n, m) - 0.9;
  return { left: -2.1, right: right - 0.9, top: -0.1, bottom, body, alt: words };
}

function heat({ full, top, left, m, inMargin }, counts) {
  const most = Math.max(...counts.flat());
  const marks = marksOf(counts, (u, v, count) => {
    const warmth = 2 * count > most ? "heat high" : "heat"; // else its number is hard to read
    const is = inMargin(u, v) ? "removed" : count ? warmth : "ghost";
    return mark("entry", v, u, count, { is, strength: count / most });
  });
  const body = marks + band(left, top, m, m, "outline");
  return { left: -0.1, right: full - 0.9, top: -0.1, bottom: full - 0.9, body };
}

// (A x)_{i,j}, less the terms that the margin makes 0
function gathered({ k }, { i, j, top, left, inMargin }, pixels, Ax) {
  const terms = k.flatMap((row, a) => row.flatMap((entry, b) =>
    inMargin(top + a, left + b) ? [] : product(pixels[top + a][left + b], entry)));
  return `(A x)_${i + 1},${j + 1} = ${sum(terms)} = ${minus(Ax[i][j])}`;
}

// How many stamps a pixel gets that is not cropped
function times(counts, { inMargin }) {
  const seen = counts.flatMap((row, u) => row.filter((_, v) => !inMargin(u, v)));
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  return least < most ? `${least} to ${most} stamps` : `${most} ${most === 1 ? "stamp" : "stamps"}`;
}

function draw(state, stage) {
  const { y, k, stride, padding } = state;
  const place = layout(state);
  const { n, m, i, j } = place;
  const x = pattern(sizeOf(state));
  const [pixels, Ax, stamped] = [padded(x, padding), conv2d(x, k, state), convTranspose2d(y, k, state)];
  const read = gathered(state, place, pixels, Ax);
  const stamp = k.map((row) => row.map((entry) => y[i][j] * entry));
  const value = `y_${i + 1},${j + 1} = ${minus(y[i][j])}`;
  const put = `${value} stamps ${inWords(stamp)} on the same ${m} × ${m} patch.`;
  stage.views.conv(direction(place, {
    large: pixels, small: Ax, kernel: k, margin: "ghost", words: read,
    kinds: { large: "input", small: "output" }, names: { large: "x", small: "A x", kernel: "k" },
  }));
  stage.views.transposed(direction(place, {
    large: convTranspose2d(y, k, { stride }), small: y, kernel: stamp, margin: "cropped", words: put,
    kinds: { large: "output", small: "input" },
    names: { large: "A.T y", small: "y", kernel: `${product(y[i][j])}·k` },
  }));
  const counts = overlaps(n, m, { stride });
  stage.views.overlap({ ...heat(place, counts), alt: inWords(overlaps(n, m, state)) });
  const adjoint = `⟨A x, y⟩ = ${minus(inner2d(Ax, y))} and ⟨x, A.T y⟩ = ${minus(inner2d(x, stamped))}.`;
  return [read, put, `${adjoint} Each pixel gets ${times(counts, place)}.`];
}

// The pixels of a square image
const image = (name, kind) => numbers(name, kind, {
  get: (state) => state[name].flat(),
  set: (values) => {
    const length = Math.sqrt(values.length);
    return { [name]: square(length, (u, v) => values[length * u + v]) };
  },
  columns: (state) => state[name].length,
});

export default explorer({
  title: "Convolution and its transpose, 2-D",
  question: "For which kernel sizes and strides does every pixel in the middle get equally many stamps?",
  sliders: [
    size("n", "y", resizedSquare),
    size("kernel size", "k", resizedSquare),
    slider("stride"),
    slider("padding"),
  ],
  cells: [image("y", "input"), image("k", "kernel")],
  steps: { name: "pixel", title: "choose a pixel of the small image", last: ({ y }) => y.length ** 2 },
  layout: "threes",
  views: [
    { name: "conv", title: "Convolution A", caption: "A patch is gathered into a pixel.", steps: true },
    {
      name: "transposed",
      title: "Its transpose A.T",
      caption: "The pixel stamps the same patch; overlaps are summed.",
      steps: true,
    },
    {
      name: "overlap",
      title: "Overlap",
      caption: "How many stamps a pixel gets. Dashed: padded by A, cropped by A.T.",
    },
  ],
  draw,
});
