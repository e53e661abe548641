// What a stride does to a kernel: pure functions, no page. Letters are those of upsampling.py;
// tests/browser/ proves both equal for every kernel size and stride that an explorer can be moved to.

// Row r holds k[r], k[r + stride], ...
export function phasesOf(k, stride) {
  return Array.from({ length: stride }, (_, r) => k.filter((_, a) => a % stride === r));
}

// S_r = k[r] + k[r + stride] + ...
export function phaseSums(k, stride) {
  return phasesOf(k, stride).map((phase) => phase.reduce((sum, entry) => sum + entry, 0));
}

// The size of the kernel's frequency response at f, in turns a row: |sum_a k_a exp(-2 pi i f (a-1))|.
// A stride folds it: rows of A see the root mean square of the responses at (f + t) / stride, t from 0 to
// stride - 1.
export function frequencyResponse(k, f, stride = 1) {
  const parts = Array.from({ length: stride }, (_, t) => (2 * Math.PI * (f + t)) / stride).flatMap((turn) => [
    k.reduce((sum, entry, a) => sum + entry * Math.cos(turn * a), 0),
    k.reduce((sum, entry, a) => sum + entry * Math.sin(turn * a), 0),
  ]);
  return Math.hypot(...parts) / Math.sqrt(stride);
}

// The triangle of bilinear_kernel in the smallest whole numbers: 1 3 3 1 for stride 2
export function bilinearInWholes(stride) {
  const m = 2 * stride - (stride % 2);
  const unit = stride % 2 ? 1 : 2;
  return Array.from({ length: m }, (_, a) => unit * (stride - Math.abs(a - (m - 1) / 2)));
}

export function icnrKernel(k, stride) {
  return k.flatMap((entry) => Array(stride).fill(entry));
}
