import { slider } from "./controls.js";
import { make } from "./elements.js";
import { explorer } from "./stage.js";
import { frame } from "./views.js";
import { minus } from "./words.js";

// A picture of `size` [height, width] pixels, which paint() fills from bytes
function picture([height, width]) {
  const canvas = make("canvas", { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const paint = (bytes) => {
    bytes.forEach((value, j) => image.data.set([value, value, value, 255], 4 * j));
    context.putImageData(image, 0, 0);
  };
  return { canvas, paint };
}

// The chosen class large, and all of them in small
function pictures(stage, settings) {
  const size = stage.get("_drawn").size;
  const large = picture(size);
  const name = make("span", { class: "name" });
  const small = stage.get("_names").map((each, label) => {
    const { canvas, paint } = picture(size);
    const element = make("div", { class: "small", "data-at": label }, canvas, make("span", {}, each));
    return { paint, element };
  });
  const row = make("div", { class: "classes" }, ...small.map(({ element }) => element));
  const chosen = make("div", { class: "large" }, large.canvas, name);
  const { element, tell } = frame(stage, settings, make("div", { class: "pictures" }, chosen, row));

  const show = ({ pixels, at, alt }) => {
    const area = size[0] * size[1];
    const bytes = (label) => new Uint8Array(pixels.buffer, pixels.byteOffset + label * area, area);
    large.paint(bytes(at));
    name.textContent = stage.get("_names")[at];
    small.forEach(({ paint, element }, label) => {
      paint(bytes(label));
      element.classList.toggle("lit", label === at);
    });
    tell(alt);
  };
  return { element, show };
}

const rounded = (value) => minus(Number(value.toFixed(2)) + 0);

function factorsOf({ turn, tilt }) {
  const [phi, theta] = [turn, tilt].map((degrees) => (degrees * Math.PI) / 180);
  return [Math.cos(theta) * Math.cos(phi), Math.cos(theta) * Math.sin(phi), Math.sin(theta)];
}

// Where the pictures are of another turn or tilt, the kernel has some time to draw them.
function complainOf(late, stage) {
  const sentence =
    "The pictures come from the kernel, and it does not answer: run the notebook's cells, then move.";
  clearTimeout(stage.waiting);
  if (late) stage.waiting = setTimeout(() => stage.say([sentence], true), 3000);
}

function draw(state, stage) {
  const { turn, tilt, at } = state;
  const drawn = stage.get("_drawn");
  const name = stage.get("_names")[at];
  const z = factorsOf(state).map((factor, j) => `${rounded(factor)} ${"abc"[j]}`).join(" + ");
  complainOf(drawn.at[0] !== turn || drawn.at[1] !== tilt, stage);
  stage.views.pictures({ ...drawn, at, alt: name });
  return [
    `${name}, turned by ${turn}° and tilted by ${minus(tilt)}°`,
    `z = ${z.replaceAll("+ −", "− ")}`,
    "The squares of the factors add up to 1: like a, b and c, z is a normal draw.",
  ];
}

export default explorer({
  title: "Latent space",
  question: "What does z decide, and what the class? Where has turning no effect at all?",
  sliders: [slider("turn", { step: 5 }), slider("tilt", { step: 5 })],
  steps: { name: "label", title: "choose a class" },
  views: [
    {
      name: "pictures",
      title: "Generator",
      caption: "The same z for every class, drawn as you move.",
      steps: true,
      made: pictures,
    },
  ],
  tells: (work) => work(), // at once: the kernel draws
  draw,
});
