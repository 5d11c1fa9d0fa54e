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

  for (const name of ["flipped", "marks", "stretched"]) {
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
})();

/* The drawing of a figure as a PNG, twice its size. From disk a browser does not allow it. */
(() => {
  const drawn = (image) => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 * image.width;
    canvas.height = 2 * image.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  };

  const saveAsPng = (source) => {
    const image = new Image();
    image.onload = () => {
      const link = document.createElement("a");
      link.href = drawn(image);
      link.download = source.split("/").pop().replace(/svg$/, "png");
      link.click();
    };
    image.src = source;
  };

  document.querySelectorAll("[data-png]").forEach((button) => {
    button.hidden = location.protocol === "file:";
    button.addEventListener("click", () => saveAsPng(button.dataset.source));
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
