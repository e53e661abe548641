import { fixShape } from "./chains.js";
import { make, QUIET } from "./elements.js";
import { explorer } from "./stage.js";
import { frame } from "./views.js";

// The layers, to be pasted or typed
function text(stage) {
  const [, most] = stage.bounds.text;
  const typed = () => stage.set({ text: area.value, at: 1 });
  const area = make("textarea", {
    rows: 6, maxlength: most, spellcheck: "false", autocapitalize: "off", "aria-label": "layers", ...QUIET,
    oninput: typed,
  });
  const update = (state) => {
    if (area.value !== state.text) area.value = state.text;
  };
  return { element: make("label", { class: "layers" }, make("span", {}, "layers"), area), update };
}

// A size, typed or stepped with the arrow keys
function wholeNumber(name, word) {
  return (stage) => {
    const [min, max] = stage.bounds[name];
    const typed = () => {
      const value = Number(input.value);
      const fits = input.value.trim() !== "" && Number.isInteger(value) && min <= value && value <= max;
      input.toggleAttribute("aria-invalid", !fits);
      if (fits) return stage.set({ [name]: value });
      const got = input.value || "nothing";
      const rule = `${name} must be a whole number from ${min} to ${max}`;
      return stage.say([`${rule}: got ${got}; use ${min}`], true);
    };
    const input = make("input", {
      type: "number", min, max, step: 1, "aria-label": name, ...QUIET, oninput: typed, onblur: stage.redraw,
    });
    const update = (state) => {
      if (input.value === "" || Number(input.value) !== state[name]) input.value = state[name];
      input.removeAttribute("aria-invalid");
    };
    return { element: make("label", { class: "size" }, make("span", {}, word), input), update };
  };
}

const named = (sizes) => (new Set(sizes).size === 1 ? String(sizes[0]) : sizes.join(" × "));

// Each layer in a row, with a bar as long as its size: down an encoder they shrink, up a decoder they grow
function table(stage, settings) {
  const rows = make("div", { class: "chain" });
  const { element, tell } = frame(stage, settings, rows);
  // The layer that was last scrolled into sight
  let shown = null;
  const show = ({ chain, at, alt }) => {
    const longest = Math.max(...chain.sizes.flat());
    const row = (words, sizes, index, wrong) => {
      const bar = make("span", { class: "bar", style: `width: ${(100 * Math.max(...sizes)) / longest}%` });
      const track = make("span", { class: "track" }, bar);
      const state = `row${index === at ? " lit" : ""}${wrong ? " wrong" : ""}`;
      const place = index ? { "data-at": index } : {};
      const [code, number] = [make("code", {}, words), make("b", {}, named(sizes))];
      return make("div", { class: state, ...place }, code, track, number);
    };
    const last = chain.sizes.length - 1;
    const isWrong = (i) => i === last && !chain.problem && !isRight(chain);
    rows.replaceChildren(
      row("input", chain.sizes[0], 0, false),
      ...chain.sizes.slice(1).map((sizes, i) => row(String(chain.layers[i]), sizes, i + 1, isWrong(i + 1))),
    );
    const lit = rows.children[at];
    if (at !== shown) lit.parentElement.parentElement.scrollTop = lit.offsetTop - rows.offsetTop - 100;
    shown = at;
    tell(alt);
  };
  return { element, show };
}

// Code to copy; where the clipboard is closed it is selected, so that a key copies it
function repairs(stage, { title, caption }) {
  const list = make("ul", { class: "repairs" });
  const words = make("figcaption", {}, make("b", {}, title), " ", caption);
  const copy = async (code) => {
    getSelection().selectAllChildren(code);
    await navigator.clipboard?.writeText(code.textContent).catch(() => {});
  };
  const show = ({ lines, none }) => {
    // The focus stays on a button
    if (list.shown === lines.join("\n") + none) return;
    list.shown = lines.join("\n") + none;
    list.replaceChildren(...(lines.length ? lines.map(item) : [make("li", {}, none)]));
  };
  const item = (repair) => {
    const parts = repair.split(/; (?=line )/).map((part) => part.split(/: (.*)/));
    const where = parts.map(([place]) => place).join(", ");
    const code = make("code", {}, parts.map(([, text]) => text).join("\n"));
    const settings = { type: "button", "aria-label": `copy ${where}`, ...QUIET, onclick: () => copy(code) };
    return make("li", {}, make("span", {}, where), code, make("button", settings, "Copy"));
  };
  return { element: make("figure", { class: "view" }, words, list), show };
}

const isRight = ({ problem, sizes, wanted }) => !problem && named(sizes.at(-1)) === named(wanted);

function verdict(chain) {
  const sizes = chain.sizes.map(named).join(" → ");
  if (chain.problem) return `${sizes}, and no further`;
  return isRight(chain) ? `${sizes}, as wanted` : `${sizes}, and not ${named(chain.wanted)}`;
}

function draw(state, stage) {
  const chain = fixShape(state.text, state.n, state.wanted);
  const at = Math.min(state.at, chain.sizes.length - 1);
  const formula = at ? `${chain.layers[at - 1]}: ${chain.formulas[at - 1]} = ${named(chain.sizes[at])}` : "";
  stage.views.chain({ chain, at, alt: formula || chain.problem });
  const none = isRight(chain) ? "Nothing to repair." : "No small repair leads there.";
  stage.views.repairs({ lines: chain.repairs, none });
  return [verdict(chain), formula, chain.problem ?? chain.parted ?? ""];
}

export default explorer({
  title: "Fix my shape",
  question: "Paste layers of PyTorch or Keras: which size comes out, and what would give the wanted one?",
  sliders: [],
  cells: [
    text,
    wholeNumber("n", "size in"),
    wholeNumber("wanted", "wanted"),
  ],
  steps: {
    name: "at",
    title: "choose a layer",
    last: ({ text: layers, n }) => fixShape(layers, n).sizes.length - 1,
    columns: () => 1,
  },
  columns: [["chain"], ["repairs"]],
  views: [
    { name: "chain", title: "Sizes", caption: "After each layer.", steps: true, made: table },
    { name: "repairs", title: "Repairs", caption: "The gentlest first.", made: repairs },
  ],
  draw,
});
