// What an explorer shows, as one picture: its figures below one another, each with its title.

const SHOWN = ["display", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity"];
const LETTERS = ["font-family", "font-size", "font-style", "font-weight", "text-anchor"];
const GAP = 16;
const NAMESPACE = "http://www.w3.org/2000/svg";

// A copy of an element whose look no longer depends on a style sheet
function fixed(element) {
  const copy = element.cloneNode(true);
  const originals = [element, ...element.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((each, i) => {
    const style = getComputedStyle(originals[i]);
    const rules = [...SHOWN, ...LETTERS].map((name) => `${name}: ${style.getPropertyValue(name)}`);
    each.setAttribute("style", rules.join("; "));
    each.removeAttribute("class");
  });
  return copy;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

// The text of an SVG file
export function svgOf(root) {
  const style = getComputedStyle(root);
  const svg = document.createElementNS(NAMESPACE, "svg");
  let [top, wide] = [GAP, 0];
  for (const figure of root.querySelectorAll("figure")) {
    const drawn = figure.querySelector("svg");
    if (!drawn) continue;
    const title = document.createElementNS(NAMESPACE, "text");
    title.setAttribute("style", `fill: ${style.color}; font: 600 14px system-ui, sans-serif`);
    setAll(title, { x: GAP, y: top + 12 });
    title.textContent = figure.querySelector("figcaption b").textContent;
    const { width, height } = drawn.getBoundingClientRect();
    const copy = fixed(drawn);
    setAll(copy, { x: GAP, y: top + 20, width, height });
    svg.append(title, copy);
    [top, wide] = [top + 20 + height + GAP, Math.max(wide, width + 2 * GAP)];
  }
  setAll(svg, { width: wide, height: top, viewBox: `0 0 ${wide} ${top}` });
  svg.setAttribute("style", `background: ${style.backgroundColor}`);
  return new XMLSerializer().serializeToString(svg);
}

// The bytes of a PNG file, twice as large, so that it stays sharp
export async function pngOf(root) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(root))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(root).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
