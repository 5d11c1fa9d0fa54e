/* The scripts that a page needs, in their order, and no others. */
"use strict";

(() => {
  const { src } = document.currentScript;
  const TEXT = "text=";  // of a visitor's own, in an address
  const NEEDED = [
    ["figure.excerpt[data-unit], #pair", "pointing"],
    ["figure.excerpt[data-unit]", "reader"],
    [".sorts", "tables"],
    ["#explorer, #play[data-model], form[data-drive], #pair", "network"],
    ["#explorer, #play[data-model], #pair", "kernel"],
    ["#explorer", "formula"],
    ["#explorer", "explorer"],
    [".embedded[data-model]", "network", TEXT],
    [".embedded[data-model]", "kernel", TEXT],
    ["#play[data-model], #pair", "sampling"],
    [".embedded[data-model]", "sampling", TEXT],
    ["#play[data-model], #pair", "engine"],
    [".embedded[data-model]", "engine", TEXT],
    ["#play[data-model]", "typing"],
    ["#pair", "pair"],
    ["#write", "counted"],
    ["#write", "writing"],
    ["#play, .gallery details", "folds"],
    ["form.question", "quiz"],
    ["form[data-film]", "film"],
    ["form[data-drive]", "counter"],
    [".embedded[data-model]", "own", TEXT],
    ["#play[data-model], #explorer, #pair", "address"],
    ["[data-png], [data-save]", "picture"],
    ["[data-copies], [data-placeholder]", "share"],
  ];
  for (const [selector, name, asked] of NEEDED) {
    if (!document.querySelector(selector) || asked && !location.hash.includes(asked)) continue;
    const script = document.createElement("script");
    script.src = new URL(`${name}.js`, src);
    script.async = false;  // one after the other
    document.head.append(script);
  }
})();
