/* sLSTM (Beck et al. 2024, xLSTM), rows of the matrices in the order i f z o:
     I, F, Z, O = W x + b + R h                            a block of rows each
     f, i = sigmoid(F) n, exp(I); n' = f + i               kept as n exp(-m), so nothing overflows
     f, i = f / n', i / n'           forget and input gate, together 1
     z, o = tanh(Z), sigmoid(O)      cell input and output gate
     c' = f * c + i * z              what the paper writes c / n
     h' = o * c' */
"use strict";

galleryArchitectures.slstm = ({ affine, sigmoid }) => ({
  weights: (width, H) => ({ wi: [4 * H, width], wh: [4 * H, H], bi: [4 * H], bh: [4 * H] }),
  states: { h: (h) => h, c: (c) => c, n: (n) => n, m: (m) => m },
  signals: ["i", "f", "z", "o"],

  input: (w, x) => affine(w.wi, x, w.bi),

  step(w, input, last, now) {
    const past = affine(w.wh, last.h, w.bh);  // [4H]
    const H = now.h.length;
    for (let k = 0; k < H; k += 1) {
      const [I, F, Z, O] = [0, 1, 2, 3].map((block) => input[block * H + k] + past[block * H + k]);
      const kept = last.n[k] > 0 ? last.m[k] - Math.log1p(Math.exp(-F)) : I;
      const top = Math.max(kept, I);
      const old = last.n[k] * Math.exp(kept - top), fresh = Math.exp(I - top), n = old + fresh;
      now.n[k] = n;
      now.m[k] = top;
      now.f[k] = old / n;
      now.i[k] = fresh / n;
      now.z[k] = Math.tanh(Z);
      now.o[k] = sigmoid(O);
      now.c[k] = now.f[k] * last.c[k] + now.i[k] * now.z[k];
      now.h[k] = now.o[k] * now.c[k];
    }
  },

  /* A cell is held where it is, and h follows. */
  hold(now, k, state, shown) {
    now[state][k] = shown;
    if (state === "c") now.h[k] = now.o[k] * shown;
  },
});
