/* Pointing at a character, or tapping it, marks it in the text and in the trace below, and says its
   numbers. */
"use strict";

(() => {
  const { number, named, labelsOf, element, readers } = galleryTools;
  const { Pointing } = galleryPointing;
  const SVG = "http://www.w3.org/2000/svg";
  const FULL = 1000;  // height of a value of 1 in a trace
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

  const needleOf = (svg) => {
    const needle = document.createElementNS(SVG, "line");
    const top = Number(svg.getAttribute("viewBox").split(" ")[1]);
    needle.setAttribute("class", "needle");
    needle.setAttribute("y1", top);
    needle.setAttribute("y2", -top);
    needle.style.display = "none";
    return needle;
  };

  class Reader extends Pointing {
    constructor(figure, box, svg) {
      super(box);
      Object.assign(this, { figure, svg });
      this.readout = element("p", "readout", { textContent: FIRST_WORDS });
      this.live = element("p", "for-readers");
      this.live.setAttribute("aria-live", "polite");
      this.needle = needleOf(svg);
      svg.append(this.needle);
      (svg.closest(".traces") ?? svg).after(this.readout, this.live);
      for (const kind of ["pointermove", "pointerdown"]) {
        svg.addEventListener(kind, ({ clientX }) => {
          const { left, width } = svg.getBoundingClientRect();
          this.show(Math.floor((clientX - left) / width * this.places.length));
        });
      }
    }

    /* Place of the character at which the unit changes most; the builder takes the same. */
    get liveliest() {
      const sizes = this.values.map((value, at) => Math.abs(value - (this.values[at - 1] ?? value)));
      return sizes.indexOf(Math.max(...sizes));
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

    show(index, aloud = false, byVisitor = true) {
      this.point(index);
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

    say(words, aloud) {
      this.readout.classList.add("told");
      this.readout.replaceChildren(...words.flatMap((textContent, at) =>
        [element(at ? "span" : "code", "", { textContent }), " "]));
      if (aloud) this.live.textContent = words.join(", ");
    }
  }

  document.querySelectorAll("figure.excerpt[data-unit]").forEach((figure) => {
    const box = figure.querySelector("pre.x"), svg = figure.querySelector("svg.trace");
    if (box && svg) readers.set(figure, new Reader(figure, box, svg));
  });
})();
