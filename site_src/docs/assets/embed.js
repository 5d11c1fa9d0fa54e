/* What the address of a page in a frame asks for. Before anything else: it decides the colours. */
"use strict";

(() => {
  const asked = new URLSearchParams(location.search);
  const { documentElement: root, body } = document;
  const figures = document.querySelectorAll("figure.excerpt");

  const theme = () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const given = asked.get("theme");
    return ["dark", "light"].includes(given) ? given : dark ? "dark" : "light";
  };

  /* Number of the one excerpt that is shown, from 1; 0 for none; the first where no number is
     asked for that there is. */
  const only = () => {
    const number = Number(asked.get("excerpt"));
    if (asked.get("excerpts") === "off") return 0;
    return Number.isInteger(number) && number >= 1 && number <= figures.length ? number : 1;
  };

  body.dataset.mdColorScheme = theme() === "dark" ? "slate" : "default";
  root.classList.toggle("without-label", asked.get("label") === "off");
  if (asked.get("label") === "off") document.title = "A unit";
  if (asked.get("colours") === "flipped") root.dataset.flip = "";

  const shown = only();
  figures.forEach((figure, index) => { figure.hidden = index + 1 !== shown; });
})();
