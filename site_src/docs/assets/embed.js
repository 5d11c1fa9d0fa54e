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

  /* Whether an excerpt is shown, by its number from 1: the first, or the one that is asked for;
     all where that is none that there is. */
  const isShown = (number) => {
    if (asked.get("excerpts") === "off") return false;
    if (!asked.has("excerpt")) return number === 1;
    const one = Number(asked.get("excerpt"));
    return number === one || !(Number.isInteger(one) && one >= 1 && one <= figures.length);
  };

  body.dataset.mdColorScheme = theme() === "dark" ? "slate" : "default";
  root.classList.toggle("without-label", asked.get("label") === "off");
  if (asked.get("label") === "off") document.title = "A unit";
  if (asked.get("colours") === "flipped") root.dataset.flip = "";

  figures.forEach((figure, index) => { figure.hidden = !isShown(index + 1); });
})();
