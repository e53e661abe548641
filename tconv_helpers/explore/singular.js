// What a matrix does to lengths, for the explorers: pure functions, no page.

import { inner, transpose } from "./operator.js";

// The singular values of A, the greatest first: turn pairs of columns of A (or of A.T, where they are fewer)
// until all are at right angles; then their lengths are the singular values (one-sided Jacobi).
export function singularValues(A) {
  const columns = A[0].length > A.length ? A.map((row) => [...row]) : transpose(A);
  const nothing = 1e-26 * columns.reduce((sum, column) => sum + inner(column, column), 0);
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let b = 1; b < columns.length; b++) {
      for (let a = 0; a < b; a++) {
        const [p, q] = [columns[a], columns[b]];
        const [pp, qq, pq] = [inner(p, p), inner(q, q), inner(p, q)];
        if (Math.abs(pq) <= 1e-15 * Math.sqrt(pp * qq) + nothing) continue;
        turned = true;
        const zeta = (qq - pp) / (2 * pq);
        const tan = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cos = 1 / Math.hypot(1, tan);
        for (let r = 0; r < p.length; r++) {
          [p[r], q[r]] = [cos * (p[r] - tan * q[r]), cos * (tan * p[r] + q[r])];
        }
      }
    }
  }
  return columns.map((column) => Math.hypot(...column)).sort((a, b) => b - a);
}
