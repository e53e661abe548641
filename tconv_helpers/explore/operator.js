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

// y_i = sum_a x_{stride (i-1) + dilation (a-1) + 1 - padding} k_a
export function conv(x, k, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const y = Array(convOutputSize(x.length, k.length, { stride, padding, dilation })).fill(0);
  for (let i = 0; i < y.length; i++) {
    for (let a = 0; a < k.length; a++) {
      y[i] += (x[stride * i + dilation * a - padding] ?? 0) * k[a];
    }
  }
  return y;
}

// The terms x_i k_a of each output y_u: u = stride (i-1) + dilation (a-1) + 1 - padding, all from 0 here.
export function termsOf(n, m, settings = {}) {
  const { stride = 1, padding = 0, dilation = 1 } = settings;
  const terms = Array.from({ length: convTransposeOutputSize(n, m, settings) }, () => []);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < m; a++) terms[stride * i + dilation * a - padding]?.push({ i, a });
  }
  return terms;
}

// View 1: each sample stamps the kernel, overlaps are summed.
export function convTranspose(x, k, settings = {}) {
  const terms = termsOf(x.length, k.length, settings);
  return terms.map((each) => each.reduce((sum, { i, a }) => sum + x[i] * k[a], 0));
}

// View 2: z, x with zeros between and around; y = conv(z, k reversed). Where z is an inserted zero, from is -1.
export function zeroInserted(x, m, settings = {}) {
  const { stride = 1, padding = 0, dilation = 1 } = settings;
  const reach = dilation * (m - 1);
  const length = convTransposeOutputSize(x.length, m, settings) + reach;
  const from = Array(length).fill(-1);
  for (let i = 0; i < x.length; i++) {
    const v = stride * i + reach - padding;
    if (v >= 0 && v < length) from[v] = i;
  }
  return { z: from.map((i) => (i < 0 ? 0 : x[i])), from };
}

// View 3: A of x -> conv(x, k), rows by columns; A[i][u] = k[(u + padding - stride i) / dilation], else 0.
export function convMatrix(k, n, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const rows = convOutputSize(n, k.length, { stride, padding, dilation });
  const entry = (i, u) => k[(u + padding - stride * i) / dilation] ?? 0;
  return Array.from({ length: rows }, (_, i) => Array.from({ length: n }, (_, u) => entry(i, u)));
}

// dx_u = sum_i dy_i k_{u-i+1}, the gradient of conv at stride 1
export function convDx(dy, k) {
  const dx = Array(dy.length + k.length - 1).fill(0);
  for (let u = 0; u < dx.length; u++) {
    for (let i = 0; i < dy.length; i++) dx[u] += dy[i] * (k[u - i] ?? 0);
  }
  return dx;
}
