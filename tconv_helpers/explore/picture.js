// What an explorer shows, as one picture: its figures below one another, each with its title.

const SHOWN = ["display", "overflow", "opacity", "fill", "fill-opacity"];
const LINES = ["stroke", "stroke-width", "stroke-dasharray"];
const LETTERS = ["font-family", "font-size", "font-style", "font-weight", "text-anchor"];
const GAP = 16;
const NAMESPACE = "http://www.w3.org/2000/svg";

// A copy of an element whose look no longer depends on a style sheet
function fixed(element) {
  const copy = element.cloneNode(true);
  const originals = [element, ...element.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((each, i) => {
    const style = getComputedStyle(originals[i]);
    const rules = [...SHOWN, ...LINES, ...LETTERS].map((name) => `${name}: ${style.getPropertyValue(name)}`);
    each.setAttribute("style", rules.join("; "));
    each.removeAttribute("class");
  });
  return copy;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

// What stands in a figure, as an element of an SVG: a drawing, the pixels of a canvas, or words below one
function still(part) {
  if (part.matches("svg")) return fixed(part);
  if (part.matches("canvas")) {
    const image = document.createElementNS(NAMESPACE, "image");
    setAll(image, { href: part.toDataURL(), style: "image-rendering: pixelated" });
    return image;
  }
  const words = document.createElementNS(NAMESPACE, "text");
  const { color, font } = getComputedStyle(part);
  setAll(words, { style: `fill: ${color}; font: ${font}; dominant-baseline: hanging` });
  words.textContent = part.textContent;
  return words;
}

// What a figure shows, and where in it: [[part, box], ...], and how far they reach
function shown(figure) {
  const all = [...figure.querySelectorAll("svg, canvas, .picture > i")];
  const parts = all.map((each) => [each, each.getBoundingClientRect()]).filter(([, { width }]) => width);
  const [left, top] = ["left", "top"].map((side) => Math.min(...parts.map(([, box]) => box[side])));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...parts.map(([, box]) => box[side])));
  return { parts, left, top, width: right - left, height: bottom - top };
}

function titleOf(figure, color, y) {
  const title = document.createElementNS(NAMESPACE, "text");
  setAll(title, { x: GAP, y, style: `fill: ${color}; font: 600 14px system-ui, sans-serif` });
  title.textContent = figure.querySelector("figcaption b").textContent;
  return title;
}

// The text of an SVG file
export function svgOf(root) {
  const style = getComputedStyle(root);
  const svg = document.createElementNS(NAMESPACE, "svg");
  let [down, wide] = [GAP, 0];
  for (const figure of root.querySelectorAll("figure")) {
    const { parts, left, top, width, height } = shown(figure);
    if (!parts.length) continue;
    svg.append(titleOf(figure, style.color, down + 12));
    for (const [part, box] of parts) {
      const copy = still(part);
      const place = { x: GAP + box.left - left, y: down + 20 + box.top - top };
      setAll(copy, { ...place, width: box.width, height: box.height });
      svg.append(copy);
    }
    [down, wide] = [down + 20 + height + GAP, Math.max(wide, width + 2 * GAP)];
  }
  setAll(svg, { width: wide, height: down, viewBox: `0 0 ${wide} ${down}` });
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
