/* The network at work beside a text: what it predicts after a character, what freezing a unit
   changes, and a text of the visitor's own, read as it is typed. It never leaves the browser. */
"use strict";

(() => {
  const root = document.getElementById("play");
  if (!root?.dataset.model) return;

  const DRAWN = { "\n": "↵", "\t": "→", " ": "␣" };
  const ROWS = 5;      // characters that are named of what may come next
  const HARM = 2;      // bits: a character that freezing makes so much worse is as red as can be
  const { number, named, element, repaint, loadNetwork, readers } = galleryTools;
  const { Engine, Known } = galleryEngine;
  const { unitOf } = galleryNetwork();
  const form = root.querySelector(".beside form");
  const { unit: chosen, shown, held, value: heldAt, level } = form.elements;
  const area = root.querySelector(".typed textarea");
  const box = root.querySelector(".typed pre");
  const said = root.querySelector(".beside .readout");
  const gates = root.querySelector(".beside .gates");
  const expected = root.querySelector(".expected");
  const cost = root.querySelector(".beside .cost");
  const signals = JSON.parse(root.dataset.signals);  // [[name, in words], ...]
  const means = JSON.parse(form.dataset.means);  // of the units of which it is known

  const known = new Known(signals.map(([signal]) => signal));
  let opening = null;   // a promise of the network, once it was asked for
  let network = null;
  let asked = 0;
  let excerpt = null;   // the figure that is read, where it is none of the visitor's own
  let at = -1;          // the place in it
  let words = [];       // what was measured there
  let seen = null;      // what may come next
  let drawing = false;
  let moved = false;    // whether somebody chose at what to freeze; else it is the unit's mean
  let settled = "";     // the unit whose mean that is

  const name = () => chosen ? chosen.value.trim() : root.dataset.unit;
  const text = () => excerpt ? readers.get(excerpt).text : area.value;

  /* Place of the character before the cursor; before the first, of the last of all. */
  const place = () => {
    if (excerpt) return at;
    const before = Array.from(area.value.slice(0, area.selectionStart)).length;
    return (before || Array.from(area.value).length) - 1;
  };

  const holdOn = ({ state, layer, index }, value = heldAt.value) =>
    ({ state, layer, index, value: Number(value) });

  const ask = () => {
    if (!network) return;
    const unit = unitOf(name(), network.model, network.architecture);
    chosen?.setAttribute("aria-invalid", String(!unit));
    if (!unit) {
      asked += 1;  // what is still to come is about another unit
      said.textContent = "This network has no such unit.";
      return;
    }
    if (known.unit !== name()) known.forget();
    known.unit = name();
    settle();
    known.take(Array.from(text()));
    asked += 1;
    const hold = held.checked ? holdOn(unit) : null;
    network.ask({ id: asked, text: text(), unit, hold, known: known.lengths }, place());
    draw();
  };

  const receive = ({ part, id, seen: looked }) => {
    if (part && id === asked) {
      known.add(part);
      if (settle() && held.checked) ask();
    }
    if (looked && looked.at === place()) seen = looked;
    draw();
  };

  /* At most once a frame, however many parts come. */
  const draw = () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      if (!excerpt) colour();
      tell();
    });
  };

  /* The ends of the colours: those of the unit, of a gate, or of the harm. */
  const legend = () => {
    const [low, high] = shown.value === "" ? ["−1", "1"]
      : shown.value === "harm" ? [`helps by ${HARM} bits`, `harms by ${HARM} bits`]
        : ["0 (shut)", "1 (open)"];
    const ends = root.querySelectorAll(".legend-scale > span:not(.ramp)");
    ends.forEach((end, n) => { end.textContent = n ? high : low; });
  };

  const valueAt = (i) => {
    const { free, frozen } = known;
    if (free.strange[i]) return NaN;
    if (shown.value === "harm") return (frozen.bits[i] - free.bits[i]) / HARM || 0;
    const gate = free.signals[shown.value];
    return gate ? 2 * gate[i] - 1 : free.values[i];
  };

  const colour = () => {
    const all = Array.from(area.value), { free, frozen } = known.lengths;
    const read = shown.value === "harm" ? Math.min(free, frozen) : free;
    repaint(box, all, (i) => network && i < read ? valueAt(i) : undefined);
    if (!all.length || all.at(-1) === "\n") box.append("\n");  // the line that begins there
  };

  const worded = (kind, className, textContent) => element(kind, className, { textContent });

  const quoted = (character) => character.trim() ? `“${character}”` : `a ${named(character)}`;

  /* What is known after a character of the visitor's text. */
  const parts = (i) => [
    `after ${quoted(known.characters[i])}`,
    ...(i in known.free.values ? [`${name()} = ${number(known.free.values[i])}`] : []),
    ...(held.checked ? [`frozen at ${number(Number(heldAt.value))}`] : []),
  ];

  const tell = () => {
    const i = place();
    if (!excerpt && (!network || i >= 0 && !(i in known.characters))) return;
    if (!excerpt) words = i < 0 ? ["Type something."] : parts(i);
    if (words.length) {
      said.replaceChildren(...words.flatMap((word, n) =>
        [worded(n ? "span" : "strong", "", word), " "]));
    }
    tellGates(i);
    tellGuesses();
    tellCost();
  };

  const tellGates = (i) => {
    if (!network || !gates || !(i in known.free.values)) return;
    const there = signals.filter(([signal]) => i in known.free.signals[signal]);
    gates.replaceChildren(...there.flatMap(([signal, title]) => [
      worded("dt", "", title), worded("dd", "", number(known.free.signals[signal][i]))]));
  };

  const best = (p, count) => Array.from(p.keys()).slice(1)
    .filter((id) => !network.never.has(id)).sort((a, b) => p[b] - p[a]).slice(0, count);

  const cell = (p, className) => {
    const made = element("td", className);
    const bar = element("span", "likely");
    bar.style.setProperty("--p", p);
    made.append(bar, worded("span", "figure", number(p)));
    return made;
  };

  const tellGuesses = () => {
    if (!seen || seen.at !== place()) return;
    const { free } = seen, frozen = held.checked ? seen.frozen : null;
    const ids = frozen ? [...new Set([...best(free, 3), ...best(frozen, 3), ...best(free, ROWS)])]
      .slice(0, ROWS).sort((a, b) => free[b] - free[a]) : best(free, ROWS);
    expected.classList.toggle("both", Boolean(frozen));
    expected.querySelector("tbody").replaceChildren(...ids.map((id) => {
      const row = document.createElement("tr"), character = network.characters[id - 1];
      const head = element("th", "");
      head.scope = "row";
      head.title = named(character);
      head.append(worded("code", "", Array.from(character, (it) => DRAWN[it] ?? it).join("")));
      row.append(head, cell(free[id], "free"), frozen ? cell(frozen[id], "frozen") : "");
      return row;
    }));
  };

  const mean = (row) => {
    const real = row.filter((value) => !Number.isNaN(value));
    return real.length ? real.reduce((a, b) => a + b) / real.length : null;
  };

  const isMean = () => !moved && (name() in means || settled === name());

  /* The slider begins at the mean of the unit: what was measured, else that over this text. Tells
     whether it was put somewhere else. */
  const settle = () => {
    if (moved || settled === name()) return false;
    const read = known.lengths.free && known.lengths.free === known.characters.length;
    const usual = means[name()] ?? (read ? mean(known.free.values) : null);
    if (usual === null) return false;
    settled = name();
    const before = heldAt.value;
    holdAt(usual);
    return heldAt.value !== before;
  };

  const costWords = () => {
    const { characters, free, frozen } = known, all = characters.length;
    if (free.bits.length < all || held.checked && frozen.bits.length < all) return "Reading …";
    const cost = mean(free.bits);
    return cost === null ? "" : `This text costs ${number(cost)}${
      held.checked ? ` → ${number(mean(frozen.bits))}` : ""} bits per character.`;
  };

  const tellCost = () => {
    if (!network) return;
    const strange = known.free.strange.filter(Boolean).length;
    const grey = strange ? ` Grey: not in the network's vocabulary (${strange}).` : "";
    cost.textContent = costWords() + grey;
  };

  const load = async () => {
    cost.textContent = "Loading the network …";
    try {
      network = new Engine(await loadNetwork(root.dataset.source, root.dataset.model), receive);
      cost.textContent = "";
    } catch {
      opening = null;
      cost.textContent = "The network could not be loaded.";
    }
    return network;
  };

  /* The network; null where it could not be loaded. */
  const opened = () => opening ??= load();

  const begin = async () => {
    if (!opening) await opened();
    ask();
  };

  /* A text of an excerpt: what was measured at the character that is pointed at. */
  root.addEventListener("gallery:read", ({ target, detail }) => {
    const other = excerpt !== target;
    excerpt = target;
    at = detail.at;
    words = detail.words;
    if (network && !other && known.characters.length) network.look(at);
    else if (detail.byVisitor) begin();
    draw();
  });

  /* The visitor's own text: that of the excerpt, to be changed. */
  const edit = (figure, caret, added = "") => {
    const drawn = Array.from(figure.querySelector("pre.x").textContent);
    area.value = [...drawn.slice(0, caret), added, ...drawn.slice(caret)].join("");
    const cursor = drawn.slice(0, caret).join("").length + added.length;
    root.dispatchEvent(new CustomEvent("gallery:pick", { detail: "type" }));
    area.focus();
    area.setSelectionRange(cursor, cursor);
    begin();
  };

  const typesInto = (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey) return;
    const figure = target.closest("figure.excerpt[data-unit]");
    if (!figure || !target.matches("pre.x")) return;
    event.preventDefault();
    edit(figure, readers.get(figure).at + 1, key);
  };

  root.querySelectorAll("figure.excerpt[data-unit]").forEach((figure) => {
    const button = element("button", "", { textContent: "Edit this text", type: "button" });
    button.addEventListener("click", () => edit(figure, Infinity));
    figure.querySelector(".take")?.append(button);
    figure.addEventListener("keydown", typesInto);
    figure.addEventListener("dblclick", () => edit(figure, readers.get(figure).at + 1));
  });

  const own = () => {
    excerpt = null;
    begin();
  };

  root.addEventListener("gallery:picked", ({ detail }) => {
    root.classList.toggle("own-text", detail === "type");
    if (detail === "type") return own();
    seen = null;
    shown.value = "";
    legend();
    const reader = readers.get(document.getElementById(detail));
    reader?.show(reader.at < 0 ? reader.liveliest : reader.at, false, false);
    ask();
  });
  for (const kind of ["focus", "input"]) area.addEventListener(kind, own);
  for (const kind of ["keyup", "click", "select"]) {
    area.addEventListener(kind, () => {
      if (network && !excerpt) network.look(place());
      draw();
    });
  }
  const holdAt = (value) => {
    heldAt.value = value;
    level.value = number(Number(heldAt.value)) + (isMean() ? ", its mean" : "");
    known.thaw();
    root.dispatchEvent(new CustomEvent("gallery:hold"));
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target === heldAt) held.checked = moved = true;
    if (target === heldAt || target === held) holdAt(heldAt.value);
    legend();
    if (target === shown && excerpt) edit(excerpt, Infinity);
    else begin();
  });
  box.textContent = area.value + "\n";

  const figureOf = (number) => root.querySelector(`.texts > figure[id="excerpt-${number}"]`);

  const shared = () => ({
    excerpt: excerpt ? excerpt.id.replace("excerpt-", "") : "", text: excerpt ? "" : area.value,
    at: String(place()), unit: chosen ? name() : "", by: shown.value,
    level: moved ? heldAt.value : "", frozen: held.checked ? "yes" : "",
  });

  /* A text of an address, or of an excerpt, with a place in it. */
  const showText = ({ excerpt: number, text: own, at: asked }) => {
    const figure = own ? null : figureOf(Number(number)) ?? figureOf(defaults.excerpt);
    const reader = readers.get(figure);
    root.dispatchEvent(new CustomEvent("gallery:pick", { detail: figure?.id ?? "type" }));
    if (reader) return reader.show(Number(asked) || 0, false, asked !== defaults.at);
    if (own.length <= area.maxLength) area.value = own || area.value;
    const caret = Array.from(area.value).slice(0, (Number(asked) || 0) + 1).join("").length;
    area.setSelectionRange(caret, caret);
    begin();
  };

  let defaults = null;
  galleryTools.parts.push({
    get defaults() { return defaults ??= shared(); },
    get: shared,
    set(asked) {
      if (chosen) chosen.value = asked.unit;
      shown.value = asked.by;
      if (!shown.selectedOptions.length) shown.value = "";
      held.checked = asked.frozen === "yes";
      moved = asked.level !== "";
      settled = "";
      holdAt(moved ? Math.max(-1, Math.min(1, Number(asked.level) || 0)) : means[name()] ?? 0);
      showText(asked);
      legend();
      if (held.checked) begin();
    },
  });

  /* The text that is read, for other scripts: what it is up to the place that is looked at, the
     unit and how it is held, and the network. */
  galleryTools.play = {
    opened,
    holdAt(value) {
      moved = true;
      holdAt(value);
      if (held.checked) begin();
    },
    get isFrozen() { return held.checked; },
    get isMoved() { return moved; },
    get heldAt() { return Number(heldAt.value); },
    get before() { return Array.from(text()).slice(0, place() + 1).join(""); },
    get name() { return name(); },
    unit: ({ model, architecture }, of = name()) => unitOf(of, model, architecture),
    hold: (unit, value = heldAt.value) => holdOn(unit, value),
  };
})();
