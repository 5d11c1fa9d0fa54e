/* A text of a visitor's own on a page for frames: it is in the address, and is read here. */
"use strict";

(() => {
  const LONGEST = 9000;  // of an address, as `address.js` has it
  const root = document.querySelector(".embedded"), { hash } = location;
  const text = hash.length > LONGEST ? "" : new URLSearchParams(hash.slice(1)).get("text");
  if (!text) return;

  const { repaint, element, loadNetwork, parts } = galleryTools;
  const { Engine, Known } = galleryEngine;
  const { source, model, unit } = root.dataset;
  const box = element("pre", "x", { tabIndex: 0, textContent: text });
  const figure = element("figure", "excerpt");
  const known = new Known([]);

  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "A text that somebody typed");
  figure.append(box);
  root.classList.add("own-text");
  const figures = root.querySelectorAll("figure.excerpt");
  figures.forEach((other) => { other.hidden = true; });
  root.querySelector(".legend").after(figure);
  root.querySelector(".source:not(.of-label)").textContent =
    "Text: typed by a visitor, read by the network in your browser.";
  const display = new URLSearchParams(hash.slice(1)).get("display");
  if (display !== null) for (const part of parts) part.set({ display });

  const draw = ({ part }) => {
    if (!part) return;
    known.add(part);
    const read = known.free.values.length;
    repaint(box, known.characters.slice(0, read),
      (i) => known.free.strange[i] ? NaN : known.free.values[i]);
    box.append(known.characters.slice(read).join(""));
  };

  const begin = async () => {
    const network = new Engine(await loadNetwork(source, model), draw);
    known.take(Array.from(text));
    network.ask({ id: 1, text, known: known.lengths, hold: null,
      unit: galleryNetwork().unitOf(unit, network.model, network.architecture) }, -1);
  };
  begin().catch(() => { figure.append(element("p", "source",
    { textContent: "The network could not be loaded." })); });
})();
