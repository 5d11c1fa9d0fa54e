/* Tables in a box of class `sorts` are sorted by a click on a heading, and filtered by what is
   typed. In a fold of class `whole`, which is there for readers without script, a table is opened,
   and of its rows the first come first. */
"use strict";

(() => {
  const MINUS = /\u2212/g;
  const COMMAS = /(?<=\d),(?=\d{3})/g;

  const key = (cell) => {
    const text = cell.textContent.trim();
    const plain = text.replace(MINUS, "-").replace(COMMAS, "").replace(/^(-?)\./, "$10.");
    const value = parseFloat(plain);
    return Number.isNaN(value) ? text : value;
  };

  /* On a narrow screen a row is many lines high, so fewer rows come first there. */
  const NARROW = matchMedia("(max-width: 44.9em)");
  const FEW = 6;

  /* A table of so few rows is seen at once, and is not filtered. */
  const SHORT = 7;

  const rowsAtFirst = (fold) => {
    const most = Number(fold.dataset.first ?? Infinity);
    return NARROW.matches ? Math.min(most, FEW) : most;
  };

  const isNumber = (one) => typeof one === "number";

  /* Numbers by size without their sign, largest first; then words by the alphabet. */
  const compare = (a, b) => {
    if (isNumber(a) && isNumber(b)) return Math.abs(b) - Math.abs(a);
    if (isNumber(a) || isNumber(b)) return isNumber(a) ? -1 : 1;
    return a.localeCompare(b, "en", { numeric: true });
  };

  /* What a first click does to a column, in the words of aria-sort: numbers fall, words rise. */
  const orderOf = (keys) => keys.some(isNumber) ? "descending" : "ascending";
  const turnedOver = (order) => order === "ascending" ? "descending" : "ascending";

  class Table {
    constructor(table) {
      this.body = table.tBodies[0];
      this.heads = Array.from(table.tHead.rows[0].cells);
      this.rows = Array.from(this.body.rows);
      this.most = Infinity;
      this.wanted = "";
      this.heads.forEach((head, column) => this.addButton(head, column));
      if (this.rows.length > SHORT) table.closest(".table").before(this.filter());
      this.unfold(table.closest("details.whole"), table.closest(".table"));
    }

    /* Opens the fold; of more than its number of rows, the others wait for a button. */
    unfold(fold, box) {
      if (!fold) return;
      fold.open = true;
      fold.querySelector("summary").hidden = true;
      const most = rowsAtFirst(fold);
      if (this.rows.length <= most) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "show-all";
      button.textContent = `Show all ${this.rows.length}`;
      button.addEventListener("click", () => {
        this.most = Infinity;
        button.remove();
        this.show();
      });
      box.after(button);
      this.most = most;
      this.show();
    }

    addButton(head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => this.sort(head, column));
      head.append(button);
    }

    sort(head, column) {
      const keys = new Map(this.rows.map((row) => [row, key(row.cells[column])]));
      const first = orderOf([...keys.values()]);
      const now = head.getAttribute("aria-sort") === first ? turnedOver(first) : first;
      const sign = now === first ? 1 : -1;
      this.heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", now);
      this.body.append(...[...this.rows].sort(
        (a, b) => sign * compare(keys.get(a), keys.get(b))));
      this.show();
    }

    filter() {
      const label = document.createElement("label");
      const field = document.createElement("input");
      const count = document.createElement("span");
      label.className = "filter";
      field.type = "search";
      count.setAttribute("aria-live", "polite");
      label.append("Filter ", field, " ", count);
      field.addEventListener("input", () => {
        count.textContent = this.only(field.value.trim().toLowerCase());
      });
      return label;
    }

    /* Hides rows without a word, and says how many are left. */
    only(wanted) {
      this.wanted = wanted;
      const left = this.show();
      return wanted ? `${left} of ${this.rows.length}` : "";
    }

    /* Shows the rows with the word that is wanted; without one, as many as there is room for. */
    show() {
      const most = this.wanted ? Infinity : this.most;
      let left = 0;
      for (const row of this.body.rows) {
        const fits = row.textContent.toLowerCase().includes(this.wanted);
        row.hidden = !fits || left >= most;
        left += fits;
      }
      return left;
    }
  }

  document.querySelectorAll(".sorts table").forEach((table) => new Table(table));
})();
