// The stage: it ties the controls and the views of one explorer to the state that they share with the model.

import { presets } from "./controls.js";
import { make } from "./elements.js";
import { keep } from "./keep.js";
import { player } from "./motion.js";
import { Scale } from "./scale.js";
import { view } from "./views.js";
import { typeset } from "./words.js";

// After the frame that shows what was moved: the kernel's answer would hold that frame up.
const afterFrame = (work) => requestAnimationFrame(() => setTimeout(work));

class Stage {
  // By the hand on this page, and not yet told to the model
  moved = {};
  // The longest that each list was, which its slider gives back
  kept = {};
  // The index under the pointer: passing, so not part of the state
  pointed = null;

  constructor(model, { steps, draw, columns, alike = [], high = [352, 440], motions = [] }) {
    Object.assign(this, { model, draw, motions });
    Object.assign(this, { start: model.get("_start"), bounds: model.get("_bounds") });
    this.scale = new Scale(columns, alike, high, steps.name);
    const [first, most] = this.bounds[steps.name];
    this.steps = { first, last: () => most, ...steps };
    // Of the indices that can be chosen
    this.last = first - 1;
    this.root = make("section", { class: "tconv-explorer" });
    this.message = make("div", { class: "message", role: "status", "aria-live": "polite" });
  }

  get(name) {
    return name in this.moved ? this.moved[name] : this.model.get(name);
  }

  get state() {
    return Object.fromEntries(Object.keys(this.start).map((name) => [name, this.get(name)]));
  }

  set(changes) {
    const untold = Object.keys(this.moved).length;
    this.moved = { ...this.moved, ...changes };
    this.redraw();
    if (!untold) afterFrame(() => this.tell());
  }

  keepLonger(name, resize) {
    const [values, kept = []] = [this.get(name), this.kept[name]];
    this.kept[name] = resize(values, Math.max(values.length, kept.length), kept);
  }

  // To another state at once: no slider is moving
  jump(changes) {
    this.scale.hold(null);
    this.kept = {};
    this.set(changes);
  }

  tell() {
    if (!Object.keys(this.moved).length) return; // closing the view told it
    // It has been drawn
    this.model.off("change", this.heard);
    this.model.set(this.moved);
    this.model.on("change", this.heard);
    this.moved = {};
    this.model.save_changes();
  }

  chosen() {
    return Math.min(this.get(this.steps.name), this.last);
  }

  choose(index) {
    if (this.last >= this.steps.first) this.set({ [this.steps.name]: index });
  }

  shown() {
    return Math.min(this.pointed ?? this.get(this.steps.name), this.last);
  }

  point(index) {
    if (index === this.pointed) return;
    this.pointed = index;
    // It would undo what is being typed.
    if (!this.root.querySelector("[aria-invalid]")) this.redraw();
  }

  // What the views would be given in a state; null where it has no picture
  imagined(state) {
    const drawn = this.drawn;
    this.drawn = {};
    try {
      const at = Math.min(state[this.steps.name], this.steps.last(state, this));
      this.draw({ ...state, at }, this);
      return this.drawn;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return null;
    } finally {
      this.drawn = drawn;
    }
  }

  // Show what draw() gave the views, in one scale
  paint(state) {
    const sizes = this.scaled ? this.scale.of(state, this.drawn, (other) => this.imagined(other)) : {};
    for (const [name, show] of Object.entries(this.shows)) {
      if (this.drawn[name]) show(this.drawn[name], sizes[name]);
    }
  }

  say(lines, wrong = false) {
    this.message.classList.toggle("wrong", wrong);
    // What is the same must not be read aloud again.
    if (this.said === lines.join("\n")) return;
    this.said = lines.join("\n");
    this.message.replaceChildren(...lines.map((text) => make("p", {}, ...typeset(text))));
  }

  refuse(stale, told = {}) {
    if (!stale && !this.root.matches(".stale")) return;
    this.root.classList.toggle("stale", stale);
    for (const slider of this.root.querySelectorAll("[role=slider]")) {
      for (const [name, value] of Object.entries({ "aria-disabled": stale, ...told })) {
        slider.setAttribute(name, value);
      }
    }
  }

  // The kernel, or the page's address, moved it
  heard = () => {
    this.kept = {};
    this.redraw();
  };

  redraw = () => {
    const { state } = this;
    this.playing.follow(state);
    try {
      this.last = this.steps.last(state, this);
      this.drawn = {};
      const lines = this.draw({ ...state, at: this.shown() }, this);
      const step = this.playing.shown({ ...state, at: this.chosen() });
      Object.assign(this.drawn, step?.drawn);
      this.say(step?.lines ?? lines);
      this.paint(state);
      this.refuse(false);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.last = this.steps.first - 1;
      this.say([error.message], true);
      // What is drawn is the last that was valid.
      this.refuse(true, { "aria-valuetext": error.message });
    }
    for (const control of this.controls) control.update(state);
  };
}

// title, question: words. sliders, cells: controls. steps: {name, title, last(state, stage), columns(state)},
// what Step steps through, from the least value of the trait of that name to last, or to the trait's most;
// columns: in how many of them it stands, if the arrow keys are to go where they point.
// views: [{name, title, caption, steps, made = view}]; columns: the names of those that stand in each;
// alike: the names of those whose cells are equally large; beside: of those of a size of their own; high:
// [pixels that the columns take in height, and at most where numbers would be too small]; motions: what Play
// can show beside the indices, see inSteps in motion.js. draw(state, stage): fills stage.views, returns lines
// of text.
export function explorer({ title, question, sliders = [], cells = [], views, ...ways }) {
  const { columns = [views.map(({ name }) => name)], beside = [] } = ways;
  return {
    initialize: keep,
    render({ model, el }) {
      const stage = new Stage(model, { ...ways, columns });
      const [ranges, values] = [sliders, cells].map((controls) => controls.map((each) => each(stage)));
      stage.playing = player(stage);
      const drawn = views.map(({ made = view, ...settings }) => made(stage, settings));
      const names = views.map(({ name }) => name);
      const named = presets(stage);
      stage.controls = [...ranges, ...values, ...(named ? [named] : []), stage.playing];
      // What is not drawn by marks has its own size
      stage.scaled = views.every(({ made, name }) => !made || beside.includes(name));
      stage.shows = Object.fromEntries(names.map((name, i) => [name, drawn[i].show]));
      stage.views = Object.fromEntries(names.map((name) => [name, (given) => (stage.drawn[name] = given)]));
      const elementOf = (name) => drawn[names.indexOf(name)].element;
      const scaled = box("views", ...columns.map((each) => box("column", ...each.map(elementOf))));
      const others = beside.map(elementOf);
      stage.root.ariaLabel = title;
      stage.root.append(pageOf(stage, { title, question, named, ranges, values, scaled, others }));
      el.replaceChildren(stage.root);
      model.on("change", stage.heard);
      const watched = watch(scaled, stage);
      stage.redraw();
      return () => {
        watched.disconnect();
        stage.playing.stop();
        stage.tell();
        model.off("change", stage.heard);
      };
    },
  };
}

// From above: the words and the presets' names, the controls, the message, and the pictures
function pageOf(stage, { title, question, named, ranges, values, scaled, others }) {
  const asked = make("p", { class: "question" }, question);
  const words = box("words", make("p", { class: "title" }, title), asked);
  const given = [box("sliders", ...elements(ranges)), box("values", ...elements(values))];
  return box(
    "page",
    box("head", words, ...(named ? [named.element] : [])),
    box("controls", ...given, stage.playing.element),
    stage.message,
    box("shown", scaled, ...(others.length ? [box("beside", ...others)] : [])),
  );
}

// The pictures follow the width that there is for them.
function watch(views, stage) {
  if (views.clientWidth) stage.scale.width = views.clientWidth;
  const watched = new ResizeObserver(() => {
    if (!views.clientWidth || views.clientWidth === stage.scale.width) return;
    stage.scale.width = views.clientWidth;
    stage.redraw();
  });
  watched.observe(views);
  return watched;
}

const elements = (parts) => parts.map(({ element }) => element);
const box = (name, ...children) => make("div", { class: name }, ...children);
