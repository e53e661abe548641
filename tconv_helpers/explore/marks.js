// Marks, each a line of SVG text. Positions in a view are counted in cells of U units, columns to the right,
// rows down.

import MARKS from "../marks.json" with { type: "json" };
import { indexed, minus } from "./words.js";

export const U = 40;
const LONGEST = 4; // characters that a mark has letters of a size of their own for

// The tag and its outline, by the reach from the centre to a side, a corner or the rim
const FORMS = {
  square: (r) => `rect x="${-r}" y="${-r}" width="${2 * r}" height="${2 * r}"`,
  diamond: (r) => `path d="M0 ${-r} ${r} 0 0 ${r} ${-r} 0Z"`,
  circle: (r) => `circle r="${r}"`,
  cross: (r) => `path d="M${-r} ${-r} ${r} ${r}M${-r} ${r} ${r} ${-r}"`,
};

function shape(name, kind = "shape") {
  if (!(name in MARKS.shapes)) return ""; // empty
  const { form, reach } = MARKS.shapes[name];
  return `<${FORMS[form](reach * U)} class="${kind}"/>`;
}

export const lit = (yes) => (yes ? "lit" : "faint");

const placed = (column, row) => `translate(${column * U} ${row * U})`;

// Of a number: how many characters it has, and its size, which is a shade where they do not fit
function numeral(text) {
  const length = Math.min(text.replace("_", "").length, LONGEST);
  return { length, value: Math.abs(Number(text.replace("−", "-"))) || 0 };
}

// { kind: [characters of the longest, the largest] } of the numbers in a drawing
export function numbersIn(body) {
  const kinds = {};
  for (const [, kind, text] of body.matchAll(/class="mark (\w+)[^\n]*<text dy="0.35em">(−?[\d.]+)</g)) {
    const [longest, most] = kinds[kind] ?? [0, 0];
    kinds[kind] = [Math.max(longest, text.length), Math.max(most, numeral(text).value)];
  }
  return kinds;
}

// kind: input, kernel, output, entry (of a matrix) or empty; is: states of marks.json, as "lit extra";
// at: the index that pointing at the mark selects, where it selects one; from: in a motion, the [column, row]
// that it comes from, or [] for nowhere
export function mark(kind, column, row, text, { is = "", at = null, strength = null, from = null } = {}) {
  text = minus(text);
  const { length, value } = numeral(text);
  const states = is.split(" ").map((name) => MARKS.states[name]);
  const some = (what, drawn) => (states.some((state) => state?.[what]) ? drawn : "");
  const on = some("ringed", shape("ring", "ring")) + some("crossed", shape("cross", "cross"));
  const below = text[0] === "−" && length > 1 ? '<path class="below" d="M-8 0H8"/>' : "";
  const style = (strength === null ? "" : `--strength:${strength};`) + (value ? `--value:${value}` : "");
  return (
    `<g class="mark ${kind} ${is}${some("dashed", " dashed")} long${length}"` +
    ` transform="${placed(column, row)}"${at === null ? "" : ` data-at="${at}"`}` +
    `${from === null ? "" : ` data-from="${from.map((v) => v * U).join(" ")}"`}` +
    `${style ? ` style="${style}"` : ""}>` +
    `${shape(kind)}${on}<text dy="0.35em">${indexed(text)}</text>${below}</g>\n`
  );
}

// A matrix entry that holds entry a of the kernel's m, from 0: the later, the darker; a dot where a is -1
export function matrixEntry(column, row, value, { a, m, is, at, from }) {
  if (a < 0) return mark("empty", column, row, "·", { is, at, from });
  return mark("entry", column, row, value, { is, at, from, strength: 0.25 + (0.75 * (a + 1)) / m });
}

// A small mark without a number, for a plot
export function point(kind, column, row, size) {
  const place = `${placed(column, row)} scale(${size})`;
  return `<g class="mark ${kind} point" transform="${place}">${shape(kind)}</g>\n`;
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
