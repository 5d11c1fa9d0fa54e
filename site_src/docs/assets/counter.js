/* Small networks that read a's and b's: their counting unit, letter by letter, side by side. */
"use strict";

(() => {
  const form = document.querySelector("form[data-drive]");
  if (!form) return;

  const { number, networkOf } = galleryTools;
  const EACH = 40, MOST = 2000;  // milliseconds a letter; letters
  const WIDTH = 420, HEIGHT = 180, LEFT = 34, RIGHT = 10, TOP = 10, BOTTOM = 30;  // of a drawing
  const NAMES = ["a", "b", "the end"];
  const { n: count, text: box, at: slider, play, said } = form.elements;
  const figures = [...document.querySelectorAll("[data-driven]")];
  const data = JSON.parse(document.getElementById("driven-data").textContent);
  let networks = [], timer = null;

  const svg = (kind, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text;
    return made;
  };

  /* What may come after some letters: a, b, the end. Null where they begin no string of as many
     b's as a's. */
  const right = (as, bs) => bs > as ? null : bs ? [false, bs < as, bs === as] : [true, true, false];

  /* After each letter: the unit's value, the answers, and what they should be. */
  const read = ({ network, unit: [state, layer, index] }, letters) => {
    const steps = [];
    let now = null, as = 0, bs = 0, broken = false;
    for (const letter of letters) {
      now = network.step(now, network.cutting.idOf(letter));
      if (letter === "a") as += 1;
      else bs += 1;
      broken ||= letter === "a" && bs > 0;
      const answers = Array.from(network.scores(now), (score) => score > 0);
      const truth = broken ? null : right(as, bs);
      steps.push({ value: now[layer][state][index], answers, truth,
        wrong: truth !== null && truth.some((may, k) => may !== answers[k]) });
    }
    return steps;
  };

  const draw = (drawing, steps, shown, turn) => {
    const values = steps.map(({ value }) => value);
    const low = Math.min(0, ...values), high = Math.max(0, ...values);
    const margin = 0.05 * (high - low) || 1;
    const x = (at) => LEFT + (steps.length > 1 ? at / (steps.length - 1) : 0) * (WIDTH - LEFT - RIGHT);
    const y = (value) => TOP
      + (high + margin - value) / (high - low + 2 * margin) * (HEIGHT - TOP - BOTTOM);
    const levels = [...new Set([low, high])].flatMap((level) => [
      svg("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(level), y2: y(level) }),
      svg("text", { class: "side", x: LEFT - 6, y: y(level) + 4 },
        level.toFixed(Math.abs(level) < 10 ? 1 : 0).replace("-", "\u2212"))]);
    const line = values.slice(0, shown).map((value, at) => `${x(at)},${y(value)}`).join(" ");
    const dots = steps.slice(0, shown).flatMap(({ value, wrong }, at) => wrong
      ? [svg("circle", { class: "wrong", cx: x(at), cy: y(value), r: 4 })] : []);
    const now = shown ? [svg("circle", { class: "now", cx: x(shown - 1),
      cy: y(values[shown - 1]), r: 3.5 })] : [];
    const turned = turn ? [svg("line", { class: "moment", x1: x(turn - 1), x2: x(turn - 1),
      y1: TOP, y2: HEIGHT - BOTTOM })] : [];
    drawing.replaceChildren(...levels, ...turned,
      svg("text", { class: "first", x: LEFT, y: HEIGHT - 14 }, steps.length ? "1" : ""),
      svg("text", { class: "middle", x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 14 }, "letter"),
      svg("text", { class: "last", x: WIDTH - RIGHT, y: HEIGHT - 14 }, String(steps.length)),
      svg("polyline", { class: "line", points: line }), ...now, ...dots);
    const first = steps.findIndex(({ wrong }) => wrong);
    drawing.setAttribute("aria-label", steps.length
      ? `The unit over ${steps.length} letters, ${first < 0 ? "no answer wrong"
        : `first wrong after letter ${first + 1}`}` : "Nothing is typed yet");
  };

  const listed = (answers) => NAMES.filter((_, k) => answers[k]).join(" or ") || "nothing";

  /* What the network says at a letter, in words. */
  const told = ({ value, answers, truth, wrong }) => {
    const next = `${number(value)}; says that ${listed(answers)} may come next`;
    if (truth === null) return `${next}. These letters begin no string of as many b's as a's.`;
    return wrong ? `${next}. Wrong: it is ${listed(truth)}.` : `${next}, which is right.`;
  };

  const letters = () => [...box.value];

  const show = () => {
    const all = letters(), shown = Number(slider.value);
    const turn = all.lastIndexOf("a") + 1;
    const firsts = networks.map((network, k) => {
      network.steps ??= read(network, all);
      draw(figures[k].querySelector("svg"), network.steps, shown, turn);
      figures[k].querySelector(".readout").textContent = shown
        ? `Letter ${shown}, ${all[shown - 1]}: ${told(network.steps[shown - 1])}` : "";
      return network.steps.slice(0, shown).findIndex(({ wrong }) => wrong);
    });
    slider.setAttribute("aria-valuetext", `letter ${shown} of ${all.length}`);
    if (timer) return;
    said.textContent = all.length ? firsts.map((first, k) => `${figures[k].dataset.driven}: ${
      first < 0 ? "no answer wrong so far" : `first wrong after letter ${first + 1}`}`).join("; ")
      : "Type a's and b's.";
  };

  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };

  const take = (text) => {
    stop();
    box.value = [...text].filter((letter) => letter === "a" || letter === "b").slice(0, MOST).join("");
    networks.forEach((network) => { network.steps = null; });
    slider.max = String(box.value.length);
    slider.value = slider.max;
    show();
  };

  const power = () => {
    const n = Math.max(1, Math.min(MOST / 2, Math.round(Number(count.value)) || 1));
    count.value = String(n);
    take("a".repeat(n) + "b".repeat(n));
  };

  const start = () => {
    if (slider.value === slider.max) slider.value = "0";
    play.textContent = "Stop";
    timer = setInterval(() => {
      slider.value = String(Number(slider.value) + 1);
      if (slider.value === slider.max) stop();
      show();
    }, EACH);
  };

  const ACTIONS = { a: () => take(`${box.value}a`), b: () => take(`${box.value}b`),
    back: () => take(box.value.slice(0, -1)), clear: () => take("") };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    power();
  });
  form.addEventListener("click", ({ target }) => ACTIONS[target.dataset?.does]?.());
  box.addEventListener("input", () => take(box.value));
  slider.addEventListener("input", () => { stop(); show(); });
  play.addEventListener("click", () => {
    if (timer) {
      stop();
      show();
    } else start();
  });

  const open = async () => {
    const { Network } = galleryNetwork();
    networks = await Promise.all(data.map(async (driven) => {
      const { model, architecture } = await networkOf(driven);
      const [, state, layer, index] = model.unit.match(/^([a-z]+)(\d+)\.(\d+)$/);
      return { network: new Network(model, architecture), steps: null,
        unit: [state, Number(layer), Number(index)] };
    }));
    form.hidden = false;
    power();
  };

  open();
})();
