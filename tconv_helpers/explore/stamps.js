import { numbers, randoms, size, slider } from "./controls.js";
import { arrow, band, label, lit, mark, path } from "./marks.js";
import { convTransposeOutputSize, inPadding, sampleAt, tapAt } from "./operator.js";
import { CREDIT, photograph, pictures } from "./photograph.js";
import { conv2d, convTranspose2d, inner2d, overlaps, padded, square } from "./plane.js";
import { explorer } from "./stage.js";
import { croppedToOne, list, minus, product, sum } from "./words.js";

const sizeOf = ({ y, k, ...settings }) => convTransposeOutputSize(y.length, k.length, settings);
const resizedSquare = (rows, length, kept = []) =>
  square(length, (u, v) => rows[u]?.[v] ?? kept[u]?.[v] ?? u + v + 1);
const pattern = (length) => square(length, (u, v) => (u + 2 * v) % 5); // the image x
const inWords = (rows) => rows.map(list).join(" / ");

// The marks that make(u, v, value) returns for all values, row by row
const marksOf = (rows, make) => rows.flatMap((row, u) => row.map((value, v) => make(u, v, value))).join("");

// The large image has a margin that conv pads and the transpose crops. The chosen pixel (i, j) of the small
// one is tied to the patch whose upper left corner is (top, left).
function layout(state) {
  const { y, k, stride, dilation, padding, output_padding, at } = state;
  const [n, m, spread] = [y.length, k.length, { stride, dilation }];
  const [i, j] = [Math.floor((at - 1) / n), (at - 1) % n];
  const inLarge = (a, b) => [sampleAt(i, a, spread), sampleAt(j, b, spread)]; // what entry (a, b) meets
  const [top, left] = inLarge(0, 0);
  const span = sampleAt(0, m - 1, { dilation }) + 1; // of the patch, with what lies between its pixels
  const full = sizeOf({ ...state, padding: 0 });
  const inPatch = (u, v) => tapAt(u, i, m, spread) >= 0 && tapAt(v, j, m, spread) >= 0;
  const inMargin = (u, v) => inPadding(u, full, state) || inPadding(v, full, state);
  const isExtra = (u, v) => !inMargin(u, v) && Math.max(u, v) >= full - output_padding - padding;
  return { n, m, i, j, top, left, span, full, inLarge, inPatch, inMargin, isExtra };
}

// The outline of the patch, and from it to the pixel a beam, below all numbers, with an arrow to the output
function beam({ span, i, j, top, left, full }, down, kind) {
  const patch = [[left - 0.5, top + span - 0.5], [left + span - 0.5, top + span - 0.5]];
  const pixel = [[j + 0.5, down + i - 0.5], [j - 0.5, down + i - 0.5]];
  const middle = (row) => {
    const part = (row - top - span + 0.5) / (down + i - top - span);
    return [(1 - part) * (left + (span - 1) / 2) + part * j, row];
  };
  const ends = [middle(full - 0.35), middle(down - 0.65)];
  const [from, to] = kind === "input" ? ends.toReversed() : ends;
  const outline = band(left, top, span, span, "outline");
  return { ray: path([...patch, ...pixel], "beam"), outline, arrow: arrow(...from, ...to, "lit") };
}

// The name of an image, and below it what it is
const named = (name, kind, row) => label(name, -1.6, row - 0.25) + label(kind, -1.6, row + 0.4, "word");

// One direction: the large image above, the small one and the kernel below, a beam between patch and pixel.
// slides: the kernel slides onto the patch, in a motion.
function direction(place, { large, small, kernel, kinds, names, margin, words, slides = false }) {
  const { n, m, i, j, full, inLarge, inPatch, inMargin, isExtra } = place;
  const down = full + 1.6; // the row where the small image begins
  const slid = (a, b, value, from) =>
    mark("kernel", ...inLarge(a, b).toReversed(), value, { is: "full gone", from });
  const right = Math.max(full, n + 1.4 + m); // the column after the kernel's last
  const { ray, outline, arrow: pointer } = beam(place, down, kinds.small);
  const body =
    ray +
    marksOf(large, (u, v, value) => {
      const kept = kinds.large === "output" && isExtra(u, v) ? " extra" : "";
      const is = inMargin(u, v) ? margin : lit(inPatch(u, v)) + kept;
      return mark(kinds.large, v, u, value, { is, from: slides && inPatch(u, v) ? [] : null });
    }) +
    outline +
    marksOf(small, (u, v, value) => {
      const is = lit(u === i && v === j);
      return mark(kinds.small, v, down + u, value, { is, at: n * u + v + 1 });
    }) +
    marksOf(kernel, (a, b, value) => mark("kernel", right - m + b, down + a, value, { is: "full" })) +
    (slides ? marksOf(kernel, (a, b, value) => slid(a, b, value, [right - m + b, down + a])) : "") +
    pointer +
    named(names.large, kinds.large, (full - 1) / 2) +
    named(names.small, kinds.small, down + (n - 1) / 2) +
    label(names.kernel, right - (m + 1) / 2, down - 0.95);
  const bottom = down + Math.max(n, m) - 0.9;
  return { left: -2.6, right: right - 0.9, top: -0.1, bottom, body, alt: words };
}

function heat({ full, top, left, span, inMargin }, counts) {
  const most = Math.max(...counts.flat());
  const marks = marksOf(counts, (u, v, count) => {
    const warmth = 2 * count > most ? "heat high" : "heat"; // else its number is hard to read
    const is = inMargin(u, v) ? "removed" : count ? warmth : "ghost";
    return mark("entry", v, u, count, { is, strength: count / most });
  });
  const body = marks + band(left, top, span, span, "outline");
  return { left: -0.1, right: full - 0.9, top: -0.1, bottom: full - 0.9, body };
}

// (A x)_{i,j}, less the terms that the margin makes 0
function gathered({ k }, { i, j, inLarge, inMargin }, pixels, Ax) {
  const terms = k.flatMap((row, a) => row.flatMap((entry, b) => {
    const [u, v] = inLarge(a, b);
    return inMargin(u, v) ? [] : product(pixels[u][v], entry);
  }));
  return `(A x)_${i + 1},${j + 1} = ${sum(terms)} = ${minus(Ax[i][j])}`;
}

// How many stamps a pixel gets that is not cropped
function times(counts, { inMargin }) {
  const seen = counts.flatMap((row, u) => row.filter((_, v) => !inMargin(u, v)));
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  return least < most ? `${least} to ${most} stamps` : `${most} ${most === 1 ? "stamp" : "stamps"}`;
}

const scaledBy = (k, factor) => k.map((row) => row.map((entry) => factor * entry));

// The transpose's direction, with what these pixels have stamped
function stamped2d({ y, k, ...settings }, place, stamping, more) {
  const factor = y[place.i][place.j];
  return direction(place, {
    large: convTranspose2d(stamping, k, { ...settings, padding: 0 }), small: y, kernel: scaledBy(k, factor),
    margin: "cropped", kinds: { large: "output", small: "input" },
    names: { large: "A.T y", small: "y", kernel: `${product(factor)}·k` }, ...more,
  });
}

// Step s: the pixels up to s have stamped, the last of them just now
function stampingPixel(state, s) {
  const { y, k, stride } = state;
  const [n, place] = [y.length, layout({ ...state, at: s })];
  const { i, j, inLarge } = place;
  const until = (last) => square(n, (u, v) => (n * u + v < last ? y[u][v] : 0));
  const drawn = stamped2d(state, place, until(s), { slides: true });
  const patch = (rows) => square(k.length, (a, b) => {
    const [u, v] = inLarge(a, b);
    return rows[u][v];
  });
  const uncropped = { ...state, padding: 0 };
  const soFar = patch(convTranspose2d(until(s), k, uncropped));
  const ones = square(n, (u, v) => (n * u + v < s - 1 ? 1 : 0));
  const before = patch(convTranspose2d(ones, k.map((row) => row.map(() => 1)), uncropped)).flat();
  const held = `${before.filter(Boolean).length} of its ${before.length} pixels hold stamps already`;
  const lines = [
    `y_${i + 1},${j + 1} = ${minus(y[i][j])} stamps ${inWords(scaledBy(k, y[i][j]))}`,
    `It slides to its patch: stride·${i} = ${stride * i} down, stride·${j} = ${stride * j} to the right.`,
    `${held}; the sums are now ${inWords(soFar)}`,
  ];
  return { lines, drawn: { transposed: { ...drawn, alt: lines.join("; ") } } };
}

function draw(state, stage) {
  const { y, k, padding } = state;
  const uncropped = { ...state, padding: 0 };
  const place = layout(state);
  const { n, m, i, j, full } = place;
  const x = pattern(sizeOf(state));
  const [pixels, read2d, stamped] = [padded(x, padding), conv2d(x, k, state), convTranspose2d(y, k, state)];
  const Ax = square(n, (u, v) => read2d[u][v]); // a large output_padding makes room for more
  const read = gathered(state, place, pixels, Ax);
  const value = `y_${i + 1},${j + 1} = ${minus(y[i][j])}`;
  const put = `${value} stamps ${inWords(scaledBy(k, y[i][j]))} on the same ${m} × ${m} patch.`;
  stage.views.conv(direction(place, {
    large: pixels, small: Ax, kernel: k, margin: "ghost", words: read,
    kinds: { large: "input", small: "output" }, names: { large: "x", small: "A x", kernel: "k" },
  }));
  stage.views.transposed(stamped2d(state, place, y, { words: put }));
  const counts = overlaps(n, m, uncropped);
  stage.views.overlap({ ...heat(place, counts), alt: inWords(overlaps(n, m, state)) });
  const adjoint = `⟨A x, y⟩ = ${minus(inner2d(Ax, y))} and ⟨x, A.T y⟩ = ${minus(inner2d(x, stamped))}.`;
  stage.views.photograph({
    of: [k, state.stride, padding, state.output_padding, state.dilation],
    images: () => [photograph, conv2d(photograph, k, state), convTranspose2d(photograph, k, state)],
    alt: "a photograph, A of it and A.T of it.",
  });
  const crop = croppedToOne(x.length, full, `${full} × ${full} pixels`);
  return [read, put, `${adjoint} Each pixel gets ${times(counts, place)}.`, ...crop];
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

function randomKernel(drawn, { k }) {
  const [m, values] = [k.length, drawn(k.length ** 2)];
  return { k: square(m, (a, b) => values[m * a + b]) };
}

export default explorer({
  title: "Convolution and its transpose, 2-D",
  question: "For which kernel sizes and strides does every pixel in the middle get equally many stamps?",
  sliders: [
    size("n", "y", { resize: resizedSquare, about: "How many rows and columns y has." }),
    size("kernel size", "k", { resize: resizedSquare, about: "How many rows and columns the kernel has." }),
    slider("stride"),
    slider("padding"),
    slider("output_padding"),
    slider("dilation"),
  ],
  cells: [image("y", "input"), image("k", "kernel"), randoms({ random: randomKernel })],
  steps: {
    name: "pixel",
    title: "choose a pixel of the small image",
    last: ({ y }) => y.length ** 2,
    columns: ({ y }) => y.length,
  },
  motions: [{ name: "stamps add up", count: ({ y }) => y.length ** 2, step: stampingPixel }],
  columns: [["conv"], ["transposed"], ["overlap"]],
  beside: ["photograph"],
  high: [336, 364], // less than others: the numbers of two squares stand above
  views: [
    { name: "conv", title: "Convolution A", caption: "A patch is gathered into a pixel.", steps: true },
    {
      name: "transposed",
      title: "Its transpose A.T",
      caption: "A pixel stamps the patch. Double ring: output_padding.",
      steps: true,
    },
    {
      name: "overlap",
      title: "Overlap",
      caption: "How many stamps a pixel gets. Dashed: padded by A, cropped by A.T.",
    },
    {
      name: "photograph",
      title: "Photograph",
      caption: CREDIT,
      made: pictures("photograph", "A of it", "A.T of it, the middle"),
    },
  ],
  draw,
});
