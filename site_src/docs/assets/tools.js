/* What several scripts need: numbers as the pages write them, runs of labels, coloured text. */
"use strict";

const galleryTools = (() => {
  const MINUS = "\u2212";
  const LETTERS = "abcdefghijklmnop";
  const ARCHITECTURES = new URL("architectures/", document.currentScript.src);

  const number = (value, digits = 2) => {
    const text = Math.abs(value).toFixed(digits).replace(/^0/, "");
    return (value < 0 && Number(text) ? MINUS : "") + text;
  };

  const named = (character) =>
    ({ " ": "space", "\n": "newline", "\t": "tab" })[character] ?? character;

  /* `0x12 1x30` is 12 zeros and 30 ones. */
  const labelsOf = (runs) => (runs ?? "").split(" ").flatMap((run) => {
    const [label, count] = run.split("x").map(Number);
    return new Array(count || 0).fill(label);
  });

  const element = (kind, className, given = {}) =>
    Object.assign(document.createElement(kind), { className }, given);

  /* Class of a value from −1 to 1; of what has no value, the class of that; none where it is not
     known yet. */
  const level = (value) => value === undefined ? "" : Number.isNaN(value) ? "none"
    : LETTERS[Math.max(0, Math.min(15, Math.floor((value + 1) * 8)))];

  const LINES = 4;  // under a text at most

  /* A run of one level, with lines under it where a feature is on: the elements that the builder
     makes. */
  const runOf = (letter, lines) => {
    const run = document.createElement("b");
    run.className = letter;
    let outer = run;
    for (let n = 0; n < Math.min(lines, LINES); n += 1) {
      const line = document.createElement("u");
      line.append(outer);
      outer = line;
    }
    return { run, outer };
  };

  const painted = (characters, valueAt, on) => {
    const parts = document.createDocumentFragment();
    let run = null, state = "";
    characters.forEach((character, i) => {
      const letter = level(valueAt(i)), lines = Number(on[i] ?? 0), now = letter + lines;
      if (now !== state) {
        const made = letter ? runOf(letter, lines) : { run: parts, outer: "" };
        parts.append(made.outer);
        run = made.run;
        state = now;
      }
      if (character === "\n") run.append(document.createElement("i"));
      run.append(character);
    });
    return parts;
  };

  const paint = (box, characters, valueAt, on) => {
    box.replaceChildren(painted(characters, valueAt, on));
  };

  /* Start and stop of each line, its newline with it. */
  const linesOf = (characters) => {
    const stops = characters.flatMap((character, i) => character === "\n" ? [i + 1] : []);
    if (stops.at(-1) !== characters.length) stops.push(characters.length);
    return stops.map((stop, n) => [n ? stops[n - 1] : 0, stop]);
  };

  /* The same for a text that changes: lines that look as they did stay, what stood behind goes.
     A character whose value is undefined has no colour yet. */
  const repaint = (box, characters, valueAt) => {
    while (box.lastChild instanceof Text) box.lastChild.remove();
    const old = [...box.children];
    const lines = linesOf(characters).map(([start, stop], n) => {
      const part = characters.slice(start, stop), at = (i) => valueAt(start + i);
      const looks = part.map((character, i) => character + level(at(i))).join("");
      if (old[n]?.galleryLooks === looks) return old[n];
      const line = document.createElement("span");
      line.galleryLooks = looks;
      line.append(painted(part, at, []));
      return line;
    });
    lines.forEach((line, n) => { if (line !== old[n]) box.insertBefore(line, old[n] ?? null); });
    old.forEach((line, n) => { if (line !== lines[n]) line.remove(); });
  };

  /* Data come as scripts, which can be loaded from disk; other files cannot. */
  const load = (source) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${source} could not be loaded`));
    document.head.append(script);
  });

  const loadArchitecture = async (name) => {
    if (!galleryArchitectures[name]) await load(new URL(`${name}.js`, ARCHITECTURES));
    return galleryArchitectures[name];
  };

  /* A model, and what its layers compute: { model, architecture }. Where that is like another but for
     its gates, the model names them. */
  const networkOf = async (model) => {
    const { like, gates } = await loadArchitecture(model.architecture);
    return { model: like ? { ...model, gates } : model,
      architecture: await loadArchitecture(like ?? model.architecture) };
  };

  /* The same of a model by its name; all is loaded once. */
  const loadNetwork = async (source, name) => {
    if (!window.galleryModels?.[name]) await load(source);
    return networkOf(window.galleryModels[name]);
  };

  /* The reader of each figure with a text that can be pointed at. */
  const readers = new Map();

  /* What of a page is in its address, a part for each script that has any: { defaults, get, set },
     see `address.js`. */
  const parts = [];

  return { number, named, labelsOf, element, paint, repaint, load, networkOf, loadNetwork, readers,
    parts };
})();
