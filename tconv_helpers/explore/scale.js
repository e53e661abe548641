// One scale while a slider moves: the pictures are as large as the largest that this slider can make them.

import { BASE, fitted } from "./fit.js";

const UNTOLD = 960; // pixels, until the page has said how wide it is

export class Scale {
  width = UNTOLD;
  slider = null; // that was moved last: [least, most, (state, value) -> changes]
  known = { key: null }; // of that slider, with the reach of its views

  // columns: of each the names of its views; alike: of those whose cells are equally large; high: pixels in
  // height, to be used and at most; index: the name of what is chosen, which changes what is lit and hardly a
  // size
  constructor(columns, alike, high, index) {
    Object.assign(this, { columns, alike, high, index });
  }

  hold(slider) {
    if (slider !== this.slider) this.known = { key: null };
    this.slider = slider;
  }

  // { name: { cell, pixels } }: how large cells are in a view, and how wide its column is. drawn: the views
  // as they are now; imagined(state): as they would be in another state, or null where that has none
  of(state, drawn, imagined) {
    const reach = this.reach(state, drawn, imagined);
    const columns = this.columns.map((names) => ({
      wide: Math.max(...names.map((name) => reach[name].wide)),
      tall: names.reduce((sum, name) => sum + reach[name].tall, 0),
      views: names.length,
    }));
    const fit = fitted(columns, this.width, this.high);
    const sizes = Object.fromEntries(this.columns.flatMap((names, j) => names.map((name) => [name, fit[j]])));
    const cell = Math.min(...this.alike.map((name) => sizes[name].cell));
    for (const name of this.alike) sizes[name] = { ...sizes[name], cell };
    return sizes;
  }

  reach(state, drawn, imagined) {
    const names = this.columns.flat();
    if (this.slider === null) return extents(names, [drawn]);
    const [least, most, changes] = this.slider;
    const at = (value) => ({ ...state, ...changes(state, value) });
    const key = JSON.stringify({ ...at(least), [this.index]: null });
    if (this.known.key !== key) {
      const values = Array.from({ length: most - least + 1 }, (_, i) => least + i);
      const each = values.map((value) => imagined(at(value))).filter(Boolean);
      this.known = { key, reach: extents(names, [drawn, ...each]) };
    }
    return largest(names, [this.known.reach, extents(names, [drawn])]);
  }
}

// { name: { wide, tall } } of the views of these names, the largest of each, in cells
function extents(names, drawings) {
  const inCells = ({ left, right, top = 0, bottom, cell = BASE }) => ({
    wide: ((right - left + 1) * cell) / BASE,
    tall: ((bottom - top + 1) * cell) / BASE,
  });
  const inOne = (drawn) => Object.fromEntries(names.map((name) => [name, inCells(drawn[name])]));
  return largest(names, drawings.map(inOne));
}

function largest(names, reaches) {
  const most = (name, side) => Math.max(...reaches.map((reach) => reach[name][side]));
  return Object.fromEntries(names.map((n) => [n, { wide: most(n, "wide"), tall: most(n, "tall") }]));
}
