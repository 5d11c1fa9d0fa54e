/* What the address of a page in a frame asks for. Before anything else: it decides the colours. */
(function () {
  "use strict";

  var asked = new URLSearchParams(location.search);
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  var theme = asked.get("theme") || (dark ? "dark" : "light");
  document.body.dataset.mdColorScheme = theme === "dark" ? "slate" : "default";
  document.documentElement.classList.toggle("without-label", asked.get("label") === "off");
  if (asked.get("colours") === "flipped") document.documentElement.dataset.flip = "";

  var only = asked.get("excerpts") === "off" ? 0 : Number(asked.get("excerpt"));
  document.querySelectorAll("figure.excerpt").forEach(function (figure, index) {
    figure.hidden = asked.has("excerpt") || only === 0 && asked.has("excerpts")
      ? index + 1 !== only : index > 0;
  });
})();
