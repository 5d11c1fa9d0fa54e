/* The network goes on with a text, free and with a unit held: the first continuation is shown, all
   are counted. */
"use strict";

(() => {
  const root = document.getElementById("write"), { play } = galleryTools;
  if (!root || !play) return;

  const COUNT = 20, LENGTH = 200;  // continuations; characters of each, at least
  const SHOWN = 80;                // characters of the text before that stand above what follows
  const RUNS = ["free", "held"];
  const SVG = "http://www.w3.org/2000/svg";
  const WIDE = 200, ROW = 7, EDGE = 4;  // of a drawing of counts
  const { number, repaint, element } = galleryTools;
  const { count, countsFor, mean } = galleryCounted;
  const { language, on, count: own } = root.dataset;
  const form = root.querySelector("form");
  const { temperature, seed, frozen: heldAt, level, also, stop } = form.elements;
  const [submit, progress] = ["[type=submit]", "progress"].map((one) => form.querySelector(one));
  const state = root.querySelector(".state");
  const pair = root.querySelector(".pair");
  const table = root.querySelector("table");
  let asked = null;   // { before, unit, value, others, text and values of each run's continuations }
  let drawing = false;
  let wasSet = false;  // by an address

  const ofUnit = { id: "unit", unit: "" };

  /* What is counted, that which the page is about first. */
  const counts = () => [...countsFor(language).sort((a, b) => (b.id === own) - (a.id === own)),
    { ...ofUnit, name: `${asked.unit}, on average` }];

  const finished = (run) => asked.written[run].filter(({ done }) => done).map((one) => one.counts);

  const tellHold = () => {
    heldAt.value = play.heldAt;
    level.value = number(play.heldAt);
  };

  const circle = (x, run, className) => {
    const made = document.createElementNS(SVG, className === "mean" ? "rect" : "circle");
    const y = ROW * (1 + 2 * RUNS.indexOf(run));
    const given = className === "mean" ? { x: x - 1, y: y - ROW + 1, width: 2, height: 2 * ROW - 2 }
      : { cx: x, cy: y, r: 3 };
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    made.setAttribute("class", `${run} ${className}`);
    return made;
  };

  /* A dot for each continuation, free above frozen, and a bar at their mean. */
  const strip = (values, { unit, id }) => {
    const all = RUNS.flatMap((run) => values[run]);
    const least = id === "unit" ? -1 : 0;
    const most = unit === "%" ? 100 : Math.max(id === "unit" ? 1 : 0, ...all) || 1;
    const x = (value) => EDGE + (WIDE - 2 * EDGE) * (value - least) / (most - least);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDE} ${4 * ROW}`);
    svg.setAttribute("aria-hidden", "true");
    for (const run of RUNS) {
      svg.append(...values[run].map((value) => circle(x(value), run, "one")));
      if (values[run].length) svg.append(circle(x(mean(values[run])), run, "mean"));
    }
    return svg;
  };

  const figure = (values, { unit }) => element("td", "figure", { textContent: values.length
    ? `${number(mean(values), unit ? 1 : 2)}${unit === "%" ? " %" : ""}` : "" });

  const rowOf = (counted) => {
    const values = Object.fromEntries(RUNS.map((run) =>
      [run, finished(run).map((found) => found[counted.id])]));
    const row = element("tr", counted.id === own ? "own" : "");
    const name = counted.name + (counted.unit.length > 1 ? `, ${counted.unit} characters` : "");
    const head = element("th", "", { scope: "row" });
    head.append(element("span", "", { textContent: name }), strip(values, counted));
    row.append(head, ...RUNS.map((run) => figure(values[run], counted)));
    return row;
  };

  /* Other units that are frozen too, written as `c0.12 = 1, h0.3`: { name, value } of each; the slider says
     where one is that has no value. */
  const others = () => also.value.split(",").filter((part) => part.trim()).map((part) => {
    const [name, value = heldAt.value] = part.split("=").map((one) => one.trim());
    return { name, value: value === "" ? NaN : Number(value.replace("−", "-")) };
  });

  /* What is wrong with them; "" where nothing is. */
  const complaint = (network) => {
    const strange = others().find(({ name }) => !play.unit(network, name));
    if (strange) return `This network has no such unit: ${strange.name}.`;
    const far = others().find(({ value }) => !(Math.abs(value) <= 1));
    return far ? `${far.name} can be frozen at a number from −1 to 1.` : "";
  };

  const heldWords = () => [number(asked.value), ...asked.others.map(
    ({ name, value }) => `${name} at ${number(value)}`)].join(", ");

  const captionOf = (done) => done ? `Mean of ${done} continuation${done === 1 ? "" : "s"}, free `
    + `and with ${asked.unit} frozen at ${heldWords()}. Each dot is one: free above, frozen `
    + "below." : "";

  const tellCounts = () => {
    const done = finished("held").length;
    progress.value = done / COUNT;
    table.parentElement.hidden = !done;
    table.caption.textContent = captionOf(done);
    table.tBodies[0].replaceChildren(...done ? counts().map(rowOf) : []);
  };

  const tellTexts = () => {
    const before = Array.from(asked.before).slice(-SHOWN);
    pair.hidden = root.querySelector(".take").hidden = false;
    pair.querySelector("output").value = heldWords();
    pair.querySelectorAll("pre").forEach((box, at) => {
      const { text, values } = asked.written[RUNS[at]][0] ?? { text: "", values: [] };
      box.querySelector(".before")?.remove();
      repaint(box, Array.from(text), (i) => values[i]);
      box.prepend(element("span", "before", { textContent: before.join("") }));
    });
  };

  /* At most once a frame, however many parts come. */
  const draw = () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      tellTexts();
      tellCounts();
    });
  };

  const rest = (words) => {
    state.textContent = words;
    stop.hidden = progress.hidden = true;
    submit.hidden = false;
  };

  const take = ({ run, number: which, text, values, done, reading }) => {
    if (reading) return;
    const one = asked.written[run][which] ??= { text: "", values: [] };
    one.text += text;
    one.values.push(...values);
    if (done) {
      one.done = true;
      one.counts = { ...count(asked.before, one.text, language), unit: mean(one.values) };
    }
    if (done || which === 0) draw();
    if (done && run === "held" && which === COUNT - 1) rest(`${COUNT} continuations are written.`);
  };

  const write = async () => {
    submit.hidden = true;
    stop.hidden = progress.hidden = false;
    state.textContent = "Writing …";
    const network = await play.opened(), unit = network && play.unit(network);
    if (!network) return rest("The network could not be loaded.");
    if (!unit) return rest("This network has no such unit.");
    const wrong = complaint(network);
    also.setAttribute("aria-invalid", String(Boolean(wrong)));
    if (wrong) return rest(wrong);
    if (!play.before) return rest("There is no text yet: type something first.");
    asked = { before: play.before, unit: play.name, value: play.heldAt, others: others(),
      written: { free: [], held: [] } };
    document.dispatchEvent(new Event("gallery:changed"));
    tellTexts();
    tellCounts();
    const hold = [play.hold(unit), ...asked.others.map(
      ({ name, value }) => play.hold(play.unit(network, name), value))];
    network.write({ text: asked.before, unit, hold, count: COUNT, length: LENGTH,
      temperature: Number(temperature.value), seed: Number(seed.value) }, take);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write();
  });
  stop.addEventListener("click", async () => {
    (await play.opened())?.write(null);
    rest(`Stopped after ${finished("held").length} of ${COUNT} continuations.`);
    submit.focus();
  });
  heldAt.addEventListener("input", () => play.holdAt(heldAt.value));
  document.getElementById("play").addEventListener("gallery:hold", tellHold);

  galleryTools.parts.push({
    defaults: { temperature: temperature.value, seed: seed.value, also: "", write: "" },
    get: () => ({ temperature: temperature.value, seed: seed.value, also: also.value.trim(),
      write: asked ? "yes" : "" }),
    set(given) {
      for (const field of [temperature, seed]) {
        const asFigure = Number(given[field.name]);
        field.value = Number.isFinite(asFigure) ? String(asFigure) : field.defaultValue;
        if (!field.checkValidity()) field.value = field.defaultValue;
      }
      also.value = given.also.slice(0, also.maxLength);
      wasSet = true;
      if (given.write !== "yes") return;
      root.open = true;
      write();
    },
  });

  /* Where a slider was not moved yet, the unit is held where its feature is on. */
  root.addEventListener("toggle", () => {
    if (!wasSet && !play.isFrozen && !play.isMoved) play.holdAt(Number(on));
  }, { once: true });
  tellHold();
})();
