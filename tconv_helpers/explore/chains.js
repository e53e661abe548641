// Sizes through a chain of layers, and the smallest repairs that lead to a wanted size: chains.py in
// JavaScript, word for word; tests/browser/ proves both equal.

import { readLayers } from "./layers.js";
import { PADDINGS, sizeAfter, valueAt } from "./layersizes.js";

const REPAIRS = 6; // at most so many are told
const REACH = 4; // how far a repair moves a padding or a kernel
const GENTLE = ["output_padding", "padding", "kernel_size"]; // what is changed first

// One axis: its sizes, their formulas, and the sentence on the layer at which it ends early
function follow(layers, axis, n) {
  const [sizes, formulas] = [[n], []];
  for (const layer of layers) {
    try {
      const [size, formula] = sizeAfter(layer, sizes.at(-1), axis);
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
