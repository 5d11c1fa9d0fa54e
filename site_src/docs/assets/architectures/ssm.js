/* Selective state space, S6 (Gu and Dao 2023, Mamba): D channels of N = 4 cells, unit 4 d + n;
   tensors in the order W_v b_v W_delta b_delta W_b W_c decay skip W_u b_u W_o b_o:
     v = silu(W_v x + b_v)           step = softplus(W_delta v + b_delta)
     B, C = W_b v, W_c v             N numbers each, for all channels
     a = exp(-step exp(decay))       share that is kept
     b = step B v                    what is added
     h' = a * h + b
     s = sum over n of C h' + skip v
     y = x + W_o (s * silu(W_u x + b_u)) + b_o    read above; x only where it has the size of h */
"use strict";

galleryArchitectures.ssm = ({ affine, sigmoid }) => {
  const N = 4;
  const silu = (x) => x * sigmoid(x);
  const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

  return {
    weights: (width, H) => ({
      wv: [H / N, width], bv: [H / N], wdelta: [H / N, H / N], bdelta: [H / N],
      wb: [N, H / N], wc: [N, H / N], decay: [H / N, N], skip: [H / N],
      wu: [H / N, width], bu: [H / N], wo: [H, H / N], bo: [H],
    }),
    states: { h: (h) => h },
    signals: ["a", "b"],

    input(w, x) {
      const v = affine(w.wv, x, w.bv).map(silu), none = new Float32Array(N);
      const size = affine(w.wdelta, v, w.bdelta).map(softplus), B = affine(w.wb, v, none);
      return { x, v, C: affine(w.wc, v, none), u: affine(w.wu, x, w.bu).map(silu),
        a: w.decay.map((decay, k) => Math.exp(-size[Math.floor(k / N)] * Math.exp(decay))),
        b: w.decay.map((_, k) => size[Math.floor(k / N)] * v[Math.floor(k / N)] * B[k % N]) };
    },

    step(w, input, last, now) {
      now.a.set(input.a);
      now.b.set(input.b);
      for (let k = 0; k < now.h.length; k += 1) now.h[k] = input.a[k] * last.h[k] + input.b[k];
    },

    output(w, input, now) {
      const { x, v, C, u } = input;
      const gated = v.map((value, d) => u[d] * C.reduce(
        (sum, c, n) => sum + c * now.h[d * N + n], w.skip[d] * value));
      const y = affine(w.wo, gated, w.bo);
      return x.length === y.length ? y.map((value, k) => value + x[k]) : y;
    },
  };
};
