import { choice } from "./choice.js";
import { slider } from "./controls.js";
import { make } from "./elements.js";
import { greys, layersOf, mapsOf, swapped } from "./generator.js";
import { shaded, sheet } from "./sheet.js";
import { explorer } from "./stage.js";
import { frame } from "./views.js";
import { minus } from "./words.js";

// The function with its last result, which it gives again for the same arguments
function remembering(compute) {
  let [key, result] = [null, null];
  return (...args) => {
    if (String(args) !== key) [key, result] = [String(args), compute(...args)];
    return result;
  };
}

const factorsOf = (turn, tilt) => {
  const [phi, theta] = [turn, tilt].map((degrees) => (degrees * Math.PI) / 180);
  return [Math.cos(theta) * Math.cos(phi), Math.cos(theta) * Math.sin(phi), Math.sin(theta)];
};

// a, b and c, which follow one another in these bytes
function axesOf(bytes) {
  const size = bytes.byteLength / 12;
  const entry = (axis) => (_, j) => bytes.getFloat32(4 * (axis * size + j), true);
  return [0, 1, 2].map((axis) => Array.from({ length: size }, entry(axis)));
}

// What draws on this page: of a state the latent vector, the layers and the maps of every class
function painterOf(stage) {
  const names = stage.get("_names");
  const trained = layersOf(stage.get("_links"), stage.get("_numbers"));
  const axes = axesOf(stage.get("_axes"));
  const layers = remembering((at, kernel) => trained.with(at - 1, swapped(trained[at - 1], kernel)));
  const z = remembering((turn, tilt) => {
    const [p, q, r] = factorsOf(turn, tilt);
    return axes[0].map((_, j) => p * axes[0][j] + q * axes[1][j] + r * axes[2][j]);
  });
  const maps = remembering((turn, tilt, at, kernel) =>
    names.map((_, label) => mapsOf(layers(at, kernel), z(turn, tilt), label)),
  );
  return { names, trained, z, maps };
}

const painters = new WeakMap(); // of each stage
const painter = (stage) => painters.get(stage) ?? painters.set(stage, painterOf(stage)).get(stage);

const inMaps = ({ n, channels }) => (channels > 1 ? `${channels} maps of ${n} × ${n}` : `${n} × ${n} pixels`);

// z, and what each layer makes of it
function chain(stage, settings) {
  const { z, maps } = painter(stage);
  const { turn, tilt, layer, kernel } = stage.state;
  const vector = sheet(z(turn, tilt).length, 1, 64);
  const drawn = maps(turn, tilt, layer, kernel)[0];
  const sheets = drawn.map((map) => ({ map, ...sheet(map.channels, map.n) }));
  const steps = sheets.map(({ map, canvas }, i) => {
    const words = make("span", {}, `layer ${i + 1}: ${inMaps(map)}`);
    return make("div", { class: "step", onclick: () => stage.set({ layer: i + 1 }) }, canvas, words);
  });
  const first = make("div", { class: "start" }, vector.canvas, make("span", {}, "z"));
  const { element, tell } = frame(stage, settings, make("div", { class: "chain" }, first, ...steps));

  const show = ({ z, maps, chosen, alt }) => {
    vector.paint((r) => [Math.max(0, Math.min(255, Math.round(127.5 + 42.5 * z[r])))]);
    sheets.forEach(({ paint }, i) =>
      paint(i < maps.length - 1 ? (channel) => shaded(maps[i], channel) : () => greys(maps[i])),
    );
    steps.forEach((step, i) => step.classList.toggle("lit", i + 1 === chosen));
    tell(alt);
  };
  return { element, show };
}

// The picture of every class
function pictures(stage, settings) {
  const { n } = painter(stage).maps(0, 0, 1, "trained")[0].at(-1);
  const small = stage.get("_names").map((name, label) => {
    const { canvas, paint } = sheet(1, n, 64);
    const element = make("div", { class: "small", "data-at": label }, canvas, make("span", {}, name));
    return { paint, element };
  });
  const row = make("div", { class: "classes" }, ...small.map(({ element }) => element));
  const { element, tell } = frame(stage, settings, row);

  const show = ({ images, at, alt }) => {
    small.forEach(({ paint, element }, label) => {
      paint(() => images[label]);
      element.classList.toggle("lit", label === at);
    });
    tell(alt);
  };
  return { element, show };
}

const rounded = (value) => minus(Number(value.toFixed(2)) + 0);

// What the chosen layer does, or what a swapped kernel does to the picture
function kernelInWords({ layer, kernel, at }, image, stage, z) {
  const { names, trained } = painter(stage);
  if (kernel === "trained") {
    const { from, to, m, stride } = trained[layer - 1];
    const kernels = `${from} × ${to} kernels of ${m} × ${m}, stride ${stride}`;
    return `Layer ${layer} of ${trained.length} transposed convolutions, all drawn on this page: ${kernels}.`;
  }
  const before = greys(mapsOf(trained, z, at).at(-1));
  const off = image.reduce((sum, grey, p) => sum + Math.abs(grey - before[p]), 0) / image.length;
  const which = `Layer ${layer} has ${kernel} kernels, each with the sum of the trained one`;
  return `${which}: the ${names[at]} is off by ${off.toFixed(1)} grey levels on average.`;
}

function draw(state, stage) {
  const { turn, tilt, layer, kernel, at } = state;
  const { names, ...paint } = painter(stage);
  const [z, maps] = [paint.z(turn, tilt), paint.maps(turn, tilt, layer, kernel)];
  const images = maps.map((each) => greys(each.at(-1)));
  const parts = factorsOf(turn, tilt).map((factor, j) => `${rounded(factor)} ${"abc"[j]}`).join(" + ");
  const swap = kernelInWords(state, images[at], stage, z);
  const blend = `z = ${parts.replaceAll("+ −", "− ")} of three normal draws`;
  const seen = maps[at].map((map, i) => `layer ${i + 1}, ${inMaps(map)}`).join("; ");
  stage.views.chain({ z, maps: maps[at], chosen: layer, alt: `from z to ${names[at]}: ${seen}.` });
  stage.views.pictures({ images, at, alt: names[at] });
  return [
    `${names[at]}; z is turned by ${turn}° and tilted by ${minus(tilt)}°`,
    `${blend}, and one itself, as the squares add up to 1.`,
    swap,
  ];
}

export default explorer({
  title: "Latent space",
  question: "What does z decide, and what the class? Which layer's kernels can be swapped, and what breaks?",
  sliders: [slider("turn", { step: 5 }), slider("tilt", { step: 5 }), slider("layer")],
  cells: [choice("kernel")],
  steps: { name: "label", title: "choose a class" },
  views: [
    {
      name: "chain",
      title: "Layer by layer",
      caption: "Each map from its least number, black, to its greatest. Framed: whose kernels are swapped.",
      made: chain,
    },
    {
      name: "pictures",
      title: "Generator",
      caption: "The same z for every class.",
      steps: true,
      made: pictures,
    },
  ],
  draw,
});
