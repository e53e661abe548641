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

// |sum_a k_a exp(-2 pi i f (a-1))|
export function response(k, f) {
  const part = (wave) => k.reduce((sum, entry, a) => sum + entry * wave(2 * Math.PI * f * a), 0);
  return Math.hypot(part(Math.cos), part(Math.sin));
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
