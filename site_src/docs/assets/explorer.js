/* Any unit over any excerpt of an exhibit; and units that differ between two parts of a text. */
(function () {
  "use strict";

  var root = document.getElementById("explorer");
  if (!root) return;

  var tools = galleryTools;
  var given = JSON.parse(document.getElementById("explorer-data").textContent);
  var form = root.querySelector("form.explore");
  var find = root.querySelector("form.find");
  var box = root.querySelector("pre.x");
  var said = document.getElementById("explored");
  var found = document.getElementById("found");
  var outcome = document.getElementById("outcome");
  var shown = null;
  var unit = 0;

  function bytes(base64) {
    var raw = atob(base64);
    var out = new Int8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) out[i] = raw.charCodeAt(i);
    return out;
  }

  function load(option, then) {
    var all = window.galleryData || {};
    if (all[option.value]) return then(all[option.value]);
    tools.load(option.dataset.source, function () { then(window.galleryData[option.value]); },
      function () { said.textContent = "The excerpt could not be loaded."; });
  }

  function value(index, which) {
    return valueIn(shown, index, which);
  }

  function valueIn(part, index, which) {
    return part.values[index * given.units.length + which] / 127;
  }

  function read(data) {
    return { characters: Array.from(data.text), values: bytes(data.activations),
      labels: data.labels };
  }

  function draw() {
    var on = tools.labelsOf(shown.labels[form.elements.feature.value]);
    tools.paint(box, shown.characters, function (i) { return value(i, unit); }, on);
    said.textContent = given.units[unit] + " over this excerpt";
  }

  function names() {
    var list = document.getElementById("all-units");
    list.replaceChildren.apply(list, given.units.map(function (name) {
      var option = document.createElement("option");
      option.value = name;
      return option;
    }));
    var features = form.elements.feature;
    Object.keys(given.features).forEach(function (id) {
      var option = document.createElement("option");
      option.value = id;
      option.textContent = given.features[id];
      features.append(option);
    });
  }

  function choose(which) {
    unit = (which + given.units.length) % given.units.length;
    form.elements.unit.value = given.units[unit];
    history.replaceState(null, "", "#" + given.units[unit]);
    if (shown) draw();
  }

  function open() {
    load(form.elements.excerpt.selectedOptions[0], function (data) {
      shown = read(data);
      found.hidden = true;
      draw();
    });
  }

  /* Pearson's r of each unit with the masks of one or more excerpts. */
  function rank(parts) {
    var n = 0;
    var inside = 0;
    parts.forEach(function (part) {
      n += part.mask.length;
      part.mask.forEach(function (here) { inside += here ? 1 : 0; });
    });
    if (!inside || inside === n) {
      outcome.textContent = "Nothing, or everything, is marked: there is nothing to compare.";
      found.hidden = true;
      return;
    }
    outcome.textContent = inside.toLocaleString("en") + " of " + n.toLocaleString("en") +
      " characters, " + (parts.length === 1 ? "this excerpt" : "all excerpts");
    var rows = given.units.map(function (name, u) {
      var sum = 0;
      var squares = 0;
      var there = 0;
      parts.forEach(function (part) {
        for (var i = 0; i < part.mask.length; i += 1) {
          var v = valueIn(part.shown, i, u);
          sum += v;
          squares += v * v;
          if (part.mask[i]) there += v;
        }
      });
      var spread = Math.sqrt((squares - sum * sum / n) * (inside - inside * inside / n));
      return { unit: u, r: spread > 1e-9 ? (there - inside * sum / n) / spread : 0,
        there: there / inside, elsewhere: (sum - there) / (n - inside) };
    });
    rows.sort(function (a, b) { return Math.abs(b.r) - Math.abs(a.r); });
    found.tBodies[0].replaceChildren.apply(found.tBodies[0], rows.slice(0, 10).map(row));
    found.hidden = false;
    choose(rows[0].unit);
  }

  function row(one) {
    var tr = document.createElement("tr");
    var th = document.createElement("th");
    var button = document.createElement("button");
    th.scope = "row";
    button.type = "button";
    button.textContent = given.units[one.unit];
    button.addEventListener("click", function () { choose(one.unit); });
    th.append(button);
    tr.append(th);
    [one.r, one.there, one.elsewhere].forEach(function (figure) {
      var td = document.createElement("td");
      td.className = "figure";
      td.textContent = tools.number(figure);
      tr.append(td);
    });
    return tr;
  }

  function marked() {
    var selection = document.getSelection();
    var mask = shown.characters.map(function () { return false; });
    if (!selection.rangeCount || !box.contains(selection.anchorNode)) return mask;
    var range = selection.getRangeAt(0);
    var before = document.createRange();
    before.setStart(box, 0);
    before.setEnd(range.startContainer, range.startOffset);
    var start = Array.from(before.toString()).length;
    var length = Array.from(range.toString()).length;
    return mask.map(function (_, i) { return i >= start && i < start + length; });
  }

  function matches(part, expression) {
    var text = part.characters.join("");
    var mask = part.characters.map(function () { return false; });
    for (var match of text.matchAll(expression)) {
      var start = Array.from(text.slice(0, match.index)).length;
      var length = Array.from(match[0]).length;
      for (var i = start; i < start + length; i += 1) mask[i] = true;
    }
    return mask;
  }

  /* Every excerpt, loaded one after the other. */
  function all(then) {
    var parts = [];
    var options = Array.from(form.elements.excerpt.options);
    function next() {
      if (parts.length === options.length) return then(parts);
      load(options[parts.length], function (data) {
        parts.push(read(data));
        next();
      });
    }
    next();
  }

  function test(expression, parts) {
    rank(parts.map(function (part) { return { shown: part, mask: matches(part, expression) }; }));
  }

  names();
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.elements.excerpt.addEventListener("change", open);
  form.elements.feature.addEventListener("change", draw);
  form.elements.unit.addEventListener("change", function () {
    var which = given.units.indexOf(form.elements.unit.value.trim());
    if (which >= 0) choose(which);
    else said.textContent = "There is no unit of this name.";
  });
  form.querySelectorAll("[data-step]").forEach(function (button) {
    button.addEventListener("click", function () { choose(unit + Number(button.dataset.step)); });
  });
  find.elements.marked.addEventListener("click", function () {
    rank([{ shown: shown, mask: marked() }]);
  });
  find.addEventListener("submit", function (event) {
    event.preventDefault();
    var expression;
    try {
      expression = new RegExp(find.elements.pattern.value, "gmu");
    } catch (error) {
      outcome.textContent = "This is not a regular expression: " + error.message;
      return;
    }
    if (find.elements.everywhere.checked) all(test.bind(null, expression));
    else test(expression, [shown]);
  });
  choose(Math.max(0, given.units.indexOf(location.hash.slice(1))));
  open();
})();
