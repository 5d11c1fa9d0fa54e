/* Addresses, frames and citations to copy: whole ones, which the builder cannot know. */
"use strict";

(() => {
  const PAUSE = 2000;  // milliseconds for which a button says that it was done

  const complete = (block) => {
    const { href } = document.getElementById(block.dataset.address);
    block.textContent = block.textContent
      .replaceAll(block.dataset.placeholder, href.split(/[?#]/)[0])
      .replaceAll("TODAY", new Date().toISOString().slice(0, 10));
  };

  document.querySelectorAll("[data-placeholder]").forEach(complete);

  /* A page from disk may not use the clipboard: then a selection is copied. */
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  document.querySelectorAll("[data-copies]").forEach((button) => {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      const block = document.getElementById(button.dataset.copies);
      await copy(block ? block.textContent.trim() : location.href);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = words; }, PAUSE);
    });
  });
})();
