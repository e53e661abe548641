// An explorer or a quiz on a page of its own, without widget manager, kernel or network. Of an explorer, the
// state stands in the page's address, and can be copied as a link, as code and as a picture.

import { addressOf, stateOf } from "./address.js";
import { CODE } from "./code.js";
import { make } from "./elements.js";
import { host } from "./host.js";
import { pngOf, svgOf } from "./picture.js";

// Bytes as they come in a widget, too
function withBytes(_, value) {
  if (!value?.base64) return value;
  return new DataView(Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt()).buffer);
}

const given = JSON.parse(document.getElementById("explorer").textContent, withBytes);
const { module, values, explorer, name } = given;
const source = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
const { render } = (await import(source)).default;

const place = document.getElementById("place");
const model = host({ ...values });
const said = document.getElementById("said");

const names = Object.keys(explorer?.traits ?? {});
const stateNow = () => Object.fromEntries(names.map((each) => [each, model.get(each)]));

// What the address says, or the state at the start and a sentence
function follow() {
  try {
    model.set({ ...values._start, ...stateOf(location.hash, explorer) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    model.set(values._start);
    said.textContent = `This link shows no state: ${error.message}. You see the start.`;
  }
}

// Its address stays: a browser may read it after the click.
const download = (blob, file) => make("a", { href: URL.createObjectURL(blob), download: file }).click();

// Where the clipboard is closed the text is there to be copied by hand.
async function copy(text, word) {
  const shown = document.getElementById("copied");
  shown.value = text;
  shown.hidden = false;
  shown.rows = text.split("\n").length;
  shown.select();
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = `${word} is copied.`;
  } catch {
    said.textContent = `${word} is selected below: copy it with your keyboard.`;
  }
}

function actions() {
  const root = place.querySelector(".tconv-explorer");
  // Not the page's own address, which may be spoilt
  const link = () => new URL(addressOf(stateNow(), explorer), location.href).href;
  const code = () => {
    if (!root.matches(".stale")) return copy(CODE[explorer.kind](stateNow()).join("\n\n\n"), "The code");
    said.textContent = `No code gives this state: ${root.querySelector(".message").textContent}`;
  };
  const svg = () => download(new Blob([svgOf(root)], { type: "image/svg+xml" }), `${name}.svg`);
  const png = async () => download(await pngOf(root), `${name}.png`);
  const each = [
    ["Copy link", () => copy(link(), "The link")],
    ["Copy as code", code],
    ...(root.querySelector("figure :is(svg, canvas)") ? [["Save SVG", svg], ["Save PNG", png]] : []),
  ];
  return each.map(([word, onclick]) => make("button", { type: "button", onclick }, word));
}

if (explorer) {
  follow();
  render({ model, el: place });
  document.getElementById("actions").append(...actions());
  model.on("change", () => {
    said.textContent = "";
    const address = addressOf(stateNow(), explorer);
    if (address !== location.hash) history.replaceState(null, "", address);
  });
  addEventListener("hashchange", follow);
} else {
  render({ model, el: place });
}
