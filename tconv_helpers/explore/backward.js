import { convDx } from "./operator.js";
import { arrow, band, explorer, label, line, list, mark, minus, numbers, product, resized, slider, sum } from "./stage.js";

const sizeOf = ({ dy, k }) => dy.length + k.length - 1;

// Sample u (from 0) and output i are linked where u - i is an index of k.
function links({ dy, k }) {
  return dy.flatMap((_, i) => k.map((_, a) => ({ u: i + a, i, a })));
}

function graph(state, dx) {
  const { dy, k } = state;
  const shift = (k.length - 1) / 2; // y stands above the middle of what it reads
  const [high, low] = [0.9, 4.6];
  const apart = 1.45; // columns, so that the marks on the arrows have room
  const chosen = links(state).filter(({ u }) => u === state.at - 1);
  let [body, diamonds] = ["", ""];
  for (const { u, i, a } of links(state)) {
    const is = u === state.at - 1 ? "lit" : "faint";
    const [from, to] = [[u * apart, low - 0.52], [(i + shift) * apart, high + 0.54]];
    const away = 0.09; // the two arrows of a link stand beside each other
    body += arrow(from[0] - away, from[1], to[0] - away, to[1], `forward ${is}`);
    body += arrow(to[0] + away, to[1], from[0] + away, from[1], `backward ${is}`);
    if (is === "faint") continue;
    const part = 0.66; // of the way up, where the arrows have parted
    const [column, row] = [from[0] + away + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
    diamonds += mark("kernel", column, row, `k_${a + 1}`, { is });
  }
  body += diamonds;
  dy.forEach((value, i) => {
    const is = chosen.some((each) => each.i === i) ? "lit" : "faint";
    body += mark("output", (i + shift) * apart, high, value, { is }) + label(`y_${i + 1}`, (i + shift) * apart, 0);
  });
  dx.forEach((value, u) => {
    body += mark("input", u * apart, low, value, { is: u === state.at - 1 ? "lit" : "faint", at: u + 1 });
    body += label(`x_${u + 1}`, u * apart, low + 0.9);
  });
  body += label("dl/dy", -1.5, high) + label("dl/dx", -1.5, low);
  return { left: -2, right: (dx.length - 1) * apart, top: -0.1, bottom: low + 1, body, cell: 38 };
}

function reversed(state) {
  const { dy, k, at } = state;
  const [around, n] = [k.length - 1, sizeOf(state)];
  let body = band(at - 1 - around, 0, k.length, 2.2, "chosen");
  for (let i = -around; i < n; i++) {
    const under = i >= at - 1 - around && i <= at - 1;
    const is = dy[i] === undefined ? "ghost" : under ? "lit" : "faint";
    body += mark("output", i, 0, dy[i] ?? 0, { is });
    if (under) {
      body += line(i, 0.45, i, 0.75) + mark("kernel", i, 1.2, k[at - 1 - i], { is: dy[i] === undefined ? "faint" : "lit" });
    }
  }
  body += label("dl/dy", -around - 1.5, 0) + label("k", -around - 1.5, 1.2);
  const alt = `dl/dy = ${list(dy)}; k in reverse, ${list(k.toReversed())}, ends under y_${at}.`;
  return { left: -around - 2, right: n - 1, bottom: 1.3, body, alt };
}

function draw(state, stage) {
  const { dy, k, at } = state;
  const dx = convDx(dy, k);
  const chosen = links(state).filter(({ u }) => u === at - 1);
  const letters = sum(chosen.map(({ i, a }) => `dl/dy_${i + 1} k_${a + 1}`));
  const figures = sum(chosen.map(({ i, a }) => product(dy[i], k[a])));
  const spelled = `dl/dx_${at} = ${letters} = ${figures} = ${minus(dx[at - 1])}`;
  stage.views.graph({ ...graph(state, dx), alt: spelled });
  stage.views.reversed(reversed(state));
  return [spelled, `dl/dx = ${list(dx)}`, "As i grows, the index of k falls: the kernel is visited in reverse."];
}

export default explorer({
  title: "Backward pass of a convolution",
  question: "Which outputs send their gradient to a sample of x, and through which kernel entry?",
  sliders: [
    slider("n", 1, 7, { get: sizeOf, set: ({ dy, k }, n) => ({ dy: resized(dy, Math.max(1, n - k.length + 1)) }) }),
    slider("kernel size", 1, 4, {
      get: ({ k }) => k.length,
      set: ({ dy, k }, m) => ({ k: resized(k, m), dy: resized(dy, Math.max(1, sizeOf({ dy, k }) - m + 1)) }),
    }),
    slider("u", 1, sizeOf, { get: ({ u, ...sizes }) => Math.min(u, sizeOf(sizes)) }),
  ],
  cells: [numbers("dy", "output", "dl/dy"), numbers("k", "kernel")],
  steps: { name: "u", title: "choose a sample x", last: sizeOf },
  views: [
    { name: "graph", title: "Graph", caption: "Solid arrows go forward. Dashed arrows bring the gradient back, times an entry of k.", steps: true },
    { name: "reversed", title: "The same sum", caption: "The kernel, reversed, over dl/dy with zeros around it." },
  ],
  draw,
});
