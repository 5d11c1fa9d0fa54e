/* The scripts that a page needs, in their order, and no others. */
"use strict";

(() => {
  const { src } = document.currentScript;
  const NEEDED = [
    ["figure.excerpt[data-unit]", "reader"],
    [".sorts", "tables"],
    ["#explorer, #play[data-model], form[data-drive]", "network"],
    ["#explorer", "formula"],
    ["#explorer", "explorer"],
    ["#play[data-model]", "engine"],
    ["#play[data-model]", "typing"],
    ["#play, .gallery details", "folds"],
    ["form.question", "quiz"],
    ["form[data-film]", "film"],
    ["form[data-drive]", "counter"],
    ["[data-copies], [data-placeholder]", "share"],
  ];
  for (const [selector, name] of NEEDED) {
    if (!document.querySelector(selector)) continue;
    const script = document.createElement("script");
    script.src = new URL(`${name}.js`, src);
    script.async = false;  // one after the other
    document.head.append(script);
  }
})();
