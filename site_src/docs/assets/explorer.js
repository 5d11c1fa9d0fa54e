/* Any unit over any excerpt of an exhibit; and units that differ between two parts of a text.
   Excerpts come when they come: what was chosen last is what is shown. */
"use strict";

(() => {
  const root = document.getElementById("explorer");
  if (!root) return;

  const FULL = 127;    // int8 of a value of 1
  const LEAST = 1e-9;  // of a spread that is more than rounding
  const EXACT = 9;     // a larger count is drawn in quarters
  const BEST = 10;     // units in the table
  const LONGEST = 1000;  // milliseconds that an expression may take
  const PAUSE = 64;    // characters that are read before others may do something
  const FREQUENT = 5;  // times that a pair of characters must be there to say what is beyond it
  const { number, labelsOf, paint, load, loadNetwork } = galleryTools;
  const { units, features } = JSON.parse(document.getElementById("explorer-data").textContent);
  const form = root.querySelector("form.explore");
  const find = root.querySelector("form.find");
  const box = root.querySelector("pre.x");
  const said = document.getElementById("explored");
  const found = document.getElementById("found");
  const outcome = document.getElementById("outcome");
  let shown = null;
  let matched = [];   // of the excerpt that is shown: whether a search matched each character
  let selected = null;  // the last part that was marked by hand: { start, end }
  let unit = 0;
  let choices = 0;   // of a unit, so far
  let searches = 0;  // so far
  let sought = {};   // what was looked for last: { pattern }, { formula } or { marked }

  /* int8[N, units.length] as base64, row by row. */
  const bytes = (base64) => {
    const raw = atob(base64), out = new Int8Array(raw.length);
    for (let at = 0; at < raw.length; at += 1) out[at] = raw.charCodeAt(at);
    return out;
  };

  /* float32 as base64. */
  const floats = (base64) => new Float32Array(bytes(base64).buffer);

  /* `17x3 204x1`: step 17 covers three characters, 204 one. */
  const stepsOf = (spanned) => spanned.split(" ").map((step) => {
    const [id, size] = step.split("x").map(Number);
    return { id, size };
  });

  /* What the network itself makes of a text, from the state before it on: int8[N, units.length],
     each character what its step has. */
  const readOn = async ({ text, before, steps }) => {
    const { model, architecture } = await loadNetwork(root.dataset.source, root.dataset.model);
    const { Network, unitOf } = galleryNetwork(galleryKernel);
    const network = new Network(model, architecture).startFrom(floats(before));
    const { states } = network.architecture;
    const columns = units.map((name) => unitOf(name, model, architecture));
    const values = new Int8Array(Array.from(text).length * units.length);
    const cut = steps ? stepsOf(steps) : network.cutting.cut(text);
    let at = 0, read = 0;
    for (const now of network.follow(cut)) {
      const row = columns.map(({ layer, state, index }) => Math.round(
        Math.max(-1, Math.min(1, states[state](now[layer][state][index]))) * FULL));
      for (let n = 0; n < cut[read].size; n += 1) {
        values.set(row, at);
        at += row.length;
      }
      read += 1;
      if (read % PAUSE === 0) await new Promise((go) => { setTimeout(go); });
    }
    return values;
  };

  const excerptOf = async (data) => ({ characters: Array.from(data.text), labels: data.labels,
    values: data.before ? await readOn(data) : bytes(data.activations) });

  const kept = new Map();  // name of an excerpt to what comes of it

  const fetched = async (name, source) => {
    if (!window.galleryData?.[name]) await load(source);
    return excerptOf(window.galleryData[name]);
  };

  /* Each excerpt is read once; one that could not be is tried again. */
  const read = ({ value: name, dataset }) => {
    if (!kept.has(name)) {
      const excerpt = fetched(name, dataset.source);
      excerpt.catch(() => kept.delete(name));
      kept.set(name, excerpt);
    }
    return kept.get(name);
  };

  const valueOf = (excerpt, at, which) => excerpt.values[at * units.length + which] / FULL;

  const failed = () => null;
  const tellFailure = () => { said.textContent = "The excerpt could not be loaded."; };

  /* Lines under the text: one each of a count up to four, of a larger one a quarter of it each. */
  const linesOf = (labels) => {
    const most = labels.reduce((a, b) => Math.max(a, b), 0);
    const step = most > EXACT ? most / 4 : 1;
    return labels.map((label) => Math.max(0, Math.ceil(label / step)));
  };

  const draw = () => {
    if (!shown) return;
    const labels = labelsOf(shown.labels[form.elements.feature.value]);
    const on = form.elements.feature.value ? linesOf(labels) : matched;
    paint(box, shown.characters, (at) => valueOf(shown, at, unit), on);
    said.textContent = `${units[unit]} over this excerpt`;
  };

  /* Marks a name that is none. */
  const tellName = (known) => {
    form.elements.unit.setAttribute("aria-invalid", String(!known));
    if (!known) said.textContent = `There is no unit ${form.elements.unit.value.trim()}.`;
  };

  const choose = (which) => {
    choices += 1;
    unit = (which + units.length) % units.length;
    form.elements.unit.value = units[unit];
    tellName(true);
    document.dispatchEvent(new Event("gallery:changed"));
    draw();
  };

  const open = async () => {
    const choice = form.elements.excerpt, option = choice.selectedOptions[0];
    const excerpt = await read(option).catch(failed);
    if (option !== choice.selectedOptions[0]) return;
    if (!excerpt) return tellFailure();
    shown = excerpt;
    sought = {};
    matched = [];
    selected = null;
    found.hidden = true;
    outcome.textContent = "";
    draw();
  };

  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const marksIn = ({ mask }) => mask.filter(Boolean).length;

  /* Pearson's r of a unit v with the mask m, and its means where m is 1 and where it is 0:
       r = (Σ vm - Σm Σv / n) / √((Σ v² - (Σv)² / n) (Σm - (Σm)² / n)) */
  const compare = (parts, which, n, inside) => {
    let total = 0, squares = 0, there = 0;
    for (const { excerpt, mask } of parts) {
      mask.forEach((here, at) => {
        const v = valueOf(excerpt, at, which);
        total += v;
        squares += v * v;
        if (here) there += v;
      });
    }
    const spread = Math.sqrt((squares - total * total / n) * (inside - inside * inside / n));
    return { which, r: spread > LEAST ? (there - inside * total / n) / spread : 0,
      there: there / inside, elsewhere: (total - there) / (n - inside) };
  };

  /* The pair of characters that ends at each character: its number, and where each is that is
     frequent enough. */
  const pairsOf = (parts) => {
    const numbers = new Map(), sizes = [];
    const ofEach = parts.map(({ excerpt: { characters } }) => characters.map((c, at) => {
      if (!at) return -1;
      const pair = characters[at - 1] + c;
      if (!numbers.has(pair)) numbers.set(pair, sizes.push(0) - 1);
      sizes[numbers.get(pair)] += 1;
      return numbers.get(pair);
    }));
    return { sizes, ofEach: ofEach.map((pairs) => pairs.map(
      (pair) => sizes[pair] >= FREQUENT ? pair : -1)) };
  };

  /* What is left of the mask m when its mean for each pair of characters is taken away. */
  const beyondPairs = (parts) => {
    const { sizes, ofEach } = pairsOf(parts), means = sizes.map(() => 0);
    parts.forEach(({ mask }, i) => mask.forEach((here, at) => {
      if (here && ofEach[i][at] >= 0) means[ofEach[i][at]] += 1 / sizes[ofEach[i][at]];
    }));
    const rest = parts.map(({ mask }, i) => mask.map((here, at) =>
      ofEach[i][at] >= 0 ? Number(here) - means[ofEach[i][at]] : 0));
    return { sizes, ofEach, rest, spread: sum(rest.map((row) => sum(row.map((m) => m * m)))) };
  };

  /* r′: Pearson's r of what is left of a unit v and of the mask when the means for each pair g of
     characters are taken away, Σ v m / √((Σ v² − Σg (Σ v)² / n) Σ m²). */
  const within = (parts, which, { sizes, ofEach, rest, spread }) => {
    const totals = sizes.map(() => 0);
    let squares = 0, together = 0;
    parts.forEach(({ excerpt }, i) => ofEach[i].forEach((pair, at) => {
      if (pair < 0) return;
      const v = valueOf(excerpt, at, which);
      totals[pair] += v;
      squares += v * v;
      together += v * rest[i][at];
    }));
    const left = squares - sum(totals.map((total, pair) => total * total / sizes[pair]));
    const both = Math.sqrt(Math.max(0, left) * spread);
    return both > LEAST ? together / both : 0;
  };

  const figure = (value) => Object.assign(document.createElement("td"),
    { className: "figure", textContent: number(value) });

  /* Layer and index of a unit, whatever its signal: all signals of a unit share a page. */
  const cellOf = (name) => name.replace(/^[a-z]+/, "");

  const pages = new Map([...document.getElementById("unit-pages").content.querySelectorAll("a")]
    .map((link) => [link.textContent, link]));

  /* A cell of a table: a link to the page of a unit, where it has one. */
  const pageOf = (which) => {
    const cell = document.createElement("td");
    const link = pages.get(cellOf(units[which]))?.cloneNode();
    if (link) {
      link.textContent = "page";
      link.setAttribute("aria-label", `Page of ${units[which]}`);
      cell.append(link);
    }
    return cell;
  };

  const row = ({ which, r, beyond, there, elsewhere }) => {
    const tr = document.createElement("tr"), th = document.createElement("th");
    const button = document.createElement("button");
    th.scope = "row";
    button.type = "button";
    button.textContent = units[which];
    button.addEventListener("click", () => choose(which));
    th.append(button);
    tr.append(th, ...[r, beyond, there, elsewhere].map(figure), pageOf(which));
    return tr;
  };

  const size = (count) => count.toLocaleString("en");

  /* Units in the order of |r| with the masks of one or more excerpts; none where a mask is on
     everywhere or nowhere: `none` says what that means. */
  const ranked = (parts, none) => {
    const n = sum(parts.map(({ mask }) => mask.length)), inside = sum(parts.map(marksIn));
    if (!inside || inside === n) {
      outcome.textContent = inside ? "Everything is marked: there is nothing to compare." : none;
      return [];
    }
    outcome.textContent = `${size(inside)} of ${size(n)} characters, ` +
      (parts.length === 1 ? "this excerpt" : "all excerpts");
    const rows = units.map((_, which) => compare(parts, which, n, inside))
      .sort((a, b) => Math.abs(b.r) - Math.abs(a.r)).slice(0, BEST);
    const left = beyondPairs(parts);
    return rows.map((one) => ({ ...one, beyond: within(parts, one.which, left) }));
  };

  const list = (rows) => {
    found.tBodies[0].replaceChildren(...rows.map(row));
    found.hidden = !rows.length;
  };

  /* What is marked in the text, as places of characters; null where nothing is. */
  const selection = () => {
    const now = document.getSelection();
    if (!now.rangeCount || now.isCollapsed || !box.contains(now.anchorNode)) return null;
    const range = now.getRangeAt(0), before = document.createRange();
    before.setStart(box, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = Array.from(before.toString()).length;
    return { start, end: start + Array.from(range.toString()).length };
  };

  /* A tap on a button may take the selection away, so the last one is kept. */
  const marked = () => {
    const { start, end } = selected ?? { start: 0, end: 0 };
    return shown.characters.map((_, at) => at >= start && at < end);
  };

  /* Which characters of each text an expression matches; this runs in a worker. */
  const masksOf = (texts, pattern) => texts.map((text) => {
    const size = (part) => Array.from(part).length;
    const mask = new Array(size(text)).fill(false);
    let read = 0, place = 0;
    for (const { 0: match, index } of text.matchAll(new RegExp(pattern, "gmu"))) {
      const start = place + size(text.slice(read, index));
      read = index + match.length;
      place = start + size(match);
      mask.fill(true, start, place);
    }
    return mask;
  });

  const serve = `onmessage = ({ data }) => postMessage((${masksOf})(...data)); postMessage(null);`;

  /* The same, given up after a second: some expressions take a time that doubles with each
     character. Where a browser lets no worker start, the page itself looks. */
  const masksInTime = (texts, pattern) => new Promise((done, fail) => {
    const worker = new Worker(URL.createObjectURL(new Blob([serve], { type: "text/javascript" })));
    let clock = 0;
    const end = (act, what) => {
      clearTimeout(clock);
      worker.terminate();
      act(what);
    };
    const begin = () => {
      clock = setTimeout(end, LONGEST, fail,
        new Error("This expression takes too long: it was stopped after a second."));
      worker.postMessage([texts, pattern]);
    };
    worker.onmessage = ({ data }) => data ? end(done, data) : begin();
    worker.onerror = (event) => {
      event.preventDefault();
      end(done, masksOf(texts, pattern));
    };
  });

  const matches = ({ source }) => (excerpts) =>
    masksInTime(excerpts.map(({ characters }) => characters.join("")), source);

  /* Every excerpt, loaded one after the other. */
  const all = async () => {
    const excerpts = [];
    for (const option of form.elements.excerpt.options) excerpts.push(await read(option));
    return excerpts;
  };

  const current = async () => shown ? [shown] : [];

  /* Takes away what the last search has found, and says why. */
  const giveUp = (why) => {
    matched = [];
    list([]);
    draw();
    outcome.textContent = why;
  };

  /* Of searches that overlap, the last is told. The unit that is found first is shown, if none was
     chosen in the meantime. */
  const search = async (excerptsOf, masksOfAll, none) => {
    const chosen = choices, turn = searches += 1;
    const excerpts = await excerptsOf().catch(failed);
    if (turn !== searches) return;
    if (!excerpts) return tellFailure();
    const masks = await masksOfAll(excerpts).catch(({ message }) => message);
    if (turn !== searches) return;
    if (typeof masks === "string") return giveUp(masks);
    const parts = excerpts.map((excerpt, at) => ({ excerpt, mask: masks[at] }))
      .filter(({ mask }) => mask);
    const rows = ranked(parts, none);
    if (parts.length < excerpts.length) {
      outcome.textContent += `; in ${excerpts.length - parts.length} of ${excerpts.length} it is ` +
        "not known where a term of the formula holds";
    }
    list(rows);
    matched = parts.find(({ excerpt }) => excerpt === shown)?.mask ?? [];
    if (rows.length && chosen === choices) choose(rows[0].which);
    else draw();
  };

  /* What is made of what was typed; where that cannot be, nothing is found, and it is told why. */
  const madeOf = (make, what) => {
    try {
      return make();
    } catch (error) {
      searches += 1;
      giveUp(`This is not a ${what}: ${error.message}`);
      return null;
    }
  };

  const expressionOf = (pattern) =>
    madeOf(() => new RegExp(pattern, "gmu"), "regular expression");

  const known = new Set(Object.keys(features));

  /* An excerpt as formulas see it. */
  const readable = (excerpt, matching) => ({ characters: excerpt.characters, matching,
    labelsOf: (feature) => labelsOf(excerpt.labels[feature]) });

  /* Where a formula holds in each excerpt, once its expressions have been looked for. */
  const holding = (tree) => async (excerpts) => {
    const masks = new Map();
    for (const expression of galleryFormula.patternsIn(tree)) {
      masks.set(expression, await matches(expression)(excerpts));
    }
    return excerpts.map((excerpt, at) => galleryFormula.holds(tree,
      readable(excerpt, (expression) => masks.get(expression)[at])));
  };

  const excerptsAsked = () => find.elements.everywhere.checked ? all : current;

  const searchForFormula = () => {
    sought = { formula: find.elements.formula.value };
    const tree = madeOf(() => galleryFormula.parse(sought.formula, known), "formula");
    if (tree) search(excerptsAsked(), holding(tree), "It holds nowhere.");
  };

  const searchForPattern = () => {
    sought = { pattern: find.elements.pattern.value };
    const expression = expressionOf(sought.pattern);
    if (expression) search(excerptsAsked(), matches(expression), "No match.");
  };

  /* The place of a unit by its name, c0.185, or by a part of it: c185, 0.185, 185. Of several that
     fit, the last is taken: of an LSTM the cell state. */
  const placeOf = (name) => {
    const [, signal, layer, index] = /^([a-z]*)(\d+\.)?(\d+)$/.exec(name) ?? [];
    if (!index) return -1;
    const fitting = new RegExp(`^${signal || "[a-z]+"}${layer ?? "\\d+\\."}${index}$`, "u");
    return units.findLastIndex((one) => fitting.test(one));
  };

  const searchForName = () => {
    const which = placeOf(form.elements.unit.value.trim().toLowerCase());
    if (which >= 0) choose(which);
    else tellName(false);
  };

  const option = (value, words) =>
    Object.assign(document.createElement("option"), { value, textContent: words });

  document.getElementById("all-units").replaceChildren(...units.map((name) => option(name, "")));
  form.elements.feature.append(...Object.entries(features).map(([id, words]) => option(id, words)));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.excerpt.addEventListener("change", open);
  form.elements.feature.addEventListener("change", draw);
  form.elements.unit.addEventListener("change", searchForName);
  form.querySelectorAll("[data-step]").forEach((button) => {
    button.addEventListener("click", () => choose(unit + Number(button.dataset.step)));
  });
  document.addEventListener("selectionchange", () => { selected = selection() ?? selected; });
  const searchForMarked = () => {
    sought = selected ? { marked: `${selected.start}-${selected.end}` } : {};
    return search(current, async (excerpts) => excerpts.map(marked), "Select some text first.");
  };

  find.elements.marked.addEventListener("click", searchForMarked);
  find.elements.formulated.addEventListener("click", searchForFormula);
  find.elements.formula.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    searchForFormula();
  });
  find.addEventListener("submit", (event) => {
    event.preventDefault();
    searchForPattern();
  });

  const shared = () => ({ unit: units[unit], excerpt: String(form.elements.excerpt.selectedIndex),
    feature: form.elements.feature.value, pattern: "", formula: "", marked: "", ...sought,
    everywhere: find.elements.everywhere.checked ? "" : "no" });

  /* Looks for what an address says was looked for. */
  const seek = ({ pattern, formula, marked: place }) => {
    find.elements.pattern.value = pattern;
    find.elements.formula.value = formula;
    const [start, end] = place.split("-").map(Number);
    if (pattern) searchForPattern();
    else if (formula) searchForFormula();
    else if (start < end) {
      selected = { start, end };
      searchForMarked();
    }
  };

  choose(0);
  const opened = open();
  galleryTools.parts.push({
    defaults: shared(),
    get: shared,
    async set(asked) {
      const { excerpt, feature } = form.elements;
      const which = units.indexOf(asked.unit);
      choose(Math.max(0, which));
      find.elements.everywhere.checked = asked.everywhere !== "no";
      feature.value = asked.feature;
      if (!feature.selectedOptions.length) feature.value = "";
      const option = excerpt.options[Number(asked.excerpt)] ?? excerpt.options[0];
      if (option !== excerpt.selectedOptions[0]) {
        excerpt.value = option.value;
        await open();
      } else await opened;
      seek(asked);
      choose(unit);  // what is found first stays in the table
    },
  });
})();
