// The stage: it ties the controls and the views of one explorer to the state that they share with the model.

import { player } from "./controls.js";
import { make } from "./elements.js";
import { keep } from "./keep.js";
import { view } from "./views.js";
import { typeset } from "./words.js";

// After the frame that shows what was moved: the kernel's answer would hold that frame up.
const afterFrame = (work) => requestAnimationFrame(() => setTimeout(work));

class Stage {
  moved = {}; // by the hand on this page, and not yet told to the model
  pointed = null; // the index under the pointer: passing, so not part of the state

  constructor(model, { steps, tells = afterFrame, draw }) {
    Object.assign(this, { model, tells, draw, start: model.get("_start"), bounds: model.get("_bounds") });
    const [first, most] = this.bounds[steps.name];
    this.steps = { first, last: () => most, ...steps };
    this.last = first - 1; // of the indices that can be chosen
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
    if (!untold) this.tells(() => this.tell());
  }

  tell() {
    if (!Object.keys(this.moved).length) return; // closing the view told it
    this.model.off("change", this.redraw); // it has been drawn
    this.model.set(this.moved);
    this.model.on("change", this.redraw);
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
    this.redraw();
  }

  say(lines, wrong = false) {
    this.message.classList.toggle("wrong", wrong);
    this.message.replaceChildren(...lines.map((text) => make("p", {}, ...typeset(text))));
  }

  redraw = () => {
    const { state } = this;
    try {
      this.last = this.steps.last(state, this);
      this.say(this.draw({ ...state, at: this.shown() }, this));
      this.root.classList.remove("stale");
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.last = this.steps.first - 1;
      this.say([error.message], true);
      this.root.classList.add("stale"); // what is drawn is the last that was valid
    }
    for (const control of this.controls) control.update(state);
  };
}

// title, question: words. sliders, cells: controls. steps: {name, title, last(state, stage)}, what Step steps
// through, from the least value of the trait of that name to last, or to the trait's most.
// views: [{name, title, caption, steps, beside, made = view}]; layout: "pairs" or "threes" beside each other.
// draw(state, stage): fills stage.views, returns lines of text. tells(work): when the kernel hears of a move.
export function explorer({ title, question, sliders = [], cells = [], views, layout = "", ...acts }) {
  return {
    initialize: keep,
    render({ model, el }) {
      const stage = new Stage(model, acts);
      const [ranges, values] = [sliders, cells].map((controls) => controls.map((each) => each(stage)));
      const playing = player(stage);
      const drawn = views.map(({ made = view, ...settings }) => made(stage, settings));
      stage.controls = [...ranges, ...values];
      stage.views = Object.fromEntries(views.map(({ name }, i) => [name, drawn[i].show]));
      const shape = views.some(({ beside }) => beside) ? "two" : layout;
      stage.root.ariaLabel = title;
      stage.root.append(
        box("head", make("p", { class: "title" }, title), make("p", { class: "question" }, question)),
        box(ranges.length === 4 ? "sliders four" : "sliders", ...elements(ranges)),
        box("values", ...elements(values), playing.element),
        stage.message,
        box(`views ${shape}`, ...elements(drawn)),
      );
      el.replaceChildren(stage.root);
      model.on("change", stage.redraw);
      stage.redraw();
      return () => {
        playing.stop();
        stage.tell();
        model.off("change", stage.redraw);
      };
    },
  };
}

const elements = (parts) => parts.map(({ element }) => element);
const box = (name, ...children) => make("div", { class: name }, ...children);
