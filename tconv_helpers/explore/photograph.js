// A photograph, and views of what an operator makes of square images: see photograph.py.

import { make } from "./elements.js";
import PHOTOGRAPH from "./photograph.json" with { type: "json" };
import { square } from "./plane.js";
import { frame } from "./views.js";

const ZOOM = 2; // screen pixels of each pixel: with a part of one, stripes would be seen that are not there

// The rows of a square image of bytes
export function rowsOf(base64, size = PHOTOGRAPH.size) {
  const bytes = atob(base64);
  return square(size, (u, v) => bytes.charCodeAt(size * u + v));
}

export const photograph = rowsOf(PHOTOGRAPH.grey);
export const CREDIT = PHOTOGRAPH.credit;

// The middle of an image in grey levels, row by row, from its least number, black, to its greatest, white
export function seen(image) {
  const start = Math.floor(Math.max(0, image.length - PHOTOGRAPH.window) / 2);
  const end = start + Math.min(image.length, PHOTOGRAPH.window);
  const middle = image.slice(start, end).flatMap((row) => row.slice(start, end));
  const [least, most] = [Math.min(...middle), Math.max(...middle)];
  return middle.map((value) => Math.floor((255 * (value - least)) / (most - least || 1) + 0.5));
}

// A canvas of grey levels, as large as the image that is seen
function picture(word) {
  const canvas = make("canvas", { width: 0, height: 0 });
  const paint = (image) => {
    const levels = seen(image);
    const size = Math.sqrt(levels.length);
    [canvas.width, canvas.height, canvas.style.width] = [size, size, `${ZOOM * size}px`];
    const context = canvas.getContext("2d");
    const shown = context.createImageData(size, size);
    new Uint32Array(shown.data.buffer).set(levels.map((level) => 0xff000000 | (level * 0x010101)));
    context.putImageData(shown, 0, 0);
  };
  const below = word ? [make("i", {}, word)] : [];
  return { element: make("div", { class: "picture" }, canvas, ...below), paint };
}

// A view of pictures, each with its word below. It is shown { of, images(), alt }: the images are made again
// only when `of`, what they are made of, is another.
export const pictures = (...words) => (stage, settings) => {
  const each = words.map(picture);
  const row = make("div", { class: "pictures" }, ...each.map(({ element }) => element));
  const { element, tell } = frame(stage, settings, row);
  let shown = null;
  const show = ({ of, images, alt }) => {
    const key = JSON.stringify(of);
    if (key === shown) return;
    shown = key;
    images().forEach((image, i) => each[i].paint(image));
    tell(alt);
  };
  return { element, show };
};
