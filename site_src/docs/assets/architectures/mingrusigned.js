/* minGRU with a factor from -1 to 1 (Feng et al. 2024, Grazzi et al. 2024), tensors in the order
   W_z b_z W_n b_n:
     z = sigmoid(W_z x + b_z)        update gate: 0 keeps, a half renews, 1 changes sides
     n = W_n x + b_n                 candidate
     h' = (1 - 2 z) * h + 2 z * n */
"use strict";

galleryArchitectures.mingrusigned = ({ affine, sigmoid }) => ({
  weights: (width, H) => ({ wz: [H, width], bz: [H], wn: [H, width], bn: [H] }),
  states: { h: (h) => h },
  signals: ["z", "n"],

  input: (w, x) => ({ z: affine(w.wz, x, w.bz).map(sigmoid), n: affine(w.wn, x, w.bn) }),

  step(w, input, last, now) {
    now.z.set(input.z);
    now.n.set(input.n);
    for (let k = 0; k < now.h.length; k += 1) {
      const z = 2 * input.z[k];
      now.h[k] = (1 - z) * last.h[k] + z * input.n[k];
    }
  },
});
