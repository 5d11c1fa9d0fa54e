/* GRU with the reset gate before the product (Cho et al. 2014; Keras: reset_after=False); rows of the
   matrices in the order r z n:
     r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)         reset gate
     z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)         update gate: 1 keeps
     n = tanh(W_in x + b_in + W_hn (r * h) + b_hn)      candidate
     h' = (1 - z) * n + z * h */
"use strict";

galleryArchitectures.grubefore = ({ affine, opened }) => ({
  weights: (width, H) => ({ wi: [3 * H, width], wh: [3 * H, H], bi: [3 * H], bh: [3 * H] }),
  states: { h: (h) => h },
  signals: ["r", "z", "n"],

  input: (w, x) => affine(w.wi, x, w.bi),

  step(w, input, last, now) {
    const { r, z, n, h } = now, H = h.length;
    const gates = affine(w.wh.subarray(0, 2 * H * H), last.h, w.bh.subarray(0, 2 * H));  // [2H]
    const kept = new Float32Array(H);
    for (let k = 0; k < H; k += 1) {
      r[k] = opened(input[k] + gates[k]);
      z[k] = opened(input[H + k] + gates[H + k]);
      kept[k] = r[k] * last.h[k];
    }
    const past = affine(w.wh.subarray(2 * H * H), kept, w.bh.subarray(2 * H));  // [H]
    for (let k = 0; k < H; k += 1) {
      n[k] = Math.tanh(input[2 * H + k] + past[k]);
      h[k] = (1 - z[k]) * n[k] + z[k] * last.h[k];
    }
  },
});
