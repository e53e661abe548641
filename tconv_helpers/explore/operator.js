// The operator for the explorers: pure functions, no page. Letters and checks are those of shapes.py and
// definition.py; tests/browser/ proves both equal for every combination that an explorer can be moved to.

const LEAST = { n: 1, m: 1, stride: 1, dilation: 1, padding: 0, output_padding: 0 };

function check(sizes) {
  for (const [name, value] of Object.entries(sizes)) {
    if (value < LEAST[name]) {
      throw new RangeError(
        `${name} must be at least ${LEAST[name]}: got ${name}=${value}; use ${LEAST[name]} or more`,
      );
    }
  }
}

export function convOutputSize(n, m, { stride = 1, padding = 0, dilation = 1 } = {}) {
  check({ n, m, stride, padding, dilation });
  const span = dilation * (m - 1) + 1;
  const room = n + 2 * padding;
  if (span > room) {
    throw new RangeError(
      `the kernel must fit into the padded input: got a kernel that spans ${span} samples ` +
        `(m=${m}, dilation=${dilation}) over ${room} (n=${n}, padding=${padding}); ` +
        "use a smaller kernel or more padding",
    );
  }
  return Math.floor((room - span) / stride) + 1;
}

export function convTransposeOutputSize(n, m, settings = {}) {
  const { stride = 1, padding = 0, output_padding = 0, dilation = 1 } = settings;
  check({ n, m, stride, padding, output_padding, dilation });
  const bound = Math.max(stride, dilation);
  if (output_padding >= bound) {
    const allowed = { 1: "0", 2: "0 or 1" }[bound] ?? `0 to ${bound - 1}`;
    throw new RangeError(
      "output_padding must be smaller than stride or dilation: " +
        `got output_padding=${output_padding}, stride=${stride}, dilation=${dilation}; use ${allowed}`,
    );
  }
  const size = (n - 1) * stride - 2 * padding + dilation * (m - 1) + output_padding + 1;
  if (size < 1) {
    const full = size + 2 * padding;
    throw new RangeError(
      `padding must leave at least one output sample: got padding=${padding}, which crops ` +
        `${2 * padding} of ${full}; use at most ${Math.floor((full - 1) / 2)}`,
    );
  }
  return size;
}

// Output i of a convolution reads sample u through kernel entry a where u = stride i + dilation a - padding,
// all from 0; in the transpose, input i reaches output u. Every view has this rule from here.
export function sampleAt(i, a, { stride = 1, padding = 0, dilation = 1 } = {}) {
  return stride * i + dilation * a - padding;
}

// The a, of a kernel of m, that ties u to i; -1 where none does
export function tapAt(u, i, m, settings = {}) {
  const a = (u - sampleAt(i, 0, settings)) / (settings.dilation ?? 1);
  return Number.isInteger(a) && a >= 0 && a < m ? a : -1;
}

// True where sample p, of `full` with padding, is padding: conv adds it, the transpose crops it.
export const inPadding = (p, full, { padding = 0 } = {}) => p < padding || p >= full - padding;

// sum_r p_r q_r
export const inner = (p, q) => p.reduce((sum, value, r) => sum + value * q[r], 0);

export const transpose = (A) => A[0].map((_, u) => A.map((row) => row[u]));

// y_i = sum_a x_{stride (i-1) + dilation (a-1) + 1 - padding} k_a
export function conv(x, k, settings = {}) {
  const read = (i) => k.map((_, a) => x[sampleAt(i, a, settings)] ?? 0);
  return Array.from({ length: convOutputSize(x.length, k.length, settings) }, (_, i) => inner(read(i), k));
}

// The terms x_i k_a of each output y_u
export function termsOf(n, m, settings = {}) {
  return Array.from({ length: convTransposeOutputSize(n, m, settings) }, (_, u) =>
    Array.from({ length: n }, (_, i) => ({ i, a: tapAt(u, i, m, settings) })).filter(({ a }) => a >= 0),
  );
}

// View 1: each sample stamps the kernel, overlaps are summed.
export function convTranspose(x, k, settings = {}) {
  const terms = termsOf(x.length, k.length, settings);
  return terms.map((each) => each.reduce((sum, { i, a }) => sum + x[i] * k[a], 0));
}

// View 2: z, x with zeros between and around; y = conv(z, k reversed). from: the index of each sample, -1 for
// an inserted zero.
export function zeroInserted(x, m, settings = {}) {
  const reach = sampleAt(0, m - 1, { dilation: settings.dilation });
  const from = Array(convTransposeOutputSize(x.length, m, settings) + reach).fill(-1);
  for (let i = 0; i < x.length; i++) {
    const v = sampleAt(i, m - 1, settings);
    if (v in from) from[v] = i;
  }
  return { z: from.map((i) => x[i] ?? 0), from };
}

// View 3: A of x -> conv(x, k), rows by columns
export function convMatrix(k, n, settings = {}) {
  const rows = convOutputSize(n, k.length, settings);
  const entry = (i, u) => k[tapAt(u, i, k.length, settings)] ?? 0;
  return Array.from({ length: rows }, (_, i) => Array.from({ length: n }, (_, u) => entry(i, u)));
}

// dx_u = sum_i dy_i k_{u-i+1}: the gradient of conv at stride 1 is its transpose.
export const convDx = (dy, k) => convTranspose(dy, k);
