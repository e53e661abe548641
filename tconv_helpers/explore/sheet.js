// Pictures of n × n pixels on one canvas, in rows, a pixel apart.

import { make } from "./elements.js";

const WIDE = 190; // at most, and each pixel as large as the next

// paint takes a function: of the number of a picture its n * n grey levels, from 0 to 255
export function sheet(count, n, most = WIDE) {
  const columns = Math.ceil(Math.sqrt(count));
  const step = n > 1 ? n + 1 : n;
  const [width, height] = [columns, Math.ceil(count / columns)].map((each) => each * step - (step - n));
  const canvas = make("canvas", { width, height });
  canvas.style.width = `${width * Math.max(1, Math.floor(most / width))}px`;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const paint = (greysOf) => {
    for (let k = 0; k < count; k++) {
      const corner = Math.floor(k / columns) * step * width + (k % columns) * step;
      greysOf(k).forEach((grey, p) => {
        words[corner + Math.floor(p / n) * width + (p % n)] = 0xff000000 | (grey * 0x010101);
      });
    }
    context.putImageData(image, 0, 0);
  };
  return { canvas, paint };
}

// One channel of an image, from its least number, black, to its greatest, white
export function shaded({ n, channels, values }, channel) {
  const one = Array.from({ length: n * n }, (_, p) => values[p * channels + channel]);
  const [least, most] = [Math.min(...one), Math.max(...one)];
  return one.map((value) => Math.round((255 * (value - least)) / (most - least || 1)));
}
