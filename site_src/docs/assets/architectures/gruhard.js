/* GRU of Keras before version 2.3: that of grubefore.js, but for
     r, z = hard(W_i. x + b_i. + W_h. h + b_h.)         hard(x) = min(1, max(0, 0.2 x + 0.5)) */
"use strict";

galleryArchitectures.gruhard = { like: "grubefore", gates: "hard" };
