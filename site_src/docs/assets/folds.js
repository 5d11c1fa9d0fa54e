/* What is folded, or behind another passage, opens when it is asked for: by a button, by an
   address, or for paper. Without a script all passages are there, one after the other. */
"use strict";

(() => {
  const root = document.getElementById("play");
  const figures = [...root?.querySelectorAll(".texts > figure") ?? []];
  const buttons = [...root?.querySelectorAll("[data-pick]") ?? []];

  const pick = (id) => {
    if (!figures.some((figure) => figure.id === id)) return;
    for (const figure of figures) figure.hidden = figure.id !== id;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.pick === id));
    }
    root.dispatchEvent(new CustomEvent("gallery:picked", { detail: id }));
  };

  for (const button of buttons) button.addEventListener("click", () => pick(button.dataset.pick));
  root?.addEventListener("gallery:pick", ({ detail }) => pick(detail));
  if (figures.length > 1) pick(figures[0].id);

  /* The address of a part of the page; "" where it is none, or is written wrongly. */
  const anchor = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  };

  /* An anchor may be in a fold within a fold, or in a passage that is not shown. */
  const reveal = () => {
    const target = document.getElementById(anchor());
    if (!target) return;
    const figure = figures.find((one) => one.contains(target));
    if (figure) pick(figure.id);
    for (let fold = target.closest("details"); fold;
      fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };

  addEventListener("hashchange", reveal);
  reveal();

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".gallery details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });
})();
