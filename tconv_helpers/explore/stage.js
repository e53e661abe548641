// What every explorer is made of: controls that a keyboard moves, views made of marks, a sentence that is
// read aloud. Positions in a view are counted in cells of U units, columns to the right, rows down.

import { keep } from "./keep.js";

const U = 40;
const QUIET = { "data-lm-suppress-shortcuts": "true" }; // else JupyterLab takes the arrow keys for itself

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Words

export const minus = (value) => String(value).replace("-", "−");
export const list = (values) => values.map(minus).join(" ");
export const sum = (terms) => terms.join(" + ") || "0";
export const product = (...factors) => factors.map((v) => (v < 0 ? `(${minus(v)})` : v)).join("·");

// "y_3" or "y_2,3" with its index set low; "output_padding" as it is
function typeset(text) {
  return text.split(/_(\d+(?:,\d+)?)/).map((part, i) => (i % 2 ? make("sub", {}, part) : part));
}

// Marks, each a line of SVG text

const SHAPES = {
  input: '<rect class="shape" x="-17" y="-17" width="34" height="34"/>',
  kernel: '<path class="shape" d="M0-19.5 19.5 0 0 19.5-19.5 0Z"/>',
  output: '<circle class="shape" r="18"/>',
  entry: '<rect class="shape" x="-18.5" y="-18.5" width="37" height="37"/>',
  empty: "",
};

// kind: input, kernel, output, entry (of a matrix) or empty; is: lit, faint, "lit extra", "faint extra", ghost,
// cropped, or removed (a matrix row that padding crops);
// at: the index that pointing at the mark selects, where it selects one
export function mark(kind, column, row, text, { is = "", at = null, strength = null } = {}) {
  text = minus(text);
  const size = [26, 26, 23, 18, 14][Math.min(text.length, 4)];
  const ring = / extra/.test(is) ? '<circle class="ring" r="14.5"/>' : "";
  const cross = is === "cropped" ? '<path class="cross" d="M-12-12 12 12M-12 12 12-12"/>' : "";
  return (
    `<g class="mark ${kind} ${is}" transform="translate(${column * U} ${row * U})"` +
    `${at === null ? "" : ` data-at="${at}"`}${strength === null ? "" : ` style="--strength:${strength}"`}>` +
    `${SHAPES[kind]}${ring}${cross}<text font-size="${size}" dy="0.35em">${indexed(text)}</text></g>\n`
  );
}

export function line(x1, y1, x2, y2, kind = "") {
  return `<line class="line ${kind}" x1="${x1 * U}" y1="${y1 * U}" x2="${x2 * U}" y2="${y2 * U}"/>\n`;
}

// Pixels without numbers, all of one strength from 0 to 1; places: [column, row]
export function pixels(places, strength) {
  const corners = places.map(([column, row]) => `M${(column - 0.5) * U} ${(row - 0.5) * U}h${U}v${U}h-${U}z`);
  return `<path class="pixels" style="--strength:${strength}" d="${corners.join("")}"/>\n`;
}

export function arrow(x1, y1, x2, y2, kind) {
  const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const head = `<path class="arrow ${kind}" d="M0 0-11-5-11 5Z" transform="translate(${x2 * U} ${y2 * U}) rotate(${turn})"/>\n`;
  return line(x1, y1, x2, y2, kind) + head;
}

export function band(column, row, width, height, kind) {
  const box = [column - 0.5, row - 0.5, width, height].map((v) => v * U);
  return `<rect class="band ${kind}" x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}"/>\n`;
}

// A broken line through points, each [column, row]; an area where kind says so
export function path(points, kind) {
  const corners = points.map(([column, row]) => `${(column * U).toFixed(1)} ${(row * U).toFixed(1)}`);
  return `<path class="path ${kind}" d="M${corners.join("L")}"/>\n`;
}

// A small mark without a number, for a plot
export function point(kind, column, row, size) {
  return `<g class="mark ${kind} point" transform="translate(${column * U} ${row * U}) scale(${size})">${SHAPES[kind]}</g>\n`;
}

function indexed(text) {
  const [letter, index] = text.split("_");
  return index ? `${letter}<tspan class="low" dy="0.3em">${index}</tspan>` : letter;
}

// A letter in italics beside a row, its index low
export function label(text, column, row, kind = "") {
  return `<text class="label ${kind}" x="${column * U}" y="${row * U}" dy="0.35em">${indexed(text)}</text>\n`;
}

// Controls: each makes its element and says how to update it

// get and set tie a slider to something other than the trait of its name: n is the length of x.
// most: a number, or a function of the state
export function slider(name, least, most, { get, set, step = 1 } = {}) {
  return (stage) => {
    const shown = make("output");
    const input = make("input", {
      type: "range", min: least, step, "aria-label": name, ...QUIET,
      oninput: () => {
        const value = Number(input.value);
        stage.set(set ? set(stage.state, value) : { [name]: value });
      },
    });
    const update = (state) => {
      const value = get ? get(state) : state[name];
      input.max = typeof most === "function" ? most(state) : most;
      input.value = value;
      shown.textContent = value;
    };
    return { element: make("label", { class: "slider" }, make("span", {}, name), shown, input), update };
  };
}

// A cell's value follows the pointer that drags it up or down, wherever that goes.
function draggable(input, typed) {
  let from = null;
  input.addEventListener("pointerdown", ({ clientY, pointerId }) => {
    from = { clientY, value: Number(input.value) };
    input.setPointerCapture(pointerId);
  });
  input.addEventListener("pointermove", ({ clientY }) => {
    if (from === null) return;
    const value = Math.min(Math.max(from.value + Math.round((from.clientY - clientY) / 8), -9), 9);
    if (value === Number(input.value)) return;
    input.value = value;
    typed();
  });
  input.addEventListener("lostpointercapture", () => (from = null));
}

// The values of a list, each to be typed into, dragged, or stepped with the arrow keys. get and set tie the
// cells to something other than the list of that name; columns(state): how many there are in a row of a grid.
export function numbers(name, kind, title = name, { get, set, columns } = {}) {
  return (stage) => {
    const cells = make("span", { class: columns ? "cells grid" : "cells" });
    const valuesOf = get ?? ((state) => state[name]);
    let row = Infinity; // how many cells a row of the grid has
    const place = (i) => (columns ? [Math.floor(i / row) + 1, (i % row) + 1] : [i + 1]);
    const typed = (input, i) => {
      const value = Number(input.value);
      const fits = input.value.trim() !== "" && Number.isInteger(value) && Math.abs(value) <= 9;
      input.toggleAttribute("aria-invalid", !fits);
      if (fits) {
        const values = valuesOf(stage.state).with(i, value);
        return stage.set(set ? set(values) : { [name]: values });
      }
      return stage.say([`${title}_${place(i)} must be a whole number from -9 to 9: got ${input.value || "nothing"}; use 0`], true);
    };
    const cell = (i) => {
      const input = make("input", {
        type: "number", min: -9, max: 9, step: 1, title: "type, drag up or down, or use the arrow keys", ...QUIET,
        oninput: () => typed(input, i),
        onblur: () => stage.redraw(),
      });
      draggable(input, () => typed(input, i));
      return make("span", { class: `cell ${kind}` }, input);
    };
    const update = (state) => {
      const values = valuesOf(state);
      while (cells.children.length > values.length) cells.lastChild.remove();
      while (cells.children.length < values.length) cells.append(cell(cells.children.length));
      if (columns && row !== columns(state)) cells.style.setProperty("--columns", (row = columns(state)));
      values.forEach((value, i) => {
        const input = cells.children[i].firstChild;
        const named = [title, ...place(i)].join(" ");
        if (input.ariaLabel !== named) input.ariaLabel = named;
        if (input.value === "" || Number(input.value) !== value) input.value = value;
        input.removeAttribute("aria-invalid");
      });
    };
    const group = make("span", { class: "numbers", role: "group", "aria-label": title }, make("i", {}, title), cells);
    return { element: group, update };
  };
}

// Buttons that set the state: choices has for each word a function of the state that returns the changes
export function buttons(name, choices) {
  return (stage) => {
    const each = Object.entries(choices).map(([word, set]) =>
      make("button", { type: "button", ...QUIET, onclick: () => stage.set(set(stage.state)) }, word),
    );
    return { element: make("span", { class: "buttons", role: "group", "aria-label": name }, ...each), update: () => {} };
  };
}

// Play, Step and Reset; steps: {name: the trait that is stepped, first and last: its bounds, last for a state}
function player(stage) {
  const { first } = stage.steps;
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const play = make("button", {
    type: "button", class: "play", ...QUIET,
    onclick: () => {
      if (timer !== null) return stop();
      play.textContent = "Pause";
      if (stage.chosen() >= stage.last()) stage.choose(first);
      timer = setInterval(() => {
        if (stage.chosen() < stage.last()) stage.choose(stage.chosen() + 1);
        if (stage.chosen() >= stage.last()) stop();
      }, 900);
    },
  }, "Play");
  const step = make("button", {
    type: "button", ...QUIET,
    onclick: () => {
      stop();
      stage.choose(stage.chosen() < stage.last() ? stage.chosen() + 1 : first);
    },
  }, "Step");
  const reset = make("button", {
    type: "button", ...QUIET,
    onclick: () => {
      stop();
      stage.set(stage.start);
    },
  }, "Reset");
  return { element: make("span", { class: "player" }, play, step, reset), stop };
}

// Few changes are made one by one: laying text out is what takes time. Many are quicker made all at once.
function patch(svg, body) {
  const parts = body.trimEnd().split("\n");
  const before = svg.parts ?? [];
  const changed = [...parts.keys()].filter((i) => parts[i] !== before[i]);
  if (parts.length !== before.length || changed.length > parts.length / 3) svg.innerHTML = parts.join("");
  else for (const i of changed) svg.children[i].outerHTML = parts[i];
  svg.parts = parts;
}

// A view that the keyboard steps through is a slider of the chosen index; the others are pictures.
// beside: where there is room, it stands to the right of the others. content: what of it has data-at is chosen
// by the pointer. tell says what is to be seen.
export function frame(stage, { title, caption, steps = false, beside = false }, content) {
  const role = steps ? { role: "slider", tabindex: 0, "aria-valuenow": 0, ...QUIET } : { role: "img" };
  const box = make("div", { class: "canvas", "aria-label": title, ...role });
  box.append(content);
  box.addEventListener("pointerover", (event) => {
    const at = event.target.closest("[data-at]")?.dataset.at;
    stage.point(at === undefined ? null : Number(at));
  });
  box.addEventListener("pointerleave", () => stage.point(null));
  box.addEventListener("click", (event) => {
    const at = event.target.closest("[data-at]")?.dataset.at;
    if (at !== undefined) stage.choose(Number(at));
  });
  if (steps) {
    box.addEventListener("keydown", (event) => {
      const [at, first, last] = [stage.chosen(), stage.steps.first, stage.last()];
      const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: first, End: last };
      if (!(event.key in to)) return;
      event.preventDefault();
      stage.choose(Math.min(Math.max(to[event.key], first), last));
    });
  }
  const words = make("figcaption", {}, make("b", {}, title), " ", ...typeset(caption));
  const element = make("figure", { class: beside ? "view beside" : "view" }, words, box);

  const tell = (alt) => {
    if (!steps) return box.setAttribute("aria-label", `${title}: ${alt}`);
    box.setAttribute("aria-label", `${title}: ${stage.steps.title}`);
    box.setAttribute("aria-valuemin", stage.steps.first);
    box.setAttribute("aria-valuemax", stage.last());
    box.setAttribute("aria-valuenow", stage.shown());
    return box.setAttribute("aria-valuetext", alt);
  };
  return { element, tell };
}

function view(stage, settings) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const { element, tell } = frame(stage, settings, svg);
  // body: marks; from column left to right and row top to bottom; alt: the view in words
  const show = ({ left, right, top = 0, bottom, body, alt, cell = 34 }) => {
    const [width, height] = [right - left + 1, bottom - top + 1];
    svg.setAttribute("viewBox", [left - 0.5, top - 0.5, width, height].map((v) => v * U).join(" "));
    svg.style.width = `${width * cell}px`;
    patch(svg, body);
    tell(alt);
  };
  return { element, show };
}

// After the frame that shows what was moved: the kernel's answer would hold that frame up.
const afterFrame = (work) => requestAnimationFrame(() => setTimeout(work));

// title, question: words. controls: sliders, then numbers. steps: {name, title, last(state, stage), first = 1}.
// views: [{name, title, caption, steps, beside, made = view}]; layout: "pairs" or "threes" beside each other.
// draw(state, stage): fills stage.views, returns lines of text. tells(work): when the kernel hears of a move.
export function explorer({ title, question, sliders = [], cells = [], steps, views, layout = "", tells = afterFrame, draw }) {
  return {
    initialize: keep,
    render({ model, el }) {
      const first = steps.first ?? 1;
      let pointed = null; // the index under the pointer: passing, so not part of the state
      let last = first - 1;
      let moved = {}; // by the hand on this page, and not yet told to the model
      const message = make("div", { class: "message", role: "status", "aria-live": "polite" });
      const stage = {
        steps: { ...steps, first },
        get: (name) => (name in moved ? moved[name] : model.get(name)),
        start: model.get("_start"),
        get state() {
          return Object.fromEntries(Object.keys(this.start).map((name) => [name, this.get(name)]));
        },
        set(changes) {
          const untold = Object.keys(moved).length;
          moved = { ...moved, ...changes };
          stage.redraw();
          if (!untold) tells(tell);
        },
        last: () => last,
        chosen: () => Math.min(stage.get(steps.name), last),
        choose: (index) => last >= first && stage.set({ [steps.name]: index }),
        shown: () => Math.min(pointed ?? stage.get(steps.name), last),
        point(index) {
          if (index === pointed) return;
          pointed = index;
          stage.redraw();
        },
        say(lines, wrong = false) {
          message.classList.toggle("wrong", wrong);
          message.replaceChildren(...lines.map((text) => make("p", {}, ...typeset(text))));
        },
        redraw() {
          const { state } = stage;
          for (const part of parts) part.update(state);
          try {
            last = steps.last(state, stage);
            stage.say(draw({ ...state, at: stage.shown() }, stage));
            root.classList.remove("stale");
          } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            last = first - 1;
            stage.say([error.message], true);
            root.classList.add("stale"); // what is drawn is the last that was valid
          }
        },
      };
      const tell = () => {
        if (!Object.keys(moved).length) return; // closing the view told it
        model.off("change", stage.redraw); // it has been drawn
        model.set(moved);
        model.on("change", stage.redraw);
        moved = {};
        model.save_changes();
      };
      const [ranges, values] = [sliders.map((each) => each(stage)), cells.map((each) => each(stage))];
      const parts = [...ranges, ...values];
      const playing = player(stage);
      const drawn = views.map(({ made = view, ...settings }) => made(stage, settings));
      stage.views = Object.fromEntries(views.map(({ name }, i) => [name, drawn[i].show]));
      const root = make(
        "section",
        { class: "tconv-explorer", "aria-label": title },
        make("div", { class: "head" }, make("p", { class: "title" }, title), make("p", { class: "question" }, question)),
        make("div", { class: ranges.length === 4 ? "sliders four" : "sliders" }, ...ranges.map(({ element }) => element)),
        make("div", { class: "values" }, ...values.map(({ element }) => element), playing.element),
        message,
        make("div", { class: views.some(({ beside }) => beside) ? "views two" : `views ${layout}` }, ...drawn.map(({ element }) => element)),
      );
      el.replaceChildren(root);
      model.on("change", stage.redraw);
      stage.redraw();
      return () => {
        playing.stop();
        tell();
        model.off("change", stage.redraw);
      };
    },
  };
}

// The first `size` of the values; a new one takes its index as its value
export const resized = (values, size) => Array.from({ length: size }, (_, i) => values[i] ?? i + 1);
