/* A visitor's own text, read by the network in the browser as it is typed. It never leaves it. */
(function () {
  "use strict";

  var root = document.getElementById("type");
  if (!root) return;

  var tools = galleryTools;
  var text = root.querySelector("textarea");
  var box = root.querySelector(".typed pre");
  var said = root.querySelector(".readout");
  var expected = root.querySelector(".expected");
  var controls = root.querySelector("form").elements;
  var gates = JSON.parse(root.dataset.gates);
  var reader = null;
  var answer = null;

  /* Runs in a worker, or in the page where there can be none. */
  function serve(make, scope) {
    var tool = make();
    var network = null;
    scope.onmessage = function (event) {
      if (event.data.model) network = new tool.Network(event.data.model);
      else scope.postMessage(tool.answer(network, event.data));
    };
  }

  function inPage() {
    var engine = { postMessage: function (data) {
      setTimeout(function () { scope.onmessage({ data: data }); }, 0);
    } };
    var scope = { postMessage: function (data) { engine.onmessage({ data: data }); } };
    serve(galleryNetwork, scope);
    return engine;
  }

  function inWorker() {
    var source = "(" + serve + ")(" + galleryNetwork + ", self)";
    return new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  }

  /* One question at a time; of those that wait, the last is asked. */
  function Reader(model, then) {
    var engine, asked, waiting;
    function start(made) {
      engine = made;
      engine.onmessage = function (event) {
        asked = null;
        if (waiting) send(waiting);
        else then(event.data);
      };
      engine.onerror = function (event) {  // a browser may let no worker start
        event.preventDefault();
        start(inPage());
      };
      engine.postMessage({ model: model });
      if (asked) send(asked);
    }
    function send(question) {
      asked = question;
      waiting = null;
      engine.postMessage(question);
    }
    try {
      start(location.protocol === "file:" ? inPage() : inWorker());
    } catch (error) {
      start(inPage());
    }
    return { ask: function (question) {
      if (asked) waiting = question;
      else send(question);
    } };
  }

  function unitOf(name) {
    var parts = name.trim().match(/^(d?[hc])(\d+)\.(\d+)$/);
    return parts && { signal: parts[1], layer: Number(parts[2]), index: Number(parts[3]) };
  }

  function known(unit) {
    var model = window.galleryModels[root.dataset.model];
    return unit && unit.layer < model.layers && unit.index < model.hidden &&
      (model.architecture === "lstm" || unit.signal.slice(-1) !== "c");
  }

  function name() {
    return controls.unit ? controls.unit.value : root.dataset.unit;
  }

  function ask() {
    var unit = unitOf(name());
    if (!reader) return;
    if (!known(unit)) {
      said.textContent = "There is no unit of this name.";
      return;
    }
    var hold = controls.held.checked ? { layer: unit.layer, index: unit.index,
      signal: unit.signal.slice(-1), value: Number(controls.value.value) } : null;
    controls.level.value = tools.number(Number(controls.value.value));
    reader.ask({ text: text.value, unit: unit, hold: hold });
  }

  function draw(given) {
    answer = given;
    answer.characters = Array.from(text.value).slice(0, given.values.length);
    var gate = controls.shown.value;
    var values = gate ? given.gates[Number(gate)] : given.values;
    tools.paint(box, answer.characters, function (i) {
      return gate ? 2 * values[i] - 1 : values[i];
    }, []);
    box.append(Array.from(text.value).slice(given.values.length).join("") + "\n");
    tell();
  }

  /* What is known after the character before the cursor. */
  function tell() {
    if (!answer) return;
    var at = Array.from(text.value.slice(0, text.selectionStart)).length - 1;
    if (at < 0 || at >= answer.values.length) at = answer.values.length - 1;
    if (at < 0) {
      said.textContent = "There is nothing to read yet.";
      expected.replaceChildren();
      return;
    }
    var parts = ["after " + tools.named(answer.characters[at]),
      name() + " = " + tools.number(answer.values[at])];
    gates.forEach(function (gate) {
      parts.push(gate[1] + " " + tools.number(answer.gates[gate[0]][at]));
    });
    if (answer.bits !== null) {
      parts.push(tools.number(answer.bits) + " bits a character for this text");
    }
    said.textContent = parts.join(", ");
    expected.replaceChildren.apply(expected, answer.guesses[at].map(guess));
  }

  function guess(one) {
    var row = document.createElement("li");
    var character = document.createElement("code");
    var bar = document.createElement("span");
    var figure = document.createElement("span");
    character.textContent = { "\n": "↵", "\t": "→", " ": "·" }[one[0]] || one[0];
    character.title = tools.named(one[0]);
    bar.className = "likely";
    bar.style.setProperty("--p", one[1]);
    figure.className = "figure";
    figure.textContent = tools.number(one[1]);
    row.append(character, bar, figure);
    return row;
  }

  function begin() {
    if (root.dataset.begun) return ask();
    root.dataset.begun = "";
    said.textContent = "Loading the network …";
    tools.load(root.dataset.source, function () {
      reader = Reader(window.galleryModels[root.dataset.model], draw);
      ask();
    }, function () {
      delete root.dataset.begun;
      said.textContent = "The network could not be loaded.";
    });
  }

  box.textContent = text.value + "\n";
  text.addEventListener("focus", begin);
  text.addEventListener("input", begin);
  ["keyup", "click", "select"].forEach(function (kind) { text.addEventListener(kind, tell); });
  root.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
  });
  root.querySelector("form").addEventListener("input", begin);
})();
