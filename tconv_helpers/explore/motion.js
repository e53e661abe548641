// Motion: a picture in steps, one after the other. It knows steps and time, and nothing of what is drawn: a
// mark with data-from stands where it ends; it comes from that place or, where none is named, out of nothing.

import { button, make, QUIET } from "./elements.js";

// Milliseconds: that a mark is on its way, that one comes out of nothing, and until the next step
const TIMES = { move: 800, come: 400, stand: 1600 };

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const shifted = (x, y) => ({ transform: `translate(${x}px, ${y}px)` });

// What comes out of nothing does so once the others have arrived; a mark that is gone (explore.css) is seen
// until then.
function animated(mark, moves) {
  const { e, f } = mark.transform.baseVal.getItem(0).matrix;
  const offset = moves / (moves + TIMES.come);
  const [from, rest] = mark.dataset.from
    ? [{ ...shifted(...mark.dataset.from.split(" ")), opacity: 1 }, { ...shifted(e, f), opacity: 1 }]
    : [{ opacity: 0 }, { opacity: 0 }];
  const frames = [{ ...from, offset: 0, easing: "ease-in-out" }, { ...rest, offset }, { offset: 1 }];
  return mark.animate(frames, moves + TIMES.come);
}

// The animations that begin: of all marks in root that have come from elsewhere
function begun(root) {
  const marks = calm() ? [] : [...root.querySelectorAll("[data-from]")];
  const moves = marks.some((mark) => mark.dataset.from) ? TIMES.move : 0;
  return marks.map((mark) => animated(mark, moves));
}

// Through the steps of a motion: { name, count(state), step(state, s, stage) -> { lines, drawn } }, s from 1.
// lines: in words, the first a sentence of its own; drawn: { view: marks }. At 0 it rests: all is seen.
function inSteps(stage, { name, count, step }) {
  let at = 0;
  const last = () => (stage.last < stage.steps.first ? 0 : count(stage.state));
  return {
    name, last, first: 0, begins: 1,
    at: () => at,
    go(to) {
      if (!at) stage.scale.hold(null);
      at = to;
      stage.redraw();
    },
    rest: () => (at = 0),
    shown: (state) => (at ? step(state, at, stage) : null),
    told: () => (at ? `step ${at} of ${last()}` : `${last()} steps`),
  };
}

// Through the indices that can be chosen, as `steps` of the stage says
function inIndices(stage) {
  const { first, title } = stage.steps;
  return {
    first, begins: first,
    name: title.replace(/^choose an? /, "each "),
    last: () => stage.last,
    at: () => stage.chosen(),
    go: (to) => stage.choose(to),
    rest: () => {},
    shown: () => null,
    told: () => (stage.last < first ? "" : `${stage.chosen() - first + 1} of ${stage.last - first + 1}`),
  };
}

// Back, Play, Step and Reset. It rests as soon as something else changes the state, and stops out of sight.
export function player(stage) {
  const courses = [...stage.motions.map((motion) => inSteps(stage, motion)), inIndices(stage)];
  let course = courses[0];
  let [playing, going, timer] = [false, false, null];
  let moving = []; // animations on their way, or stopped there
  let known = null; // the state that the course is in

  const atEnd = () => course.at() >= course.last();
  const settle = () => {
    for (const each of moving) each.finish();
    moving = [];
    stage.root.removeAttribute("data-moving");
  };
  const go = (to, begin = begun) => {
    settle();
    going = true;
    course.go(to);
    going = false;
    const these = begin(stage.root);
    moving = these;
    stage.root.toggleAttribute("data-moving", these.length > 0);
    Promise.all(these.map(({ finished }) => finished)).then(() => these === moving && arrived());
  };
  const arrived = () => {
    settle();
    if (playing && atEnd()) stop();
    if (playing) timer = setTimeout(next, TIMES.stand);
  };
  const next = () => go(atEnd() ? course.first : course.at() + 1);
  const back = () => course.at() > course.first && go(course.at() - 1, () => []); // at once

  const unseen = new IntersectionObserver((seen) => !seen.at(-1).isIntersecting && stop());
  const hidden = () => document.hidden && stop();
  const stop = () => {
    playing = false;
    clearTimeout(timer);
    for (const each of moving) each.pause();
    play.textContent = "Play";
    unseen.disconnect();
    document.removeEventListener("visibilitychange", hidden);
  };
  const start = () => {
    if (course.last() < course.begins) return;
    playing = true;
    play.textContent = "Pause";
    unseen.observe(stage.root);
    document.addEventListener("visibilitychange", hidden);
    if (moving.length) for (const each of moving) each.play();
    else go(atEnd() ? course.begins : course.at() + 1);
  };
  const rest = () => {
    stop();
    settle();
    course.rest();
  };
  const stopped = (then) => () => {
    stop();
    then();
  };

  const play = button("Play", () => (playing ? stop() : start()));
  const each = [
    button("Back", stopped(back)),
    play,
    button("Step", stopped(next)),
    button("Reset", () => {
      rest();
      stage.jump(stage.start);
    }),
  ];
  const told = make("output", { class: "told" });
  const choose = () => {
    rest();
    course = courses[select.selectedIndex];
    stage.redraw();
  };
  const select = make(
    "select",
    { "aria-label": "what Play shows", ...QUIET, onchange: choose },
    ...courses.map(({ name }) => make("option", {}, name)),
  );
  const keys = {
    ArrowRight: stopped(next),
    ArrowLeft: stopped(back),
    Escape: () => {
      rest();
      stage.redraw();
    },
  };
  const pressed = (event) => {
    if (event.target === select || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  };
  const choice = courses.length > 1 ? [select] : [];
  const group = { class: "player", role: "group", "aria-label": "step by step", onkeydown: pressed };
  return {
    element: make("span", group, ...choice, told, make("span", { class: "buttons" }, ...each)),
    stop: rest,
    update: () => (told.textContent = course.told()),
    shown: (state) => course.shown(state), // the step that is to be seen; null at rest
    // Another state, which it has not led to, ends the motion.
    follow(state) {
      const now = JSON.stringify(state);
      if (now !== known && !going) rest();
      known = now;
    },
  };
}
