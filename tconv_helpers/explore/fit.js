// How large a cell is, so that the pictures fit: pure functions, no page.

export const BASE = 34; // pixels of a cell where there is room
export const LETTER = 11; // pixels: no letter is smaller
const LEGIBLE = 17; // pixels of a cell, below which the pictures rather grow in height
// Pixels: of a caption of two lines, between views, between columns, of a column at least, and below which a
// page is a phone's. explore.css has the same gaps and the same width of a phone.
const [CAPTION, BELOW, BETWEEN, COLUMN, NARROW] = [46, 12, 24, 230, 640];

// The pixels of a cell in each column of views, and of each column's width. columns: [{ wide, tall, views }],
// their sizes in cells; width: what there is; high: what is to be used in height, and what may be used.
export function fitted(columns, width, [high, highest]) {
  const byHeight = columns.map(({ tall, views }) => {
    const inside = (pixels) => (pixels - views * CAPTION - (views - 1) * BELOW) / tall;
    return Math.min(BASE, Math.max(inside(high), Math.min(inside(highest), LEGIBLE)));
  });
  if (width < NARROW) {
    return columns.map(({ wide }) => ({ cell: Math.min(BASE, width / wide), pixels: width }));
  }
  const room = width - BETWEEN * (columns.length - 1);
  const least = Math.min(COLUMN, room / columns.length);
  const used = (top) => columns.map(({ wide }, j) => Math.max(least, wide * Math.min(byHeight[j], top)));
  const top = greatest((each) => used(each).reduce((sum, pixels) => sum + pixels, 0) <= room);
  const pixels = used(top);
  return columns.map((_, j) => ({ cell: Math.min(byHeight[j], top), pixels: pixels[j] }));
}

// The greatest size of a cell with which `fits` holds
function greatest(fits) {
  if (fits(BASE)) return BASE;
  let [low, top] = [0, BASE];
  for (let halving = 0; halving < 12; halving++) {
    const middle = (low + top) / 2;
    if (fits(middle)) low = middle;
    else top = middle;
  }
  return low;
}

// How many characters of the smallest letters fit into a mark in a cell of so many pixels
export const charactersIn = (pixels) => Math.floor((0.86 * pixels) / (0.62 * LETTER));
