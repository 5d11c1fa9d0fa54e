/* What several scripts need: numbers as the pages write them, runs of labels, coloured text. */
var galleryTools = (function () {
  "use strict";

  var MINUS = "\u2212";
  var LETTERS = "abcdefghijklmnop";

  function number(value, digits) {
    var text = Math.abs(value).toFixed(digits === undefined ? 2 : digits).replace(/^0/, "");
    return (value < 0 && Number(text) ? MINUS : "") + text;
  }

  function named(character) {
    return { " ": "blank", "\n": "line end", "\t": "tab" }[character] || character;
  }

  /* `0x12 1x30` is 12 zeros and 30 ones. */
  function labelsOf(runs) {
    var labels = [];
    (runs || "").split(" ").forEach(function (run) {
      var parts = run.split("x");
      for (var i = 0; i < Number(parts[1]); i += 1) labels.push(Number(parts[0]));
    });
    return labels;
  }

  function level(value) {
    return LETTERS[Math.max(0, Math.min(15, Math.floor((value + 1) * 8)))];
  }

  /* The same elements that the builder makes: a run of one level, lines under a feature. */
  function paint(box, characters, valueAt, on) {
    var parts = document.createDocumentFragment();
    var run = null;
    var state = "";
    characters.forEach(function (character, i) {
      var now = level(valueAt(i)) + (on[i] ? "u" : "");
      if (now !== state) {
        run = document.createElement("b");
        run.className = now[0];
        if (on[i]) {
          var line = document.createElement("u");
          line.append(run);
          parts.append(line);
        } else {
          parts.append(run);
        }
        state = now;
      }
      if (character === "\n") run.append(document.createElement("i"));
      run.append(character);
    });
    box.replaceChildren(parts);
  }

  /* Data come as scripts, which can be loaded from disk; other files cannot. */
  function load(source, then, otherwise) {
    var script = document.createElement("script");
    script.src = source;
    script.onload = then;
    script.onerror = otherwise;
    document.head.append(script);
  }

  return { number: number, named: named, labelsOf: labelsOf, paint: paint, load: load };
})();
