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

  /* What a button copies: the address of the page as it is now, or a block of the page; a frame
     is one of what is shown now. */
  const textOf = (id) => {
    const { address } = galleryTools, block = document.getElementById(id);
    if (!block) return address?.href ?? location.href;
    const text = block.textContent.trim();
    return id === "embed-code" && address ? address.framed(text) : text;
  };

  /* Where it is said why nothing was copied. */
  const noteBeside = (button) => {
    const beside = button.closest(".take") ?? button.parentElement;
    const made = beside.querySelector("[role=status]");
    if (made) return made;
    const note = Object.assign(document.createElement("span"), { className: "refused" });
    note.setAttribute("role", "status");
    beside.append(note);
    return note;
  };

  document.querySelectorAll("[data-copies]").forEach((button) => {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      const why = button.dataset.copies === "citation" ? "" : galleryTools.address?.refusal ?? "";
      noteBeside(button).textContent = why;
      if (why) return;
      await copy(textOf(button.dataset.copies));
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = words; }, PAUSE);
    });
  });
})();
