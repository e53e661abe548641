// Explorers and quizzes on a page of the site, without widget manager. A page from file:// may load scripts
// and no modules, so each kind is a script that holds its module as a text.

const kinds = (globalThis.tconvKinds ??= {});
const folder = new URL("./", document.currentScript.src);

// A script of the site, loaded once a page
const scripts = {};
function script(path) {
  scripts[path] ??= new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = new URL(path, folder);
    element.onload = done;
    element.onerror = () => failed(new Error(`${element.src} must be part of the site`));
    document.head.append(element);
  });
  return scripts[path];
}

// The style and the module of a kind, made once a page
const loaded = {};
function load(kind) {
  loaded[kind] ??= script(`kinds/${kind}.js`).then(async () => {
    const { module, style } = kinds[kind];
    const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    return { style, render: (await import(url)).default.render };
  });
  return loaded[kind];
}

// Of a buffer its base64, which the page holds or a script of its own
async function dataOf({ data, numbers }) {
  if (data !== undefined) return data;
  await script(`numbers/${numbers}.js`);
  return globalThis.tconvNumbers[numbers];
}

async function mount(place) {
  const { values, buffers } = JSON.parse(place.querySelector("script").textContent);
  for (const buffer of buffers) {
    const { path } = buffer;
    const bytes = Uint8Array.from(atob(await dataOf(buffer)), (letter) => letter.charCodeAt());
    path.slice(0, -1).reduce((part, name) => part[name], values)[path.at(-1)] = new DataView(bytes.buffer);
  }
  const { style, render } = await load(place.dataset.kind);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  const el = document.createElement("div");
  el.addEventListener("keydown", (event) => event.stopPropagation()); // no key turns a slide meanwhile
  render({ model: host(values), el });
  name(el.querySelector(".tconv-explorer, .tconv-quiz"));
  // In a root of its own: the page's style does not reach in, and reveal.js takes no part of it for a slide
  place.attachShadow({ mode: "open" }).append(sheet, el);
}

// Sections of one page need names of their own
const named = {};
function name(section) {
  const label = section.matches(".tconv-quiz") ? "Quiz" : section.getAttribute("aria-label");
  named[label] = (named[label] ?? 0) + 1;
  if (label === "Quiz" || named[label] > 1) section.setAttribute("aria-label", `${label} ${named[label]}`);
}

// The first explorer is drawn, and hears a key, before the others are begun
async function mountAll(places) {
  const first = places.find((place) => place.dataset.kind !== "QuizForm");
  if (first) await mount(first).then(() => new Promise((done) => setTimeout(done)));
  for (const place of places) if (place !== first) mount(place);
}

// What is heavy is loaded when it comes into sight, or nearly.
const sight = new IntersectionObserver(
  (places) => {
    for (const { target } of places.filter(({ isIntersecting }) => isIntersecting)) {
      sight.unobserve(target);
      mount(target);
    }
  },
  { rootMargin: "300px" },
);
const places = [...document.querySelectorAll(".tconv-mount")];
for (const place of places) if ("onSight" in place.dataset) sight.observe(place);
mountAll(places.filter((place) => !("onSight" in place.dataset)));
