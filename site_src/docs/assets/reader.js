/* Pointing at a character, or tapping it, marks it in the text and in the trace below, and says its
   numbers. With the keyboard: left and right walk along a text that has the focus; up and down do
   so after Enter, and scroll the page before it. */
"use strict";

(() => {
  const { number, named, labelsOf, element, readers } = galleryTools;
  const SVG = "http://www.w3.org/2000/svg";
  const FULL = 1000;  // height of a value of 1 in a trace
  const NARROWEST = 3, EDGE = 20;  // pixels: of a mark; beyond a mark that is in sight
  const FIRST_WORDS = "Hover or tap a character to see its value; ← and → move along.";

  /* The numbers of a trace are read back from its path: M0 y, then steps of 1 and dy. */
  const valuesOf = (svg) => {
    const numbers = svg.querySelector(".value").getAttribute("d").match(/-?\d+/g).map(Number);
    let height = 0;
    return numbers.filter((_, at) => at % 2).map((dy) => {
      height += dy;
      return -height / FULL;
    });
  };

  const textNodesOf = (box) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };

  /* Where each character of a text node stands; one that is drawn as a picture counts as one,
     whatever is drawn. */
  const placesIn = (node) => {
    const code = parseInt(node.parentElement.dataset.u, 16);
    if (code >= 0) {
      return [{ node, from: 0, to: node.length, character: String.fromCodePoint(code) }];
    }
    let to = 0;
    return Array.from(node.data, (character) => {
      const from = to;
      to += character.length;
      return { node, from, to, character };
    });
  };

  /* Node and offset of the caret nearest to a point; null where there is none. */
  const caretAt = ({ clientX, clientY }) => {
    if (document.caretPositionFromPoint) {
      const caret = document.caretPositionFromPoint(clientX, clientY);
      return caret && { node: caret.offsetNode, offset: caret.offset };
    }
    const range = document.caretRangeFromPoint?.(clientX, clientY);
    return range ? { node: range.startContainer, offset: range.startOffset } : null;
  };

  const needleOf = (svg) => {
    const needle = document.createElementNS(SVG, "line");
    const top = Number(svg.getAttribute("viewBox").split(" ")[1]);
    needle.setAttribute("class", "needle");
    needle.setAttribute("y1", top);
    needle.setAttribute("y2", -top);
    needle.style.display = "none";
    return needle;
  };

  class Reader {
    constructor(figure, box, svg) {
      Object.assign(this, { figure, box, svg, at: -1, isBegun: false, walksLines: false });
      this.readout = element("p", "readout", { textContent: FIRST_WORDS });
      this.live = element("p", "for-readers");
      this.live.setAttribute("aria-live", "polite");
      this.mark = element("span", "here", { hidden: true });
      this.needle = needleOf(svg);
      box.append(this.mark);
      svg.append(this.needle);
      (svg.closest(".traces") ?? svg).after(this.readout, this.live);
      this.listen();
    }

    listen() {
      this.box.addEventListener("keydown", (event) => this.walk(event));
      this.box.addEventListener("blur", () => { this.walksLines = false; });
      for (const kind of ["pointermove", "pointerdown"]) {
        this.box.addEventListener(kind, (event) => {
          const at = this.under(event);
          if (at >= 0) this.show(at);
        });
        this.svg.addEventListener(kind, ({ clientX }) => {
          const { left, width } = this.svg.getBoundingClientRect();
          this.show(Math.floor((clientX - left) / width * this.places.length));
        });
      }
    }

    /* Place of the character at which the unit changes most; the builder takes the same. */
    get liveliest() {
      const sizes = this.values.map((value, at) => Math.abs(value - (this.values[at - 1] ?? value)));
      return sizes.indexOf(Math.max(...sizes));
    }

    /* The text as the network read it. */
    get text() {
      return this.places.map(({ character }) => character).join("");
    }

    /* Read when it is first needed: most texts of a page are never pointed at. */
    get places() {
      return this.placesRead ??= textNodesOf(this.box).flatMap(placesIn);
    }

    get values() {
      return this.valuesRead ??= valuesOf(this.svg);
    }

    get labels() {
      return this.labelsRead ??= labelsOf(this.svg.dataset.labels);
    }

    /* In words: the character, its value, by how much it changed, and its label. */
    words(at) {
      const { values, figure: { dataset } } = this;
      const change = at > 0 ? [`change ${number(values[at] - values[at - 1])}`] : [];
      return [named(this.places[at].character), `${dataset.unit} = ${number(values[at])}`,
        ...change, ...this.labelWords(at)];
    }

    labelWords(at) {
      const { dataset } = this.figure, label = this.labels[at];
      if (document.documentElement.classList.contains("without-label")) return [];
      const words = "counts" in dataset ? label : label ? "yes" : "no";
      return [`${dataset.feature}: ${words}`];
    }

    /* A line end is as wide as what is drawn for it. */
    rectangle(at) {
      const { node, from, to, character } = this.places[at];
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      const drawn = node.previousSibling || node.parentElement.previousSibling;
      if (character === "\n" && drawn?.nodeType === Node.ELEMENT_NODE) {
        return drawn.getBoundingClientRect();
      }
      return [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    }

    show(index, aloud = false, byVisitor = true) {
      this.at = Math.max(0, Math.min(this.places.length - 1, index));
      this.moveMark(this.rectangle(this.at));
      this.needle.style.display = "";
      this.needle.setAttribute("x1", this.at);
      this.needle.setAttribute("x2", this.at);
      this.isBegun ||= byVisitor;
      const words = this.words(this.at);
      this.say(words, aloud);
      if (aloud) this.scrollToMark();
      this.figure.dispatchEvent(new CustomEvent("gallery:read", {
        bubbles: true, detail: { at: this.at, words, byVisitor } }));
    }

    moveMark({ left, top, width, height }) {
      const { box, mark } = this, outer = box.getBoundingClientRect();
      mark.hidden = false;
      mark.style.left = `${left - outer.left - box.clientLeft + box.scrollLeft}px`;
      mark.style.top = `${top - outer.top - box.clientTop + box.scrollTop}px`;
      mark.style.width = `${Math.max(width, NARROWEST)}px`;
      mark.style.height = `${height}px`;
    }

    say(words, aloud) {
      this.readout.classList.add("told");
      this.readout.replaceChildren(...words.flatMap((textContent, at) =>
        [element(at ? "span" : "code", "", { textContent }), " "]));
      if (aloud) this.live.textContent = words.join(", ");
    }

    scrollToMark() {
      const { box, mark: { offsetLeft: side } } = this;
      if (side < box.scrollLeft || side > box.scrollLeft + box.clientWidth - EDGE) {
        box.scrollLeft = side - box.clientWidth / 2;
      }
    }

    /* Index of the character that the pointer is over, -1 for none. The caret is between two
       characters: it is the one before where the pointer is left of it. */
    under(event) {
      const { places } = this, caret = caretAt(event);
      const at = places.findIndex(({ node, to }, i) => node === caret?.node &&
        !(to <= caret.offset && places[i + 1]?.node === node));
      return at > 0 && this.rectangle(at).left > event.clientX ? at - 1 : at;
    }

    lineStart(at) {
      let start = at;
      while (start > 0 && this.places[start - 1].character !== "\n") start -= 1;
      return start;
    }

    lineEnd(at) {
      let end = at;
      while (end < this.places.length - 1 && this.places[end].character !== "\n") end += 1;
      return end;
    }

    /* The character below or above, or the last of a line that is shorter. */
    vertical(at, down) {
      const column = at - this.lineStart(at);
      const start = down ? this.lineEnd(at) + 1
        : this.lineStart(Math.max(0, this.lineStart(at) - 1));
      return start < this.places.length ? Math.min(start + column, this.lineEnd(start)) : at;
    }

    walk(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.key === "Enter" || event.key === "Escape") this.walksLines = event.key === "Enter";
      const move = KEYS[event.key] ?? (this.walksLines ? LINE_KEYS[event.key] : null);
      if (!move) return;
      event.preventDefault();
      this.show(this.isBegun ? move(this, this.at) : 0, true);
    }
  }

  const KEYS = {
    ArrowRight: (reader, at) => at + 1,
    ArrowLeft: (reader, at) => at - 1,
    Home: (reader, at) => reader.lineStart(at),
    End: (reader, at) => reader.lineEnd(at),
  };
  const LINE_KEYS = {
    ArrowDown: (reader, at) => reader.vertical(at, true),
    ArrowUp: (reader, at) => reader.vertical(at, false),
  };

  document.querySelectorAll("figure.excerpt[data-unit]").forEach((figure) => {
    const box = figure.querySelector("pre.x"), svg = figure.querySelector("svg.trace");
    if (box && svg) readers.set(figure, new Reader(figure, box, svg));
  });
})();
