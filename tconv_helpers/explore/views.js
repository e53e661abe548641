// Views: figures with a title, whose content the pointer and the keyboard choose from.

import { make, QUIET } from "./elements.js";
import { U } from "./marks.js";
import { typeset } from "./words.js";

// A view that is drawn by marks
export function view(stage, settings) {
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
// beside: where there is room, it stands to the right of the others. content: what of it has data-at is
// chosen by the pointer. tell says what is to be seen.
export function frame(stage, { title, caption, steps = false, beside = false }, content) {
  const role = steps ? { role: "slider", tabindex: 0, "aria-valuenow": 0, ...QUIET } : { role: "img" };
  const box = make("div", { class: "canvas", "aria-label": title, ...role }, content);
  pointable(box, stage);
  if (steps) steppable(box, stage);
  const words = make("figcaption", {}, make("b", {}, title), " ", ...typeset(caption));
  const element = make("figure", { class: beside ? "view beside" : "view" }, words, box);
  const tell = (alt) => {
    const told = steps ? valueOf(stage, alt) : {};
    told["aria-label"] = `${title}: ${steps ? stage.steps.title : alt}`;
    for (const [name, value] of Object.entries(told)) box.setAttribute(name, value);
  };
  return { element, tell };
}

function valueOf(stage, alt) {
  const [first, last, shown] = [stage.steps.first, stage.last, stage.shown()];
  return { "aria-valuemin": first, "aria-valuemax": last, "aria-valuenow": shown, "aria-valuetext": alt };
}

function pointable(box, stage) {
  const under = (event) => {
    const at = event.target.closest("[data-at]")?.dataset.at;
    return at === undefined ? null : Number(at);
  };
  box.addEventListener("pointerover", (event) => stage.point(under(event)));
  box.addEventListener("pointerleave", () => stage.point(null));
  box.addEventListener("click", (event) => {
    const at = under(event);
    if (at !== null) stage.choose(at);
  });
}

function steppable(box, stage) {
  box.addEventListener("keydown", (event) => {
    const [at, first, last] = [stage.chosen(), stage.steps.first, stage.last];
    const [up, down] = [Math.min(at + 1, last), Math.max(at - 1, first)];
    const to = { ArrowRight: up, ArrowUp: up, ArrowLeft: down, ArrowDown: down, Home: first, End: last };
    if (!(event.key in to)) return;
    event.preventDefault();
    stage.choose(to[event.key]);
  });
}
