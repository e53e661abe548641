// Views: figures with a title, whose content the pointer and the keyboard choose from.

import { make, QUIET } from "./elements.js";
import { BASE, charactersIn, LETTER } from "./fit.js";
import { numbersIn, U } from "./marks.js";
import { typeset } from "./words.js";

// A view that is drawn by marks
export function view(stage, settings) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const { element, tell } = frame(stage, settings, svg);
  // body: marks; from column left to right and row top to bottom; alt: the view in words
  // of BASE, the part that a cell of this view has; size: of this BASE and of the column, in pixels
  const show = ({ left, right, top = 0, bottom, body, alt, cell = BASE }, size) => {
    const [width, height] = [right - left + 1, bottom - top + 1];
    const pixels = (size.cell * cell) / BASE;
    svg.setAttribute("viewBox", [left - 0.5, top - 0.5, width, height].map((v) => v * U).join(" "));
    svg.style.width = `${width * pixels}px`;
    scaledTo(svg, pixels);
    shade(svg, numbersIn(body), charactersIn(pixels));
    element.parentElement.style.flexBasis = `${size.pixels}px`;
    patch(svg, body);
    tell(alt);
  };
  return { element, show };
}

// Letters keep their least size (explore.css).
function scaledTo(svg, pixels) {
  const least = `${((LETTER * U) / pixels).toFixed(3)}px`;
  if (svg.style.getPropertyValue("--least") !== least) svg.style.setProperty("--least", least);
}

// Numbers of a kind of which one does not fit are shades, up to the darkest for the largest of them.
function shade(svg, numbers, characters) {
  const shades = Object.entries(numbers).filter(([, [longest]]) => longest > characters);
  const kinds = shades.map(([kind]) => kind).join(" ");
  if ((svg.dataset.shaded ?? "") !== kinds) svg.dataset.shaded = kinds;
  for (const [kind, [, most]] of shades) svg.style.setProperty(`--most-${kind}`, most || 1);
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
// content: what of it has data-at is chosen by the pointer. tell says what is to be seen.
export function frame(stage, { title, caption, steps = false }, content) {
  const role = steps ? { role: "slider", tabindex: 0, "aria-valuenow": 0, ...QUIET } : { role: "img" };
  const box = make("div", { class: "canvas", "aria-label": title, ...role }, content);
  pointable(box, stage);
  if (steps) steppable(box, stage);
  const words = make("figcaption", {}, make("b", {}, title), " ", ...typeset(caption));
  const element = make("figure", { class: "view" }, words, box);
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
  box.addEventListener("pointerover", (event) => {
    box.title = shadedNumber(event.target);
    stage.point(under(event));
  });
  box.addEventListener("pointerleave", () => stage.point(null));
  box.addEventListener("click", (event) => {
    const at = under(event);
    if (at !== null) stage.choose(at);
  });
}

// The number of the mark under the pointer, where there was no room to show it
function shadedNumber(target) {
  const mark = target.closest(".mark");
  const text = mark?.querySelector("text");
  return text && getComputedStyle(text).display === "none" ? mark.textContent : "";
}

function steppable(box, stage) {
  box.addEventListener("keydown", (event) => {
    const to = { ...arrows(stage), Home: stage.steps.first, End: stage.last };
    if (!(event.key in to)) return;
    event.preventDefault();
    stage.choose(to[event.key]);
  });
}

// Where each arrow key goes: where it points, if what is chosen from stands in rows of so many columns;
// else right and up to the next.
function arrows(stage) {
  const [at, { first, columns }, last] = [stage.chosen(), stage.steps, stage.last];
  const to = (step) => (at + step < first || at + step > last ? at : at + step);
  if (!columns) return { ArrowRight: to(1), ArrowUp: to(1), ArrowLeft: to(-1), ArrowDown: to(-1) };
  const wide = columns(stage.state);
  const rowOf = (index) => Math.floor((index - first) / wide);
  const inRow = (step) => (wide > 1 && rowOf(to(step)) !== rowOf(at) ? at : to(step));
  return { ArrowRight: inRow(1), ArrowLeft: inRow(-1), ArrowUp: to(-wide), ArrowDown: to(wide) };
}
