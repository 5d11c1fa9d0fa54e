/* minLSTM (Feng et al. 2024), tensors in the order W_f b_f W_i b_i W_n b_n:
     p, q = sigmoid(W_f x + b_f), sigmoid(W_i x + b_i)
     f, i = p / (p + q), q / (p + q) forget and input gate, together 1
     n = W_n x + b_n                 candidate
     h' = f * h + i * n */
"use strict";

galleryArchitectures.minlstm = ({ affine, sigmoid }) => ({
  weights: (width, H) => ({
    wf: [H, width], bf: [H], wi: [H, width], bi: [H], wn: [H, width], bn: [H],
  }),
  states: { h: (h) => h },
  signals: ["f", "i", "n"],

  input(w, x) {
    const p = affine(w.wf, x, w.bf).map(sigmoid), q = affine(w.wi, x, w.bi).map(sigmoid);
    return { f: p.map((open, k) => open / (open + q[k])),
      i: q.map((open, k) => open / (open + p[k])), n: affine(w.wn, x, w.bn) };
  },

  step(w, input, last, now) {
    for (const name of ["f", "i", "n"]) now[name].set(input[name]);
    for (let k = 0; k < now.h.length; k += 1) {
      now.h[k] = input.f[k] * last.h[k] + input.i[k] * input.n[k];
    }
  },
});
