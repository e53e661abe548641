// Controls: each takes its settings and returns a function of the stage, which makes the control's element
// and says how to update it. Bounds come from Python: stage.bounds has [least, most] of each trait (of how
// many values it has, where it is a list) and, as `cells`, of each number in a list.

import { make, QUIET } from "./elements.js";

const button = (word, onclick) => make("button", { type: "button", ...QUIET, onclick }, word);

// get(state, stage) and set(state, value, stage) tie a slider to something other than the trait of its name;
// of: the trait whose bounds it has; last(state, stage): where it ends, if the state decides that
export function slider(name, { of = name, get, set, last, step = 1 } = {}) {
  return (stage) => {
    const [min, max] = stage.bounds[of];
    const shown = make("output");
    const moved = () => {
      const value = Number(input.value);
      stage.set(set ? set(stage.state, value, stage) : { [name]: value });
    };
    const range = { type: "range", min, max, step, "aria-label": name, oninput: moved };
    const input = make("input", { ...range, ...QUIET });
    const update = (state) => {
      if (last) input.max = last(state, stage);
      input.value = shown.textContent = get ? get(state, stage) : state[name];
    };
    return { element: make("label", { class: "slider" }, make("span", {}, name), shown, input), update };
  };
}

// The first `size` of the values; a new one takes its index as its value
export const resized = (values, size) => Array.from({ length: size }, (_, i) => values[i] ?? i + 1);

// A slider of how many values the list `of` has
export function size(name, of, resize = resized) {
  const set = (state, length) => ({ [of]: resize(state[of], length) });
  return slider(name, { of, set, get: (state) => state[of].length });
}

// A slider of the index that Step steps through
export const stepper = (name) =>
  slider(name, { get: (_, stage) => stage.chosen(), last: (_, stage) => stage.last });

// The values of a list, each to be typed into, dragged, or stepped with the arrow keys. get and set tie the
// cells to something other than the list of that name; columns(state): how many there are in a row of a grid.
export function numbers(name, kind, { title = name, get, set, columns } = {}) {
  const valuesOf = get ?? ((state) => state[name]);
  const changes = set ?? ((values) => ({ [name]: values }));
  return (stage) => {
    const cells = make("span", { class: columns ? "cells grid" : "cells" });
    const place = (i) => {
      const row = columns?.(stage.state); // how many cells a row of the grid has
      return columns ? [Math.floor(i / row) + 1, (i % row) + 1] : [i + 1];
    };
    const typed = (input, i) => {
      const refusal = refused(input, stage.bounds.cells);
      input.toggleAttribute("aria-invalid", Boolean(refusal));
      if (refusal) return stage.say([`${title}_${place(i)} ${refusal}`], true);
      return stage.set(changes(valuesOf(stage.state).with(i, Number(input.value))));
    };
    const added = (i) => cell(kind, stage.bounds.cells, (input) => typed(input, i), stage.redraw);
    const update = (state) => {
      const values = valuesOf(state);
      while (cells.children.length > values.length) cells.lastChild.remove();
      while (cells.children.length < values.length) cells.append(added(cells.children.length));
      if (columns) cells.style.setProperty("--columns", columns(state));
      values.forEach((value, i) => fill(cells.children[i].firstChild, value, [title, ...place(i)].join(" ")));
    };
    const group = { class: "numbers", role: "group", "aria-label": title };
    return { element: make("span", group, make("i", {}, title), cells), update };
  };
}

// One number; typed(input) hears that it changed, left() that the focus went elsewhere
function cell(kind, [min, max], typed, left) {
  const input = make("input", {
    type: "number", min, max, step: 1, title: "type, drag up or down, or use the arrow keys", ...QUIET,
    oninput: () => typed(input), onblur: left,
  });
  draggable(input, [min, max], () => typed(input));
  return make("span", { class: `cell ${kind}` }, input);
}

// The rule that what was typed breaks, if it breaks one
function refused(input, [least, most]) {
  const value = Number(input.value);
  if (input.value.trim() !== "" && Number.isInteger(value) && least <= value && value <= most) return "";
  return `must be a whole number from ${least} to ${most}: got ${input.value || "nothing"}; use 0`;
}

function fill(input, value, name) {
  if (input.ariaLabel !== name) input.ariaLabel = name;
  if (input.value === "" || Number(input.value) !== value) input.value = value;
  input.removeAttribute("aria-invalid");
}

// A cell's value follows the pointer that drags it up or down, wherever that goes.
function draggable(input, [least, most], typed) {
  let from = null;
  input.addEventListener("pointerdown", ({ clientY, pointerId }) => {
    from = { clientY, value: Number(input.value) };
    input.setPointerCapture(pointerId);
  });
  input.addEventListener("pointermove", ({ clientY }) => {
    if (from === null) return;
    const value = Math.min(Math.max(from.value + Math.round((from.clientY - clientY) / 8), least), most);
    if (value === Number(input.value)) return;
    input.value = value;
    typed();
  });
  input.addEventListener("lostpointercapture", () => (from = null));
}

// Buttons that set the state: choices has for each word a function (state, stage) that returns the changes
export function buttons(name, choices) {
  return (stage) => {
    const each = Object.entries(choices).map(([word, changes]) =>
      button(word, () => stage.set(changes(stage.state, stage))),
    );
    const group = { class: "buttons", role: "group", "aria-label": name };
    return { element: make("span", group, ...each), update: () => {} };
  };
}

// Play, Step and Reset
export function player(stage) {
  let timer = null;
  const atEnd = () => stage.chosen() >= stage.last;
  const next = () => stage.choose(atEnd() ? stage.steps.first : stage.chosen() + 1);
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const start = () => {
    play.textContent = "Pause";
    if (atEnd()) stage.choose(stage.steps.first);
    timer = setInterval(() => {
      if (!atEnd()) next();
      if (atEnd()) stop();
    }, 900);
  };
  const stopped = (then) => () => {
    stop();
    then();
  };
  const play = button("Play", () => (timer === null ? start() : stop()));
  const step = button("Step", stopped(next));
  const reset = button("Reset", stopped(() => stage.set(stage.start)));
  return { element: make("span", { class: "player" }, play, step, reset), stop };
}
