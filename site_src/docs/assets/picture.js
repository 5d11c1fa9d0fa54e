/* Pictures to save: the drawing of an excerpt as a PNG, and any coloured text as it is shown now, as
   SVG or PNG. */
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const COLUMN = 8, LINE = 20, SIZE = 13, MARGIN = 16;  // as the builder draws excerpts
  const COLUMNS = 80, TAB = 4;
  const FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace";
  const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Emoji_Presentation}/u;
  const NONE = /^[\p{M}\u200d]$/u;      // what takes no column of its own
  const ILLEGAL = /^[\p{C}]$/u;         // what would act, or what XML cannot hold

  const save = (href, name) => {
    Object.assign(document.createElement("a"), { href, download: name }).click();
  };

  /* A drawing as a PNG, twice its size. */
  const saveAsPng = (source, name) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * image.width;
      canvas.height = 2 * image.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      save(canvas.toDataURL("image/png"), name);
    };
    image.src = source;
  };

  /* Drawings of excerpts; from disk a browser does not let them be drawn again. */
  document.querySelectorAll("[data-png]").forEach((button) => {
    const { source } = button.dataset;
    button.hidden = location.protocol === "file:";
    button.addEventListener("click",
      () => saveAsPng(source, source.split("/").pop().replace(/svg$/, "png")));
  });

  const node = (kind, given, text = "") => {
    const made = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    made.append(text);
    return made;
  };

  /* Each character of a text: { character, colour, isOn }, as it is shown. */
  const charactersOf = (box) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const { parentElement, data } = walker.currentNode, run = parentElement.closest("b");
      const colour = run && box.contains(run) ? getComputedStyle(run).backgroundColor : "";
      const isOn = Boolean(parentElement.closest("u"));
      for (const character of data) found.push({ character, colour, isOn });
    }
    const { character, colour } = found.at(-1) ?? {};
    if (character === "\n" && !colour) found.pop();  // what a box of one's own text ends with
    return found;
  };

  const widthOf = (character, column) => character === "\t" ? TAB - column % TAB
    : NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;

  /* Lines of at most so many columns, each of { shown, colour, isOn, column, width }. */
  const linesOf = (characters) => {
    const lines = [[]];
    let column = 0;
    for (const one of characters) {
      const width = one.character === "\n" ? 1 : widthOf(one.character, column);
      if (column + width > COLUMNS && one.character !== "\n") {
        lines.push([]);
        column = 0;
      }
      const shown = one.character === "\n" ? "↵" : one.character === "\t" ? " "
        : ILLEGAL.test(one.character) && !NONE.test(one.character) ? "\ufffd" : one.character;
      lines.at(-1).push({ ...one, shown, column, width });
      column += width;
      if (one.character !== "\n") continue;
      lines.push([]);
      column = 0;
    }
    if (!lines.at(-1).length) lines.pop();
    return lines;
  };

  /* Runs of a line in which something is equal. */
  const runs = (line, of) => line.reduce((found, one) => {
    if (found.length && of(found.at(-1)[0]) === of(one)) found.at(-1).push(one);
    else found.push([one]);
    return found;
  }, []);

  const spanOf = (run) => ({ x: MARGIN + COLUMN * run[0].column,
    width: COLUMN * run.reduce((sum, { width }) => sum + width, 0) });

  const isPlain = ({ shown }) => shown >= " " && shown <= "~";

  const drawLine = (line, y, ink) => [
    ...runs(line, ({ colour }) => colour).filter(([{ colour }]) => colour).map((run) =>
      node("rect", { ...spanOf(run), y, height: LINE - 1, fill: run[0].colour })),
    ...runs(line, ({ isOn }) => isOn).filter(([{ isOn }]) => isOn).map((run) =>
      node("rect", { ...spanOf(run), y: y + LINE - 3, height: 1, fill: ink })),
    ...runs(line, (one) => isPlain(one) || one).map((run) => {
      const { x, width } = spanOf(run), text = run.map(({ shown }) => shown).join("");
      return text.trim() ? node("text", { x, y: y + SIZE + 1, ...(width ? { textLength: width } : {}),
        style: "white-space:pre", "xml:space": "preserve" }, text) : "";
    }),
  ];

  /* An SVG of coloured texts one below the other, [[title, box], …], and a line about them. */
  const drawing = (texts, said) => {
    const ink = getComputedStyle(texts[0][1]).getPropertyValue("--ink").trim() || "#111";
    const paper = getComputedStyle(document.body).backgroundColor;
    const text = node("g", { "font-family": FONT, "font-size": SIZE, fill: ink });
    const about = node("g", { "font-family": "sans-serif", "font-size": 12, fill: ink });
    let y = MARGIN;
    for (const [title, box] of texts) {
      if (title) {
        about.append(node("text", { x: MARGIN, y: y + SIZE, "font-weight": 600 }, title));
        y += LINE;
      }
      for (const line of linesOf(charactersOf(box))) {
        text.append(...drawLine(line, y, ink));
        y += LINE;
      }
      y += LINE / 2;
    }
    about.append(node("text", { x: MARGIN, y: y + SIZE }, said));
    const width = 2 * MARGIN + COLUMN * COLUMNS, height = y + LINE + MARGIN;
    const svg = node("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
    svg.append(node("title", {}, said), node("rect", { width, height, fill: paper }), text, about);
    return new XMLSerializer().serializeToString(svg);
  };

  const shownTexts = (selector) => [...document.querySelectorAll(selector)].filter(
    (box) => box.checkVisibility()).map((box) =>
    [box.closest("figure")?.querySelector("[data-title]")?.textContent ?? "", box]);

  document.querySelectorAll("[data-save]").forEach((button) => {
    button.addEventListener("click", () => {
      const { save: kind, of, name } = button.dataset, texts = shownTexts(of);
      const unit = document.querySelector("[name=unit]")?.value || button.dataset.unit;
      const turned = document.documentElement.classList.contains("flipped");
      const source = `data:image/svg+xml,${encodeURIComponent(drawing(texts,
        `${unit && `${unit} of ${name}. `}${turned ? "Blue is high, red is low." : "Red is high, blue is low."}`))}`;
      const file = `${[name, unit].filter(Boolean).join("-")}.${kind}`;
      if (kind === "svg") save(source, file);
      else saveAsPng(source, file);
    });
  });
})();
