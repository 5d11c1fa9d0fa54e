/* Pointing at a character marks it in the text and in the trace below, and says its numbers.
   With the keyboard: the arrow keys walk along a text that has the focus. */
(function () {
  "use strict";

  var number = galleryTools.number;
  var named = galleryTools.named;

  /* The numbers of a trace are read back from its path: M0 y, then steps of 1 and dy. */
  function valuesOf(svg) {
    var path = svg.querySelector(".value").getAttribute("d");
    var steps = path.match(/-?\d+/g).map(Number);
    var height = steps[1];
    var values = [-height / 1000];
    for (var i = 2; i < steps.length; i += 2) {
      height += steps[i + 1];
      values.push(-height / 1000);
    }
    return values;
  }

  /* Characters that are drawn as pictures count as one, whatever is drawn. */
  function placesOf(box) {
    var places = [];
    var walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    for (var node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.matches("[data-u]")) {
        places.push({ node: node, from: 0, to: node.length,
          character: String.fromCodePoint(parseInt(node.parentElement.dataset.u, 16)) });
        continue;
      }
      var at = 0;
      Array.from(node.data).forEach(function (character) {
        places.push({ node: node, from: at, to: at + character.length, character: character });
        at += character.length;
      });
    }
    return places;
  }

  function Reader(figure) {
    var box = figure.querySelector("pre.x");
    var svg = figure.querySelector("svg.trace");
    if (!box || !svg) return;
    var places;
    var values;
    var labels;
    var at = -1;

    /* Read when it is first needed: most texts of a page are never pointed at. */
    function prepare() {
      if (places) return;
      places = placesOf(box);
      values = valuesOf(svg);
      labels = galleryTools.labelsOf(svg.dataset.labels);
    }

    var readout = document.createElement("p");
    readout.className = "readout";
    readout.textContent = "Point at a character, or go along the text with the arrow keys.";
    var live = document.createElement("p");
    live.className = "for-readers";
    live.setAttribute("aria-live", "polite");
    var mark = document.createElement("span");
    mark.className = "here";
    mark.hidden = true;
    box.append(mark);
    var needle = document.createElementNS("http://www.w3.org/2000/svg", "line");
    needle.setAttribute("class", "needle");
    var top = Number(svg.getAttribute("viewBox").split(" ")[1]);
    needle.setAttribute("y1", top);
    needle.setAttribute("y2", -top);
    needle.style.display = "none";
    svg.appendChild(needle);
    svg.after(readout, live);

    function said(index) {
      var parts = [named(places[index].character), figure.dataset.unit + " = " +
        number(values[index])];
      if (index > 0) parts.push("Δ = " + number(values[index] - values[index - 1]));
      if (document.documentElement.classList.contains("without-label")) return parts;
      var label = labels[index];
      parts.push(figure.dataset.feature + ": " + ("counts" in figure.dataset ? label :
        label ? "yes" : "no"));
      return parts;
    }

    function rectangle(index) {
      var range = document.createRange();
      range.setStart(places[index].node, places[index].from);
      range.setEnd(places[index].node, places[index].to);
      var all = range.getClientRects();
      var own = all[all.length - 1] || range.getBoundingClientRect();
      if (places[index].character === "\n") {
        var drawn = places[index].node.previousSibling ||
          places[index].node.parentElement.previousSibling;
        if (drawn && drawn.nodeType === 1) own = drawn.getBoundingClientRect();
      }
      return own;
    }

    function show(index, aloud) {
      prepare();
      at = Math.max(0, Math.min(places.length - 1, index));
      var own = rectangle(at);
      var outer = box.getBoundingClientRect();
      mark.hidden = false;
      mark.style.left = own.left - outer.left - box.clientLeft + box.scrollLeft + "px";
      mark.style.top = own.top - outer.top - box.clientTop + box.scrollTop + "px";
      mark.style.width = Math.max(own.width, 3) + "px";
      mark.style.height = own.height + "px";
      needle.style.display = "";
      needle.setAttribute("x1", at);
      needle.setAttribute("x2", at);
      var parts = said(at);
      readout.replaceChildren();
      parts.forEach(function (part, i) {
        var piece = document.createElement(i ? "span" : "code");
        piece.textContent = part;
        readout.append(piece, " ");
      });
      if (aloud) {
        live.textContent = parts.join(", ");
        var side = mark.offsetLeft;
        if (side < box.scrollLeft || side > box.scrollLeft + box.clientWidth - 20) {
          box.scrollLeft = side - box.clientWidth / 2;
        }
      }
    }

    function under(event) {
      prepare();
      var node;
      var offset;
      if (document.caretPositionFromPoint) {
        var caret = document.caretPositionFromPoint(event.clientX, event.clientY);
        if (!caret) return -1;
        node = caret.offsetNode;
        offset = caret.offset;
      } else if (document.caretRangeFromPoint) {
        var range = document.caretRangeFromPoint(event.clientX, event.clientY);
        if (!range) return -1;
        node = range.startContainer;
        offset = range.startOffset;
      }
      for (var i = 0; i < places.length; i += 1) {
        if (places[i].node !== node) continue;
        if (places[i].to <= offset && places[i + 1] && places[i + 1].node === node) continue;
        /* The caret is between two characters: take the one the pointer is over. */
        var before = i && rectangle(i).left > event.clientX ? i - 1 : i;
        return before;
      }
      return -1;
    }

    function lineStart(index) {
      var start = index;
      while (start > 0 && places[start - 1].character !== "\n") start -= 1;
      return start;
    }

    function lineEnd(index) {
      var end = index;
      while (end < places.length - 1 && places[end].character !== "\n") end += 1;
      return end;
    }

    function vertical(index, down) {
      var column = index - lineStart(index);
      var start = down ? lineEnd(index) + 1 : lineStart(Math.max(0, lineStart(index) - 1));
      if (start >= places.length) return index;
      return Math.min(start + column, lineEnd(start));
    }

    var keys = {
      ArrowRight: function (i) { return i + 1; },
      ArrowLeft: function (i) { return i - 1; },
      ArrowDown: function (i) { return vertical(i, true); },
      ArrowUp: function (i) { return vertical(i, false); },
      Home: function (i) { return lineStart(i); },
      End: function (i) { return lineEnd(i); }
    };

    box.addEventListener("keydown", function (event) {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      prepare();
      show(at < 0 ? 0 : keys[event.key](at), true);
    });
    box.addEventListener("pointermove", function (event) {
      var index = under(event);
      if (index >= 0) show(index, false);
    });
    svg.addEventListener("pointermove", function (event) {
      prepare();
      var outer = svg.getBoundingClientRect();
      show(Math.floor((event.clientX - outer.left) / outer.width * places.length), false);
    });
  }

  document.querySelectorAll("figure.excerpt[data-unit]").forEach(Reader);
})();
