// Marks, each a line of SVG text. Positions in a view are counted in cells of U units, columns to the right,
// rows down.

import { indexed, minus } from "./words.js";

export const U = 40;

const SHAPES = {
  input: '<rect class="shape" x="-17" y="-17" width="34" height="34"/>',
  kernel: '<path class="shape" d="M0-19.5 19.5 0 0 19.5-19.5 0Z"/>',
  output: '<circle class="shape" r="18"/>',
  entry: '<rect class="shape" x="-18.5" y="-18.5" width="37" height="37"/>',
  empty: "",
};

export const lit = (yes) => (yes ? "lit" : "faint");

const placed = (column, row) => `translate(${column * U} ${row * U})`;

// kind: input, kernel, output, entry (of a matrix) or empty; is: lit, faint, "lit extra", "faint extra",
// ghost, cropped, or removed (a matrix row that padding crops);
// at: the index that pointing at the mark selects, where it selects one
export function mark(kind, column, row, text, { is = "", at = null, strength = null } = {}) {
  text = minus(text);
  const size = [26, 26, 23, 18, 14][Math.min(text.length, 4)];
  const ring = / extra/.test(is) ? '<circle class="ring" r="14.5"/>' : "";
  const cross = is === "cropped" ? '<path class="cross" d="M-12-12 12 12M-12 12 12-12"/>' : "";
  return (
    `<g class="mark ${kind} ${is}" transform="${placed(column, row)}"` +
    `${at === null ? "" : ` data-at="${at}"`}${strength === null ? "" : ` style="--strength:${strength}"`}>` +
    `${SHAPES[kind]}${ring}${cross}<text font-size="${size}" dy="0.35em">${indexed(text)}</text></g>\n`
  );
}

// A matrix entry that holds entry a of the kernel's m, from 0: the later, the darker; a dot where a is -1
export function matrixEntry(column, row, value, { a, m, is, at }) {
  if (a < 0) return mark("empty", column, row, "·", { is, at });
  return mark("entry", column, row, value, { is, at, strength: 0.25 + (0.75 * (a + 1)) / m });
}

// A small mark without a number, for a plot
export function point(kind, column, row, size) {
  const place = `${placed(column, row)} scale(${size})`;
  return `<g class="mark ${kind} point" transform="${place}">${SHAPES[kind]}</g>\n`;
}

// Pixels without numbers, all of one strength from 0 to 1; places: [column, row]
export function pixels(places, strength) {
  const corners = places.map(([column, row]) => `M${(column - 0.5) * U} ${(row - 0.5) * U}h${U}v${U}h-${U}z`);
  return `<path class="pixels" style="--strength:${strength}" d="${corners.join("")}"/>\n`;
}

export function line(x1, y1, x2, y2, kind = "") {
  return `<line class="line ${kind}" x1="${x1 * U}" y1="${y1 * U}" x2="${x2 * U}" y2="${y2 * U}"/>\n`;
}

export function arrow(x1, y1, x2, y2, kind) {
  const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const place = `${placed(x2, y2)} rotate(${turn})`;
  const head = `<path class="arrow ${kind}" d="M0 0-11-5-11 5Z" transform="${place}"/>\n`;
  return line(x1, y1, x2, y2, kind) + head;
}

export function band(column, row, width, height, kind) {
  const box = [column - 0.5, row - 0.5, width, height].map((v) => v * U);
  return `<rect class="band ${kind}" x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}"/>\n`;
}

// A broken line through points, each [column, row]; an area where kind says so
export function path(points, kind) {
  const corners = points.map(([column, row]) => `${(column * U).toFixed(1)} ${(row * U).toFixed(1)}`);
  return `<path class="path ${kind}" d="M${corners.join("L")}"/>\n`;
}

// A letter in italics beside a row, its index low
export function label(text, column, row, kind = "") {
  return `<text class="label ${kind}" x="${column * U}" y="${row * U}" dy="0.35em">${indexed(text)}</text>\n`;
}
