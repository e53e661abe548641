// A quiz: its question, a button for each choice or a field for a number, the explanation of the last answer.
// `given`, all of its state, has the choices tried, the last one last, or the number as it was typed.

import { make, QUIET } from "./elements.js";
import { keep } from "./keep.js";
import { unsealed } from "./seal.js";

const SIGNS = { right: "M-4.5.5-1.5 3.5 4.5-3.5", wrong: "M-3.5-3.5 3.5 3.5M-3.5 3.5 3.5-3.5" };

const answerable = (word, ...children) => make("button", { type: "button", ...QUIET, ...word }, ...children);

// A number as it is sealed: no blanks, no separated thousands, a point, no comma, no idle zeros
export function tidy(typed) {
  const number = typed.trim();
  const whole = number.replace(/^([1-9]\d{0,2})[, ](\d{3})$/, "$1$2").replaceAll(",", ".");
  const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(whole);
  return decimal ? String(Number(Number(whole).toPrecision(6))) : number;
}

// The mark that an answer gets beside it: verdict is right, wrong or, of none, empty
function judged(element, sign, verdict) {
  element.classList.toggle("right", verdict === "right");
  element.classList.toggle("wrong", verdict === "wrong");
  const svg = `<svg viewBox="-10 -10 20 20" role="img" aria-label="${verdict}">`;
  sign.innerHTML = verdict && `${svg}<circle r="9"/><path d="${SIGNS[verdict]}"/></svg>`;
}

// update(given) shows the answers given; verdict(answer) is what is known of one
function choicesOf(choices, { given, give, verdict }) {
  const each = choices.map((choice) => {
    const sign = make("span", { class: "sign" });
    const onclick = () => give([...given().filter((other) => other !== choice), choice]);
    const element = answerable({ onclick }, make("span", {}, choice), sign);
    const update = () => judged(element, sign, given().includes(choice) ? verdict(choice) : "");
    return { element, update };
  });
  const update = () => each.forEach((one) => one.update());
  return { elements: each.map(({ element }) => element), update };
}

function fieldOf({ given, give, verdict }) {
  const answer = () => give(field.value.trim() ? [field.value] : []);
  const field = make("input", {
    type: "text", inputmode: "decimal", placeholder: "a number", "aria-label": "a number",
    autocomplete: "off", ...QUIET,
    onkeydown: ({ key }) => key === "Enter" && answer(),
    oninput: () => judged(row, sign, ""), // what is typed now was not answered yet
  });
  const sign = make("span", { class: "sign" });
  const row = make("div", { class: "field" }, field, answerable({ onclick: answer }, "Answer"), sign);
  const update = () => {
    const [typed] = given();
    if (typed !== undefined) field.value = typed;
    judged(row, sign, typed === undefined ? "" : verdict(typed));
  };
  return { elements: [row], update };
}

export default {
  initialize: keep,
  render({ model, el }) {
    const [name, question, choices, sealed, otherwise] =
      ["name", "question", "choices", "sealed", "otherwise"].map((trait) => model.get(trait));
    const explained = (answer) => unsealed(name, choices ? answer : tidy(answer), sealed) ?? otherwise;
    const answers = {
      given: () => model.get("given"),
      give: (given) => {
        model.set({ given });
        model.save_changes();
      },
      verdict: (answer) => (explained(answer).startsWith("Right") ? "right" : "wrong"),
    };
    const form = choices ? choicesOf(choices, answers) : fieldOf(answers);
    const said = make("div", { class: "said", role: "status", "aria-live": "polite" });
    const update = () => {
      form.update();
      const [last] = answers.given().slice(-1);
      said.textContent = last === undefined ? "" : explained(last);
      said.className = last === undefined ? "said" : `said ${answers.verdict(last)}`;
    };
    const group = make("div", { class: "answers", role: "group", "aria-label": question }, ...form.elements);
    const words = make("p", { class: "question" }, question);
    el.replaceChildren(make("section", { class: "tconv-quiz", "aria-label": "Quiz" }, words, group, said));
    model.on("change:given", update);
    update();
    return () => model.off("change:given", update);
  },
};
