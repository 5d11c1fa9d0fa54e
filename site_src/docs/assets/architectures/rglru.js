/* RG-LRU in its block (De et al. 2024, Griffin), tensors in the order W_v b_v W_r b_r W_i b_i
   decay W_u b_u W_o b_o:
     v = W_v x + b_v                 input of the recurrence
     r, i = sigmoid(W_r v + b_r), sigmoid(W_i v + b_i)     recurrence gate and input gate
     a = sigmoid(decay) ^ (8 r)      share that is kept
     h' = a * h + sqrt(1 - a^2) * (i * v)
     u = gelu(W_u x + b_u)           the other branch
     y = x + W_o (u * h') + b_o      read above; x only where it has the size of h */
"use strict";

galleryArchitectures.rglru = ({ affine, sigmoid }) => {
  /* erf by its series, or by the continued fraction of erfc where x is large. */
  const erf = (x) => {
    const size = Math.abs(x), scale = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
    let sum = 0;
    if (size < 2.5) {
      for (let n = 0, term = size; n < 60; n += 1) {
        sum += term;
        term *= 2 * size * size / (2 * n + 3);
      }
      return Math.sign(x) * scale * sum;
    }
    for (let n = 60; n > 0; n -= 1) sum = n / 2 / (size + sum);
    return Math.sign(x) * (1 - scale / 2 / (size + sum));
  };
  const gelu = (x) => x / 2 * (1 + erf(x / Math.SQRT2));

  return {
    weights: (width, H) => ({
      wv: [H, width], bv: [H], wr: [H, H], br: [H], wi: [H, H], bi: [H], decay: [H],
      wu: [H, width], bu: [H], wo: [H, H], bo: [H],
    }),
    states: { h: (h) => h },
    signals: ["r", "i", "a", "v"],

    input(w, x) {
      const v = affine(w.wv, x, w.bv);
      const r = affine(w.wr, v, w.br).map(sigmoid), i = affine(w.wi, v, w.bi).map(sigmoid);
      const logarithm = r.map((open, k) => -8 * open * Math.log1p(Math.exp(-w.decay[k])));
      const a = logarithm.map(Math.exp), u = affine(w.wu, x, w.bu).map(gelu);
      const added = v.map((value, k) =>
        Math.sqrt(-Math.expm1(2 * logarithm[k])) * i[k] * value);
      return { r, i, a, v, u, x, added };
    },

    step(w, input, last, now) {
      for (const name of ["r", "i", "a", "v"]) now[name].set(input[name]);
      for (let k = 0; k < now.h.length; k += 1) {
        now.h[k] = input.a[k] * last.h[k] + input.added[k];
      }
    },

    output(w, input, now) {
      const y = affine(w.wo, input.u.map((u, k) => u * now.h[k]), w.bo);
      return input.x.length === y.length ? y.map((value, k) => value + input.x[k]) : y;
    },
  };
};
