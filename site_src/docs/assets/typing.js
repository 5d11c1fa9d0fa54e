/* A visitor's own text, read by the network in the browser as it is typed. It never leaves it. */
"use strict";

(() => {
  const root = document.getElementById("type");
  if (!root) return;

  const DRAWN = { "\n": "↵", "\t": "→", " ": "·" };
  const { number, named, paint, loadNetwork } = galleryTools;
  const { unitOf } = galleryNetwork();
  const form = root.querySelector("form");
  const { unit: chosen, shown, held, value: heldAt, level } = form.elements;
  const text = root.querySelector("textarea");
  const box = root.querySelector(".typed pre");
  const said = root.querySelector(".readout");
  const expected = root.querySelector(".expected");
  const signals = JSON.parse(root.dataset.signals);  // [[name, in words], ...]
  let begun = false;
  let network = null;
  let answer = null;

  /* Runs in a worker, or in the page where there can be none. */
  const serve = (make, architecture, scope) => {
    const tool = make();
    let made = null;
    scope.onmessage = ({ data }) => {
      if (data.model) made = new tool.Network(data.model, architecture);
      else scope.postMessage(tool.answer(made, data));
    };
  };

  const inPage = (architecture) => {
    const port = { postMessage: (data) => { setTimeout(() => scope.onmessage({ data })); } };
    const scope = { postMessage: (data) => port.onmessage({ data }) };
    serve(galleryNetwork, architecture, scope);
    return port;
  };

  const inWorker = (architecture) => {
    const source = `"use strict"; (${serve})(${galleryNetwork}, ${architecture}, self);`;
    return new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  };

  /* The one network of the page. It takes one question at a time; of those that wait, the last
     is asked. */
  class Engine {
    constructor(model, architecture, answered) {
      Object.assign(this, { model, architecture, answered, asked: null, waiting: null });
      try {
        this.start(location.protocol === "file:" ? inPage(architecture) : inWorker(architecture));
      } catch {
        this.start(inPage(architecture));
      }
    }

    start(port) {
      this.port = port;
      port.onmessage = ({ data }) => this.receive(data);
      port.onerror = (event) => {  // a browser may let no worker start
        event.preventDefault();
        port.terminate();
        this.start(inPage(this.architecture));
      };
      port.postMessage({ model: this.model });
      if (this.asked) this.send(this.waiting ?? this.asked);
    }

    receive(data) {
      this.asked = null;
      if (this.waiting) this.send(this.waiting);
      else this.answered(data);
    }

    send(question) {
      this.asked = question;
      this.waiting = null;
      this.port.postMessage(question);
    }

    ask(question) {
      if (this.asked) this.waiting = question;
      else this.send(question);
    }
  }

  const name = () => chosen ? chosen.value : root.dataset.unit;

  const holdOn = ({ state, layer, index }) =>
    held.checked ? { state, layer, index, value: Number(heldAt.value) } : null;

  const ask = () => {
    if (!network) return;
    const unit = unitOf(name(), network.model, network.architecture);
    if (!unit) {
      said.textContent = "There is no unit of this name.";
      return;
    }
    level.value = number(Number(heldAt.value));
    network.ask({ text: text.value, unit, hold: holdOn(unit) });
  };

  /* Colours what was read; a gate from 0 to 1 takes the whole scale. */
  const draw = (given) => {
    const characters = Array.from(text.value), read = given.values.length;
    const gate = given.signals[shown.value];
    answer = { ...given, characters: characters.slice(0, read) };
    paint(box, answer.characters, (at) => gate ? 2 * gate[at] - 1 : given.values[at], []);
    box.append(characters.slice(read).join("") + "\n");
    tell();
  };

  /* Place of the character before the cursor, or of the last that was read. */
  const place = () => {
    const before = Array.from(text.value.slice(0, text.selectionStart)).length - 1;
    const last = answer.values.length - 1;
    return before < 0 || before > last ? last : before;
  };

  /* What is known after a character. */
  const parts = (at) => [
    `after ${named(answer.characters[at])}`,
    `${name()} = ${number(answer.values[at])}`,
    ...signals.filter(([signal]) => signal in answer.signals)
      .map(([signal, words]) => `${words} ${number(answer.signals[signal][at])}`),
    ...(answer.bits === null ? [] : [`${number(answer.bits)} bits a character for this text`]),
  ];

  const tell = () => {
    if (!answer) return;
    const at = place();
    said.textContent = at < 0 ? "There is nothing to read yet." : parts(at).join(", ");
    expected.replaceChildren(...(at < 0 ? [] : answer.guesses[at].map(guess)));
  };

  const element = (kind, className, content) =>
    Object.assign(document.createElement(kind), { className, textContent: content });

  const guess = ([character, p]) => {
    const row = document.createElement("li");
    const code = element("code", "", DRAWN[character] ?? character);
    const bar = element("span", "likely", "");
    code.title = named(character);
    bar.style.setProperty("--p", p);
    row.append(code, bar, element("span", "figure", number(p)));
    return row;
  };

  const begin = async () => {
    if (begun) return ask();
    begun = true;
    said.textContent = "Loading the network …";
    try {
      const { model, architecture } = await loadNetwork(root.dataset.source, root.dataset.model);
      network = new Engine(model, architecture, draw);
    } catch {
      begun = false;
      said.textContent = "The network could not be loaded.";
    }
    ask();
  };

  box.textContent = text.value + "\n";
  for (const kind of ["focus", "input"]) text.addEventListener(kind, begin);
  for (const kind of ["keyup", "click", "select"]) text.addEventListener(kind, tell);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", begin);
})();
