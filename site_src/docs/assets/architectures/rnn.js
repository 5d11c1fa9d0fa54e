/* RNN, as PyTorch's nn.RNN:
     h' = tanh(W_i x + b_i + W_h h + b_h) */
"use strict";

galleryArchitectures.rnn = ({ affine }) => ({
  weights: (width, H) => ({ wi: [H, width], wh: [H, H], bi: [H], bh: [H] }),
  states: { h: (h) => h },
  signals: [],

  input: (w, x) => affine(w.wi, x, w.bi),

  step(w, input, last, now) {
    const past = affine(w.wh, last.h, w.bh);
    for (let k = 0; k < now.h.length; k += 1) now.h[k] = Math.tanh(input[k] + past[k]);
  },
});
