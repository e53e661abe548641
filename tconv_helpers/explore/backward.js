import { numbers, randoms, resized, slider, stepper } from "./controls.js";
import { arrow, band, label, line, lit, mark } from "./marks.js";
import { convDx, convTransposeOutputSize, sampleAt, tapAt, termsOf } from "./operator.js";
import { explorer } from "./stage.js";
import { list, minus, product, sum } from "./words.js";

const sizeOf = ({ dy, k }) => convTransposeOutputSize(dy.length, k.length);

const [HIGH, LOW] = [0.9, 4.6]; // the rows of y and of x
const APART = 1.45; // columns, so that the marks on the arrows have room
const AWAY = 0.09; // the two arrows of a link stand beside each other

// One link: sample u, output i, entry a. Its arrows, and the mark on them if it is lit
function link({ u, i, a }, shift, is) {
  const [from, to] = [[u * APART, LOW - 0.52], [(i + shift) * APART, HIGH + 0.54]];
  const arrows =
    arrow(from[0] - AWAY, from[1], to[0] - AWAY, to[1], `forward ${is}`) +
    arrow(to[0] + AWAY, to[1], from[0] + AWAY, from[1], `backward ${is}`);
  const part = 0.66; // of the way up, where the arrows have parted
  const [column, row] = [from[0] + AWAY + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
  return { arrows, diamond: is === "lit" ? mark("kernel", column, row, `k_${a + 1}`, { is }) : "" };
}

function graph({ dy, k, at }, dx, terms) {
  const shift = (k.length - 1) / 2; // y stands above the middle of what it reads
  const each = dy.flatMap((_, i) => k.map((_, a) => ({ u: sampleAt(i, a), i, a })));
  const links = each.map((one) => link(one, shift, lit(one.u === at - 1)));
  let body = links.map(({ arrows }) => arrows).join("") + links.map(({ diamond }) => diamond).join("");
  dy.forEach((value, i) => {
    const is = lit(terms.some((term) => term.i === i));
    const column = (i + shift) * APART;
    body += mark("output", column, HIGH, value, { is }) + label(`y_${i + 1}`, column, 0);
  });
  dx.forEach((value, u) => {
    body += mark("input", u * APART, LOW, value, { is: lit(u === at - 1), at: u + 1 });
    body += label(`x_${u + 1}`, u * APART, LOW + 0.9);
  });
  body += label("dl/dy", -1.5, HIGH) + label("dl/dx", -1.5, LOW);
  return { left: -2, right: (dx.length - 1) * APART, top: -0.1, bottom: LOW + 1, body, cell: 38 };
}

function reversed(state) {
  const { dy, k, at } = state;
  const [around, n] = [k.length - 1, sizeOf(state)];
  let body = band(at - 1 - around, 0, k.length, 2.2, "chosen");
  for (let i = -around; i < n; i++) {
    const [there, a] = [i in dy, tapAt(at - 1, i, k.length)];
    body += mark("output", i, 0, dy[i] ?? 0, { is: there ? lit(a >= 0) : "ghost" });
    if (a < 0) continue;
    body += line(i, 0.45, i, 0.75) + mark("kernel", i, 1.2, k[a], { is: lit(there) });
  }
  body += label("dl/dy", -around - 1.5, 0) + label("flip", -around - 1.5, 1.2);
  const alt = `dl/dy = ${list(dy)}; k in reverse, ${list(k.toReversed())}, ends under y_${at}.`;
  return { left: -around - 2, right: n - 1, bottom: 1.3, body, alt };
}

function draw(state, stage) {
  const { dy, k, at } = state;
  const dx = convDx(dy, k);
  const terms = termsOf(dy.length, k.length)[at - 1];
  const letters = sum(terms.map(({ i, a }) => `dl/dy_${i + 1} k_${a + 1}`));
  const figures = sum(terms.map(({ i, a }) => product(dy[i], k[a])));
  const spelled = `dl/dx_${at} = ${letters} = ${figures} = ${minus(dx[at - 1])}`;
  stage.views.graph({ ...graph(state, dx, terms), alt: spelled });
  stage.views.reversed(reversed(state));
  return [
    spelled,
    `dl/dx = ${list(dx)}`,
    terms.length > 1 ? "From left to right the index of k falls: the kernel is visited in reverse." : "",
  ];
}

// So many dy that x has n samples, and at least as many as there must be
const resizedTo = (n, { dy, k }, stage) =>
  resized(dy, Math.max(stage.bounds.dy[0], n - k.length + 1), stage.kept.dy);

export default explorer({
  title: "Backward pass of a convolution",
  question: "Which outputs send their gradient to a sample of x, and through which kernel entry?",
  sliders: [
    slider("n", {
      about: "How many samples x has.",
      resize: resized,
      of: "dy", // with a kernel of one entry, n is how many dy there are
      get: sizeOf,
      set: (state, n, stage) => ({ dy: resizedTo(n, state, stage) }),
    }),
    slider("kernel size", {
      of: "k",
      get: ({ k }) => k.length,
      resize: resized,
      set: ({ dy, k }, m, stage) => {
        const changed = { dy, k: resized(k, m, stage.kept.k) };
        return { ...changed, dy: resizedTo(sizeOf({ dy, k }), changed, stage) };
      },
    }),
    stepper("u"),
  ],
  cells: [
    numbers("dy", "output", { title: "dl/dy" }),
    numbers("k", "kernel"),
    randoms({ random: (drawn, { k }) => ({ k: drawn(k.length) }) }),
  ],
  steps: { name: "u", title: "choose a sample x", last: sizeOf },
  views: [
    {
      name: "graph",
      title: "Graph",
      caption: "Solid arrows go forward. Dashed arrows bring the gradient back, times an entry of k.",
      steps: true,
    },
    {
      name: "reversed",
      title: "The same sum",
      caption: "The kernel, reversed, over dl/dy with zeros around it.",
    },
  ],
  draw,
});
