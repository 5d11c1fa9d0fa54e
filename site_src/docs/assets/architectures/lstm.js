/* LSTM, as PyTorch's nn.LSTM; rows of the matrices in the order i f g o:
     i, f, o = sigmoid(W_i. x + b_i. + W_h. h + b_h.)   input, forget and output gate
     g = tanh(W_ig x + b_ig + W_hg h + b_hg)            candidate
     c' = f * c + i * g
     h' = o * tanh(c') */
"use strict";

galleryArchitectures.lstm = ({ affine, opened }) => ({
  weights: (width, H) => ({ wi: [4 * H, width], wh: [4 * H, H], bi: [4 * H], bh: [4 * H] }),
  states: { h: (h) => h, c: Math.tanh },
  signals: ["i", "f", "g", "o"],

  input: (w, x) => affine(w.wi, x, w.bi),

  step(w, input, last, now) {
    const past = affine(w.wh, last.h, w.bh);  // [4H]
    const { i, f, g, o, c, h } = now, H = h.length;
    for (let k = 0; k < H; k += 1) {
      i[k] = opened(input[k] + past[k]);
      f[k] = opened(input[H + k] + past[H + k]);
      g[k] = Math.tanh(input[2 * H + k] + past[2 * H + k]);
      o[k] = opened(input[3 * H + k] + past[3 * H + k]);
      c[k] = f[k] * last.c[k] + i[k] * g[k];
      h[k] = o[k] * Math.tanh(c[k]);
    }
  },

  /* A cell is held where tanh(c) is what is shown, short of the infinite, and h follows. */
  hold(now, k, state, shown) {
    const value = state === "c" ? Math.max(-0.9999, Math.min(0.9999, shown)) : shown;
    if (state === "c") now.c[k] = Math.atanh(value);
    now.h[k] = state === "c" ? now.o[k] * value : value;
  },
});
