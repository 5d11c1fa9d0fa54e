/* Two units side by side: on one text, on two, of one network or of two. Pointing at a character
   marks it in both, and in the text that is coloured by what is between them. */
"use strict";

(() => {
  const root = document.getElementById("pair");
  if (!root) return;

  const FEWEST = 20;  // characters that a correlation is said of
  const { number, named, element, repaint, loadNetwork, parts } = galleryTools;
  const { Pointing } = galleryPointing;
  const { Engine, Known } = galleryEngine;
  const { unitOf } = galleryNetwork();
  const form = root.querySelector("form");
  const { text, other, apart, flip } = form.elements;
  const said = root.querySelector(".readout");
  const together = root.querySelector(".together");
  const difference = root.querySelector(".difference");
  const pages = document.getElementById("unit-pages").content;
  let drawing = false;

  /* A coloured text; what is pointed at in one is pointed at in all that show the same. */
  class Box extends Pointing {
    show(index, aloud = false) {
      if (!this.places.length) return;
      this.isBegun = true;
      const shown = apart.checked ? [this] : boxes;
      const at = this.point(index);
      for (const box of shown) if (box !== this && box.places.length) box.point(at);
      if (aloud) this.scrollToMark();
      tell(at, shown);
    }

    paint(characters, read, valueAt) {
      this.mark.remove();  // what is behind the lines is taken for text that is still to be read
      repaint(this.box, characters.slice(0, read), valueAt);
      this.box.append(characters.slice(read).join(""));
      this.forget();
    }
  }

  class Side extends Box {
    constructor(side) {
      super(root.querySelector(`.${side} pre.x`));
      this.name = side;
      this.choice = form.elements[`${side}-network`];
      this.unit = form.elements[`${side}-unit`];
      this.list = document.getElementById(this.unit.getAttribute("list"));
      this.title = this.box.closest("figure").querySelector("[data-title]");
      this.says = root.querySelector(`[data-says="${side}"]`);
      this.known = new Known([]);
      this.network = null;
      this.opened = "";   // the network that was asked for
      this.asked = 0;
    }

    get characters() {
      return Array.from(this.name === "right" && apart.checked ? other.value : text.value);
    }

    get sign() {
      return this.name === "right" && flip.checked ? -1 : 1;
    }

    valueAt(at) {
      const { values, strange } = this.known.free;
      return strange[at] ? NaN : this.sign * values[at];
    }

    /* The networks of both sides may be the same; each has one of its own. */
    async open() {
      const { value: name, selectedOptions: [{ dataset: { source } }] } = this.choice;
      if (this.opened === name) return;
      this.opened = name;
      this.network?.end();
      this.network = null;
      this.known.forget();
      this.offer();
      this.says.textContent = "Loading the network …";
      const loaded = await loadNetwork(source, name).catch(() => null);
      if (this.opened !== name) return;  // another one was chosen meanwhile
      if (!loaded) {
        this.opened = "";
        this.says.textContent = "The network could not be loaded.";
        return;
      }
      this.network = new Engine(loaded, ({ part, id }) => {
        if (!part || id !== this.asked) return;
        this.known.add(part);
        draw();
      });
    }

    /* The units that have a page, to choose from; others can be typed. */
    offer() {
      this.list.replaceChildren(...this.links().map((link) => element("option", "", {
        value: link.dataset.unit, textContent: link.textContent })));
    }

    links() {
      return [...pages.querySelectorAll(`a[data-network="${CSS.escape(this.choice.value)}"]`)];
    }

    async ask() {
      await this.open();
      if (!this.network) return;
      const name = this.unit.value.trim();
      const unit = unitOf(name, this.network.model, this.network.architecture);
      this.unit.setAttribute("aria-invalid", String(!unit));
      this.describe(name, unit);
      this.asked += 1;  // what is still to come is about something else
      if (this.known.unit !== name || !unit) this.known.forget();
      this.known.unit = name;
      this.known.take(this.characters);
      if (unit) {
        this.network.ask({ id: this.asked, text: this.characters.join(""), unit, hold: null,
          known: this.known.lengths }, -1);
      }
      draw();
    }

    describe(name, unit) {
      const link = this.links().find((one) => one.dataset.unit === name);
      const words = unit ? "This unit has no page of its own." : "This network has no such unit.";
      this.title.textContent = `${this.name === "left" ? "Left" : "Right"}: ${name} of ${this.choice.value}`;
      this.says.replaceChildren(link ? link.cloneNode(true) : words);
    }

    draw() {
      this.paint(this.characters, this.known.lengths.free, (at) => this.valueAt(at));
    }
  }

  const sides = [new Side("left"), new Side("right")];
  const [left, right] = sides;
  const between = new Box(difference.querySelector("pre.x"));
  const boxes = [left, right, between];

  const both = () => Math.min(left.known.lengths.free, right.known.lengths.free);

  const apartAt = (at) => (right.valueAt(at) - left.valueAt(at)) / 2;

  /* Pearson's r; null where one of the two does not move. */
  const correlation = (pairs) => {
    const mean = (k) => pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
    const [a, b] = [mean(0), mean(1)];
    const sum = (f) => pairs.reduce((all, [x, y]) => all + f(x - a, y - b), 0);
    const spread = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
    return spread > 1e-9 ? sum((x, y) => x * y) / spread : null;
  };

  const real = (pairs) => pairs.filter((pair) => !pair.some(Number.isNaN));

  const alike = () => {
    const values = Array.from({ length: both() }, (_, at) => [left.valueAt(at), right.valueAt(at)]);
    const changes = values.slice(1).map(([x, y], at) => [x - values[at][0], y - values[at][1]]);
    const pairs = real(values);
    const r = pairs.length < FEWEST ? null : correlation(pairs);
    if (r === null) return "";
    const moved = correlation(real(changes));
    return `Over these ${pairs.length} characters the two correlate with r = ${number(r)}${
      moved === null ? "" : `, and their changes with ${number(moved)}`}.`;
  };

  /* At most once a frame, however many parts come. */
  const draw = () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      for (const side of sides) side.draw();
      difference.hidden = apart.checked;
      together.textContent = apart.checked ? "" : alike();
      between.paint(left.characters, apart.checked ? 0 : both(), apartAt);
    });
  };

  const tell = (at, shown) => {
    const here = sides.filter((side) => shown.includes(side) && at < side.known.lengths.free);
    const words = here.map((side) => `${side.name} ${side.unit.value} = ${number(side.valueAt(at))}`);
    const gap = here.length === 2 ? [`difference ${number(2 * apartAt(at))}`] : [];
    said.replaceChildren(...[named(shown[0].places[at].character), ...words, ...gap].flatMap(
      (textContent, n) => [element(n ? "span" : "code", "", { textContent }), " "]));
  };

  const ask = () => {
    other.closest("label").hidden = !apart.checked;
    for (const side of sides) side.ask();
  };

  const chosen = ({ choice, unit }) => `${choice.value}:${unit.value.trim()}`;

  /* An address may say anything: of networks that are not there, the first stays. */
  const choose = ({ choice, unit }, asked) => {
    const [, network, name] = asked.match(/^([^:]*):(.*)$/s) ?? [];
    if (![...choice.options].some(({ value }) => value === network)) return;
    choice.value = network;
    unit.value = name.slice(0, unit.maxLength);
  };

  const most = (area, words) => { area.value = words.slice(0, area.maxLength); };

  parts.push({
    defaults: { left: chosen(left), right: chosen(right), text: text.value, other: "", apart: "",
      flip: "" },
    get: () => ({ left: chosen(left), right: chosen(right), text: text.value,
      other: apart.checked ? other.value : "", apart: apart.checked ? "yes" : "",
      flip: flip.checked ? "yes" : "" }),
    set(given) {
      choose(left, given.left);
      choose(right, given.right);
      most(text, given.text);
      most(other, given.other);
      apart.checked = given.apart === "yes";
      flip.checked = given.flip === "yes";
      ask();
    },
  });

  /* Another network has other units: its first one that has a page. */
  for (const side of sides) {
    side.choice.addEventListener("change", () => {
      const known = side.links().map((link) => link.dataset.unit);
      if (!known.includes(side.unit.value)) [side.unit.value = side.unit.value] = known;
    });
  }
  form.addEventListener("input", ask);
  form.addEventListener("submit", (event) => event.preventDefault());
  root.querySelector("[name=swap]").addEventListener("click", () => {
    const [was, now] = [chosen(left), chosen(right)];
    choose(left, now);
    choose(right, was);
    ask();
  });

  /* Networks are large: they are loaded once the coloured texts are near, or something is changed. */
  new IntersectionObserver((seen, observer) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    ask();
  }, { rootMargin: "200px" }).observe(left.box);
})();
