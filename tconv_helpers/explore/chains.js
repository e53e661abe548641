// Sizes through a chain of layers, and the smallest repairs that lead to a wanted size: layersizes.py and
// chains.py in JavaScript, word for word; tests/browser/ proves both equal.

import { readLayers } from "./layers.js";
import { convOutputSize, convTransposeOutputSize } from "./operator.js";

const REPAIRS = 6; // at most so many are told
const REACH = 4; // how far a repair moves a padding or a kernel
const GENTLE = ["output_padding", "padding", "kernel_size"]; // what is changed first
const PADDINGS = ["same", "valid"];
const PLAIN = { stride: 1, dilation: 1, padding: 0, output_padding: 0 };
const isKeras = (layer) => layer.kind.startsWith("keras");

// The value of a layer's parameter along an axis
function valueAt(layer, parameter, axis, ...otherwise) {
  let value = layer.value(parameter);
  if (Array.isArray(value)) {
    if (value.length !== (layer.rank ?? value.length) || axis >= value.length) {
      const got = value.join(", ");
      throw new RangeError(`${parameter} must have a number for each axis: got (${got}); use one number`);
    }
    value = value[axis];
  }
  if (value === null) return plainValue(layer, parameter, otherwise);
  const word = parameter === "padding" && PADDINGS.includes(value);
  if (parameter === "ceil_mode" || (word && (isKeras(layer) || layer.kind === "conv"))) return value;
  if (parameter === "padding" && isKeras(layer)) {
    throw new RangeError(`padding must be 'same' or 'valid' in Keras: got ${inPython(value)}; use 'same'`);
  }
  const least = parameter.endsWith("padding") ? 0 : 1;
  if (typeof value !== "number" || value < (parameter === "scale_factor" ? 0 : least)) {
    throw new RangeError(
      `${parameter} must be a number from ${least} up: got ${inPython(value)}; use ${least} or more`,
    );
  }
  if (parameter !== "scale_factor" && !Number.isInteger(value)) {
    throw new RangeError(`${parameter} must be a whole number: got ${value}; round it`);
  }
  return value;
}

const inPython = (value) => ({ true: "True", false: "False" })[value] ?? value;

function plainValue(layer, parameter, otherwise) {
  if (otherwise.length) return otherwise[0];
  if (parameter === "padding" && isKeras(layer)) return "valid";
  if (parameter in PLAIN) return PLAIN[parameter];
  throw new RangeError(`${layer.name} must have a ${parameter}: got none; write ${parameter}=2`);
}

const convFormula = (n, m, { stride, padding, dilation }, round = "floor") =>
  `${round}((${n} + 2*${padding} - ${dilation}*(${m} - 1) - 1) / ${stride}) + 1`;

// For each kind of layer (n, get) -> [size, the formula with its numbers]
const RULES = {
  conv(n, get) {
    const [m, stride, asked, dilation] = [get("kernel_size"), get("stride"), get("padding"), get("dilation")];
    if (asked === "same" && stride !== 1) {
      const half = Math.floor(m / 2);
      throw new RangeError(`padding='same' needs stride 1: got stride=${stride}; use padding=${half}`);
    }
    if (asked === "same") return [n, "the same size"];
    const settings = { stride, padding: asked === "valid" ? 0 : asked, dilation };
    return [convOutputSize(n, m, settings), convFormula(n, m, settings)];
  },
  transpose(n, get) {
    const [m, stride, padding] = [get("kernel_size"), get("stride"), get("padding")];
    const [output_padding, dilation] = [get("output_padding"), get("dilation")];
    return [
      convTransposeOutputSize(n, m, { stride, padding, output_padding, dilation }),
      `(${n} - 1)*${stride} - 2*${padding} + ${dilation}*(${m} - 1) + ${output_padding} + 1`,
    ];
  },
  pool(n, get) {
    const [m, padding, dilation] = [get("kernel_size"), get("padding"), get("dilation")];
    const stride = get("stride", m);
    if (2 * padding > m) {
      const half = Math.floor(m / 2);
      throw new RangeError(`padding must be at most half the kernel: got ${padding}, ${m}; use ${half}`);
    }
    const settings = { stride, padding, dilation };
    if (!get("ceil_mode", false)) return [convOutputSize(n, m, settings), convFormula(n, m, settings)];
    let size = Math.ceil((n + 2 * padding - dilation * (m - 1) - 1) / stride) + 1;
    if (size < 1) convOutputSize(n, m, settings); // which says so
    if ((size - 1) * stride >= n + padding) size--; // the last window begins before the padding on the right
    return [size, convFormula(n, m, settings, "ceil")];
  },
  unpool(n, get) {
    const [m, padding] = [get("kernel_size"), get("padding")];
    const stride = get("stride", m);
    return [convTransposeOutputSize(n, m, { stride, padding }), `(${n} - 1)*${stride} - 2*${padding} + ${m}`];
  },
  upsample(n, get) {
    const [size, scale] = [get("size", null), get("scale_factor", null)];
    if (size !== null) return [size, `size=${size}`];
    if (scale === null) {
      throw new RangeError("Upsample must have a size or a scale_factor: got neither; write scale_factor=2");
    }
    if (Math.floor(n * scale) < 1) {
      throw new RangeError(`scale_factor must leave a sample: got ${scale} for ${n}; use a larger one`);
    }
    return [Math.floor(n * scale), `floor(${n}*${scale})`];
  },
  shuffle: (n, get) => [n * get("upscale_factor"), `${n}*${get("upscale_factor")}`],
  unshuffle(n, get) {
    const factor = get("downscale_factor");
    if (n % factor === 0) return [n / factor, `${n} / ${factor}`];
    throw new RangeError(`the size must be a multiple of downscale_factor: got ${n} and ${factor}; pad it`);
  },
  "keras conv"(n, get) {
    const [m, stride, dilation] = [get("kernel_size"), get("stride"), get("dilation")];
    if (get("padding") === "same") return [Math.ceil(n / stride), `ceil(${n} / ${stride})`];
    return [
      convOutputSize(n, m, { stride, dilation }),
      `floor((${n} - ${dilation}*(${m} - 1) - 1) / ${stride}) + 1`,
    ];
  },
  "keras pool"(n, get) {
    const m = get("kernel_size", 2);
    const stride = get("stride", m);
    if (get("padding") === "same") return [Math.ceil(n / stride), `ceil(${n} / ${stride})`];
    return [convOutputSize(n, m, { stride }), `floor((${n} - ${m}) / ${stride}) + 1`];
  },
  "keras transpose"(n, get) {
    const [m, stride, more] = [get("kernel_size"), get("stride"), get("output_padding", null)];
    const span = get("dilation") * (m - 1) + 1;
    const same = get("padding") === "same";
    if (more === null && same) return [n * stride, `${n}*${stride}`];
    if (more === null) {
      return [n * stride + Math.max(span - stride, 0), `${n}*${stride} + max(${span} - ${stride}, 0)`];
    }
    if (more >= stride) {
      throw new RangeError(
        `output_padding must be below the stride: got ${more}, ${stride}; use ${stride - 1}`,
      );
    }
    const crop = same ? 2 * Math.floor(span / 2) : 0;
    return [(n - 1) * stride + span - crop + more, `(${n} - 1)*${stride} + ${span} - ${crop} + ${more}`];
  },
  "keras upsample": (n, get) => [n * get("size", 2), `${n}*${get("size", 2)}`],
};

// One axis: its sizes, their formulas, and the sentence on the layer at which it ends early
function follow(layers, axis, n) {
  const [sizes, formulas] = [[n], []];
  for (const layer of layers) {
    try {
      const get = (parameter, ...otherwise) => valueAt(layer, parameter, axis, ...otherwise);
      const [size, formula] = RULES[layer.kind](sizes.at(-1), get);
      sizes.push(size);
      formulas.push(formula);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { axis, n, sizes, formulas, problem: `Line ${layer.line}: ${error.message}.`, end: null };
    }
  }
  return { axis, n, sizes, formulas, problem: null, end: sizes.at(-1) };
}

// Where a layer that grows does not lead back to what the one that it mirrors was given
function parted(layers, sizes) {
  const down = [];
  for (let i = 0; i + 1 < sizes.length; i++) {
    const [before, after] = [sizes[i], sizes[i + 1]];
    if (after < before) down.push([layers[i], before]);
    else if (after > before && down.length) {
      const [mirrored, given] = down.pop();
      if (after !== given) {
        return `Line ${layers[i].line} gives ${after} where line ${mirrored.line} was given ${given}.`;
      }
    }
  }
  return null;
}

// [parameter, value, cost] of each small change of a layer along an axis
function changesOf(layer, axis) {
  if (!["conv", "transpose", "pool", "keras conv", "keras transpose"].includes(layer.kind)) return [];
  return GENTLE.flatMap((parameter, gentle) => {
    if (parameter === "output_padding" && !layer.kind.endsWith("transpose")) return [];
    let now;
    try {
      now = valueAt(layer, parameter, axis);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return []; // no number, which the chain tells of: nothing to move
    }
    if (PADDINGS.includes(now)) return [[parameter, PADDINGS[1 - PADDINGS.indexOf(now)], gentle + 1]];
    const far = Array.from({ length: 2 * REACH + 1 }, (_, i) => i - REACH).filter((step) => step);
    return far.map((step) => [parameter, now + step, gentle + Math.abs(step)]);
  });
}

// "index parameter" -> { index, parameter, cost, value } of the changes that lead to a size
function solutionsOf(layers, { axis, n, sizes }, wanted) {
  const found = {};
  layers.slice(0, sizes.length).forEach((layer, index) => {
    for (const [parameter, value, cost] of changesOf(layer, axis)) {
      const key = `${index} ${parameter}`;
      if (cost >= (found[key]?.cost ?? Infinity)) continue;
      const changed = layers.with(index, layer.changed(parameter, value));
      if (follow(changed, axis, n).end === wanted) found[key] = { index, parameter, cost, value };
    }
  });
  return found;
}

// The layers, each that grows changed, if need be, to lead back to what its mirror was given
function mirrored(layers, axis, start) {
  const [changed, down] = [[...layers], []];
  const after = (layer, n) => follow([layer], axis, n).end;
  let n = start;
  for (let index = 0; index < layers.length && n !== null; index++) {
    const layer = layers[index];
    const [before, y] = [n, after(layer, n)];
    n = y;
    if (y !== null && y < before) down.push(before);
    if (y === null || y <= before || !down.length) continue;
    const given = down.pop();
    if (y === given) continue;
    const changes = changesOf(layer, axis).toSorted((p, q) => p[2] - q[2]);
    const each = changes.map(([parameter, value]) => layer.changed(parameter, value));
    changed[index] = each.find((one) => after(one, before) === given) ?? layer;
    n = after(changed[index], before);
  }
  return changed;
}

// The one repair, if there is one, that changes more layers than one: those of a decoder
function repairOfSeveral(layers, tracks, goals) {
  const several = mirrored(layers, 0, tracks[0].n);
  const changed = several.filter((layer, index) => layer !== layers[index]);
  const leads = tracks.every(({ axis, n }) => follow(several, axis, n).end === goals[axis]);
  const written = changed.map((layer) => `line ${layer.line}: ${layer}`).join("; ");
  return leads && changed.length > 1 ? [written] : [];
}

function repairsOf(layers, tracks, goals) {
  const wrong = tracks.filter(({ axis, end }) => end !== goals[axis]);
  if (!wrong.length) return [];
  const solutions = Object.fromEntries(
    wrong.map((track) => [track.axis, solutionsOf(layers, track, goals[track.axis])]),
  );
  const each = Object.values(solutions);
  const shared = Object.keys(each[0]).filter((key) => each.every((found) => key in found));
  const ranked = shared.map((key) => {
    const { index, parameter } = each[0][key];
    return { key, index, parameter, cost: each.reduce((total, found) => total + found[key].cost, 0) };
  });
  const place = ({ parameter }) => GENTLE.indexOf(parameter);
  ranked.sort((p, q) => p.cost - q.cost || q.index - p.index || place(p) - place(q));
  const repairs = ranked.map(({ key, index, parameter }) => {
    const now = (axis) => valueAt(layers[index], parameter, axis);
    const values = goals.map((_, axis) => solutions[axis]?.[key].value ?? now(axis));
    const value = new Set(values).size === 1 ? values[0] : values;
    return `line ${layers[index].line}: ${layers[index].changed(parameter, value)}`;
  });
  repairs.unshift(...repairOfSeveral(layers, tracks, goals));
  if (tracks.every(({ axis, end }) => end !== null && end >= goals[axis])) {
    repairs.splice(REPAIRS - 1, 0, `at the end: y = y[..., ${goals.map((size) => `:${size}`).join(", ")}]`);
  }
  return repairs.slice(0, REPAIRS);
}

function rankOf(layers, sizes) {
  const told = new Map();
  for (const layer of layers) if (layer.rank) told.set(layer.rank, layer);
  const [one, other] = told.values();
  if (other) {
    const got = `${one.name} and ${other.name}`;
    throw new RangeError(`all layers must have the same axes: got ${got}; use one kind`);
  }
  return one?.rank ?? Math.max(...sizes.map((size) => (Array.isArray(size) ? size.length : 1)));
}

// { layers, sizes, formulas, problem, parted, wanted, repairs } of text, as fix_shape in Python
export function fixShape(text, n, wanted = null) {
  const layers = readLayers(text);
  const rank = rankOf(layers, [n, wanted]);
  const each = (size) => (Array.isArray(size) ? size : Array(rank).fill(size));
  const goals = wanted === null ? null : each(wanted);
  const tracks = each(n).map((start, axis) => follow(layers, axis, start));
  const reached = Math.min(...tracks.map(({ sizes }) => sizes.length));
  const at = (name, i) => tracks.map((track) => track[name][i]);
  return {
    layers,
    sizes: Array.from({ length: reached }, (_, i) => at("sizes", i)),
    formulas: Array.from({ length: reached - 1 }, (_, i) => [...new Set(at("formulas", i))].join(" and ")),
    problem: tracks.map(({ problem }) => problem).find(Boolean) ?? null,
    parted: tracks.map(({ sizes }) => parted(layers, sizes)).find(Boolean) ?? null,
    wanted: goals,
    repairs: goals ? repairsOf(layers, tracks, goals) : [],
  };
}
