/* Switches that are remembered, and text that is copied as it was. Nothing needs them. */
"use strict";

/* Switches. A browser may keep nothing: then they last as long as the page. */
(() => {
  const root = document.documentElement;

  const recall = (name) => {
    try {
      return localStorage.getItem(`gallery.${name}`) === "on";
    } catch {
      return false;
    }
  };

  const remember = (name, on) => {
    try {
      localStorage.setItem(`gallery.${name}`, on ? "on" : "off");
    } catch {
      // it lasts as long as the page
    }
  };

  const show = (name, on) => {
    root.classList.toggle(name, on);
    document.querySelectorAll(`[data-switch="${name}"]`).forEach((button) => {
      button.setAttribute("aria-pressed", String(on));
      button.hidden = false;
    });
  };

  const NAMES = ["flipped", "marks", "stretched"];
  for (const name of NAMES) {
    const asked = name === "flipped" && "flip" in root.dataset;
    show(name, asked || recall(name));
  }

  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-switch]")?.dataset.switch;
    if (!name) return;
    const on = !root.classList.contains(name);
    show(name, on);
    remember(name, on);
  });

  galleryTools.parts.push({
    defaults: { display: "" },
    get: () => ({ display: NAMES.filter((name) => root.classList.contains(name)).join(" ") }),
    set({ display }) {
      const on = display.split(" ");
      for (const name of NAMES) show(name, on.includes(name));  // for this visit
    },
  });
})();

/* Characters that are drawn as pictures are copied as themselves. */
(() => {
  const textOf = (range) => {
    const part = range.cloneContents();
    part.querySelectorAll("[data-u]").forEach((drawn) => {
      drawn.textContent = String.fromCodePoint(parseInt(drawn.dataset.u, 16));
    });
    return part.textContent;
  };

  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection.rangeCount || !event.clipboardData) return;
    const range = selection.getRangeAt(0), common = range.commonAncestorContainer;
    const inside = common.nodeType === Node.ELEMENT_NODE ? common : common.parentElement;
    if (!inside.closest("pre.x")) return;
    event.clipboardData.setData("text/plain", textOf(range));
    event.preventDefault();
  });
})();
