/* Which character of a coloured text a pointer is over, a mark around one of them, and the keys that
   walk along. With the keyboard: left and right walk along a text that has the focus; up and down
   do so after Enter, and scroll the page before it. */
"use strict";

const galleryPointing = (() => {
  const { element } = galleryTools;
  const NARROWEST = 3, EDGE = 20;  // pixels: of a mark; beyond a mark that is in sight

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

  /* Points at characters of a box; whoever extends it says in `show(index, aloud, byVisitor)` what
     happens then. */
  class Pointing {
    constructor(box) {
      Object.assign(this, { box, at: -1, isBegun: false, walksLines: false });
      this.mark = element("span", "here", { hidden: true });
      box.append(this.mark);
      box.addEventListener("keydown", (event) => this.walk(event));
      box.addEventListener("blur", () => { this.walksLines = false; });
      for (const kind of ["pointermove", "pointerdown"]) {
        box.addEventListener(kind, (event) => {
          const at = this.under(event);
          if (at >= 0) this.show(at);
        });
      }
    }

    /* Read when it is first needed: most texts of a page are never pointed at. */
    get places() {
      return this.placesRead ??= textNodesOf(this.box).flatMap(placesIn);
    }

    /* The text as the network read it. */
    get text() {
      return this.places.map(({ character }) => character).join("");
    }

    /* Mark a character; returns which one, the nearest there is: an address may ask for any. */
    point(index) {
      this.at = Math.trunc(Math.max(0, Math.min(this.places.length - 1, index)));
      this.moveMark(this.rectangle(this.at));
      return this.at;
    }

    /* The text has changed: nothing is marked, and it is read anew. */
    forget() {
      Object.assign(this, { placesRead: null, at: -1 });
      this.mark.hidden = true;
      this.box.append(this.mark);
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

    moveMark({ left, top, width, height }) {
      const { box, mark } = this, outer = box.getBoundingClientRect();
      mark.hidden = false;
      mark.style.left = `${left - outer.left - box.clientLeft + box.scrollLeft}px`;
      mark.style.top = `${top - outer.top - box.clientTop + box.scrollTop}px`;
      mark.style.width = `${Math.max(width, NARROWEST)}px`;
      mark.style.height = `${height}px`;
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

  return { Pointing };
})();
