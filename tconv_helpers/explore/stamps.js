import { convTransposeOutputSize } from "./operator.js";
import { conv2d, convTranspose2d, inner, overlaps, square } from "./plane.js";
import { arrow, band, explorer, label, list, mark, minus, numbers, path, product, slider, sum } from "./stage.js";

const sizeOf = ({ y, k, ...settings }) => convTransposeOutputSize(y.length, k.length, settings);
const resized2d = (rows, size) => square(size, (u, v) => rows[u]?.[v] ?? u + v + 1);
const pattern = (size) => square(size, (u, v) => (u + 2 * v) % 5); // the image x
const inWords = (rows) => rows.map(list).join(" / ");

function rowsOf(values) {
  const size = Math.sqrt(values.length);
  return square(size, (u, v) => values[size * u + v]);
}

// The large image has a margin that conv pads and the transpose crops. The chosen pixel (i, j) of the small
// one is tied to the patch whose upper left corner is (top, left).
function layout({ y, k, stride, padding, at }) {
  const [n, m] = [y.length, k.length];
  const [i, j] = [Math.floor((at - 1) / n), (at - 1) % n];
  const [top, left, full] = [stride * i, stride * j, stride * (n - 1) + m];
  const inPatch = (u, v) => u >= top && u < top + m && v >= left && v < left + m;
  const inMargin = (u, v) => Math.min(u, v) < padding || Math.max(u, v) >= full - padding;
  return { n, m, i, j, top, left, full, inPatch, inMargin };
}

// One direction: the large image above, the small one and the kernel below, a beam between patch and pixel
function direction(place, { large, small, kernel, kinds, names, margin, words }) {
  const { n, m, i, j, top, left, full, inPatch, inMargin } = place;
  const down = full + 1.6; // the row where the small image begins
  const right = Math.max(full, n + 1.4 + m); // the column after the kernel's last
  const patch = [[left - 0.5, top + m - 0.5], [left + m - 0.5, top + m - 0.5]];
  let body = "";
  large.forEach((row, u) => row.forEach((value, v) => {
    const is = inMargin(u, v) ? margin : inPatch(u, v) ? "lit" : "faint";
    body += mark(kinds.large, v, u, value, { is });
  }));
  body += path([...patch, [j + 0.5, down + i - 0.5], [j - 0.5, down + i - 0.5]], "beam");
  body += band(left, top, m, m, "outline");
  small.forEach((row, u) => row.forEach((value, v) => {
    body += mark(kinds.small, v, down + u, value, { is: u === i && v === j ? "lit" : "faint", at: n * u + v + 1 });
  }));
  kernel.forEach((row, a) => row.forEach((value, b) => {
    body += mark("kernel", right - m + b, down + a, value, { is: "full" });
  }));
  const middle = (row) => {
    const part = (row - top - m + 0.5) / (down + i - top - m);
    return [(1 - part) * (left + (m - 1) / 2) + part * j, row];
  };
  const ends = [middle(full - 0.35), middle(down - 0.65)];
  const [from, to] = kinds.small === "input" ? ends.toReversed() : ends;
  body += arrow(...from, ...to, "lit");
  body += label(names.large, -1.5, (full - 1) / 2 - 0.25) + label(kinds.large, -1.5, (full - 1) / 2 + 0.4, "word");
  body += label(names.small, -1.5, down + (n - 1) / 2 - 0.25) + label(kinds.small, -1.5, down + (n - 1) / 2 + 0.4, "word");
  body += label(names.kernel, right - (m + 1) / 2, down - 0.95);
  return { left: -2.1, right: right - 0.9, top: -0.1, bottom: down + Math.max(n, m) - 0.9, body, alt: words };
}

function heat({ full, top, left, m, inMargin }, counts) {
  const most = Math.max(...counts.flat());
  let body = "";
  counts.forEach((row, u) => row.forEach((count, v) => {
    const warmth = 2 * count > most ? "heat high" : "heat"; // else its number is hard to read
    const is = inMargin(u, v) ? "removed" : count ? warmth : "ghost";
    body += mark("entry", v, u, count, { is, strength: count / most });
  }));
  body += band(left, top, m, m, "outline");
  return { left: -0.1, right: full - 0.9, top: -0.1, bottom: full - 0.9, body };
}

const within = (values, { inMargin }) => values.flatMap((row, u) => row.filter((_, v) => !inMargin(u, v)));

function draw(state, stage) {
  const { y, k, stride, padding } = state;
  const place = layout(state);
  const { n, m, i, j, top, left, full, inMargin } = place;
  const x = pattern(sizeOf(state));
  const padded = square(full, (u, v) => x[u - padding]?.[v - padding] ?? 0);
  const Ax = conv2d(x, k, state);
  const uncropped = convTranspose2d(y, k, { stride });
  const stamped = convTranspose2d(y, k, state);
  const terms = k.flatMap((row, a) => row.flatMap((entry, b) =>
    inMargin(top + a, left + b) ? [] : product(padded[top + a][left + b], entry)));
  const [index, value] = [`_${i + 1},${j + 1}`, y[i][j]];
  const gathered = `(A x)${index} = ${sum(terms)} = ${minus(Ax[i][j])}`;
  const stamp = k.map((row) => row.map((entry) => value * entry));
  const put = `y${index} = ${minus(value)} stamps ${inWords(stamp)} on the same ${m} × ${m} patch.`;
  stage.views.conv(direction(place, {
    large: padded, small: Ax, kernel: k, margin: "ghost", words: gathered,
    kinds: { large: "input", small: "output" }, names: { large: "x", small: "A x", kernel: "k" },
  }));
  stage.views.transposed(direction(place, {
    large: uncropped, small: y, kernel: stamp, margin: "cropped", words: put,
    kinds: { large: "output", small: "input" }, names: { large: "A.T y", small: "y", kernel: `${product(value)}·k` },
  }));
  const counts = overlaps(n, m, { stride });
  const seen = within(counts, place);
  const alt = inWords(overlaps(n, m, state));
  stage.views.overlap({ ...heat(place, counts), alt });
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const times = least < most ? `${least} to ${most} stamps` : `${most} ${most === 1 ? "stamp" : "stamps"}`;
  const adjoint = `⟨A x, y⟩ = ${minus(inner(Ax, y))} and ⟨x, A.T y⟩ = ${minus(inner(x, stamped))}.`;
  return [gathered, put, `${adjoint} Each pixel gets ${times}.`];
}

export default explorer({
  title: "Convolution and its transpose, 2-D",
  question: "For which kernel sizes and strides does every pixel in the middle get equally many stamps?",
  sliders: [
    slider("n", 1, 4, { get: ({ y }) => y.length, set: ({ y }, size) => ({ y: resized2d(y, size) }) }),
    slider("kernel size", 1, 4, { get: ({ k }) => k.length, set: ({ k }, size) => ({ k: resized2d(k, size) }) }),
    slider("stride", 1, 3),
    slider("padding", 0, 3),
  ],
  cells: [
    numbers("y", "input", "y", { get: ({ y }) => y.flat(), set: (values) => ({ y: rowsOf(values) }), columns: ({ y }) => y.length }),
    numbers("k", "kernel", "k", { get: ({ k }) => k.flat(), set: (values) => ({ k: rowsOf(values) }), columns: ({ k }) => k.length }),
  ],
  steps: { name: "pixel", title: "choose a pixel of the small image", last: ({ y }) => y.length ** 2 },
  layout: "threes",
  views: [
    { name: "conv", title: "Convolution A", caption: "A patch is gathered into a pixel.", steps: true },
    { name: "transposed", title: "Its transpose A.T", caption: "The pixel stamps the same patch; overlaps are summed.", steps: true },
    { name: "overlap", title: "Overlap", caption: "How many stamps a pixel gets. Dashed: padded by A, cropped by A.T." },
  ],
  draw,
});
