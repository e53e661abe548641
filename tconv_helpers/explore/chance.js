// Random kernels that a seed gives again.

// Numbers from 0 to 1, as many as are asked for (mulberry32)
function numbersOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// `length` whole numbers from least to most
export function drawnFrom(seed, length, [least, most]) {
  const next = numbersOf(seed);
  return Array.from({ length }, () => least + Math.floor((most - least + 1) * next()));
}
