/* GRU, as PyTorch's nn.GRU; rows of the matrices in the order r z n:
     r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)         reset gate
     z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)         update gate: 1 keeps
     n = tanh(W_in x + b_in + r * (W_hn h + b_hn))      candidate
     h' = (1 - z) * n + z * h */
"use strict";

galleryArchitectures.gru = ({ affine, sigmoid }) => ({
  weights: (width, H) => ({ wi: [3 * H, width], wh: [3 * H, H], bi: [3 * H], bh: [3 * H] }),
  states: { h: (h) => h },
  signals: ["r", "z", "n"],

  input: (w, x) => affine(w.wi, x, w.bi),

  step(w, input, last, now) {
    const past = affine(w.wh, last.h, w.bh);  // [3H]
    const { r, z, n, h } = now, H = h.length;
    for (let k = 0; k < H; k += 1) {
      r[k] = sigmoid(input[k] + past[k]);
      z[k] = sigmoid(input[H + k] + past[H + k]);
      n[k] = Math.tanh(input[2 * H + k] + r[k] * past[2 * H + k]);
      h[k] = (1 - z[k]) * n[k] + z[k] * last.h[k];
    }
  },
});
