// Controls: each takes its settings and returns a function of the stage, which makes the control's element
// and says how to update it. Bounds come from Python: stage.bounds has [least, most] of each trait (of how
// many values it has, where it is a list) and, as `cells`, of each number in a list.

import { ABOUT } from "./about.js";
import { drawnFrom } from "./chance.js";
import { button, make, QUIET } from "./elements.js";

// get(state, stage) and set(state, value, stage) tie a slider to something other than the trait of its name;
// of: the trait whose bounds it has; last(state, stage): where it ends, if the state decides that;
// about: what it is; resize: how it changes the list `of`, see size. Where nothing else is moved meanwhile,
// each move begins from the state before the first: moved down and up again, a slider gives the state back.
export function slider(name, { of = name, get, set, last, step = 1, about = ABOUT[name], resize } = {}) {
  return (stage) => {
    const [min, max] = stage.bounds[of];
    const shown = make("output");
    const changes = (state, value) => (set ? set(state, value, stage) : { [name]: value });
    const held = [min, max, changes];
    let began = { after: null };
    const moved = () => {
      if (!last) stage.scale.hold(held);
      if (resize) stage.keepLonger(of, resize);
      if (began.after !== JSON.stringify(stage.state)) began = { from: stage.state };
      stage.set(changes(began.from, Number(input.value)));
      began.after = JSON.stringify(stage.state);
    };
    const range = { type: "range", min, max, step, "aria-label": name, title: about, oninput: moved };
    const input = make("input", { ...range, ...QUIET });
    const update = (state) => {
      if (last) input.max = last(state, stage);
      input.value = shown.textContent = get ? get(state, stage) : state[name];
    };
    const element = make("label", { class: "slider", title: about }, make("span", {}, name), shown, input);
    return { element, update };
  };
}

// The first `size` of the values; a new one is what was kept of it, or takes its index as its value
export const resized = (values, size, kept = []) =>
  Array.from({ length: size }, (_, i) => values[i] ?? kept[i] ?? i + 1);

// A slider of how many values the list `of` has
export function size(name, of, { resize = resized, about } = {}) {
  const set = (state, length, stage) => ({ [of]: resize(state[of], length, stage.kept[of]) });
  return slider(name, { of, set, get: (state) => state[of].length, resize, about });
}

// A slider of the index that Step steps through
export const stepper = (name) =>
  slider(name, { get: (_, stage) => stage.chosen(), last: (_, stage) => stage.last }); // ends with the state

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
  const nearest = Math.min(Math.max(Math.round(value), least), most);
  return `must be a whole number from ${least} to ${most}: got ${input.value || "nothing"}; use ${nearest}`;
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
      button(word, () => stage.jump(changes(stage.state, stage))),
    );
    const group = { class: "buttons", role: "group", "aria-label": name };
    return { element: make("span", group, ...each), update: () => {} };
  };
}

// Buttons that draw random numbers, each time of the next seed, which is shown. choices has for each word a
// function (drawn, state, stage) -> changes, where drawn(length) are the numbers of the seed.
export function randoms(choices) {
  return (stage) => {
    let seed = 0;
    const shown = make("output", { class: "seed" });
    const press = (changes) => () => {
      seed += 1;
      shown.textContent = `seed ${seed}`;
      const drawn = (length) => drawnFrom(seed, length, stage.bounds.cells);
      stage.jump(changes(drawn, stage.state, stage));
    };
    const each = Object.entries(choices).map(([word, changes]) => button(word, press(changes)));
    const group = { class: "buttons", role: "group", "aria-label": "random kernel" };
    return { element: make("span", group, ...each, shown), update: () => {} };
  };
}

// The states that Python names, to be chosen from; null where it names none
export function presets(stage) {
  const states = Object.entries(stage.model.get("_presets") ?? {});
  if (!states.length) return null;
  const options = states.map(([word]) => make("option", { value: word }, word));
  const chosen = () => stage.jump(states.find(([word]) => word === select.value)?.[1] ?? {});
  const select = make(
    "select",
    { class: "presets", "aria-label": "presets", ...QUIET, onchange: chosen },
    make("option", { value: "" }, "presets …"),
    ...options,
  );
  const holds = (state, [, changes]) =>
    Object.entries(changes).every(([name, value]) => JSON.stringify(state[name]) === JSON.stringify(value));
  const update = (state) => (select.value = states.find((each) => holds(state, each))?.[0] ?? "");
  return { element: select, update };
}
