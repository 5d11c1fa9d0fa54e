/* Tables in a box of class `sorts` are sorted by a click on a heading, and filtered by what is typed. */
(function () {
  "use strict";

  var MINUS = /\u2212/g;

  function key(cell) {
    var text = cell.textContent.trim();
    var value = parseFloat(text.replace(MINUS, "-").replace(/^(-?)\./, "$10."));
    return isNaN(value) ? text : value;
  }

  /* Numbers by size without their sign, largest first; words by the alphabet. */
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return Math.abs(b) - Math.abs(a);
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a.localeCompare(b, "en", { numeric: true });
  }

  function sorts(table) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        var turned = head.getAttribute("aria-sort") === "ascending";
        Array.from(table.tHead.rows[0].cells).forEach(function (other) {
          other.removeAttribute("aria-sort");
        });
        head.setAttribute("aria-sort", turned ? "descending" : "ascending");
        var order = rows.slice().sort(function (a, b) {
          var found = compare(key(a.cells[column]), key(b.cells[column]));
          return turned ? -found : found;
        });
        body.append.apply(body, order);
      });
    });

    var label = document.createElement("label");
    var field = document.createElement("input");
    var count = document.createElement("span");
    label.className = "filter";
    field.type = "search";
    count.setAttribute("aria-live", "polite");
    label.append("Only rows with ", field, " ", count);
    table.closest(".table").before(label);
    field.addEventListener("input", function () {
      var wanted = field.value.trim().toLowerCase();
      var left = 0;
      rows.forEach(function (row) {
        row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
        left += row.hidden ? 0 : 1;
      });
      count.textContent = wanted ? left + " of " + rows.length : "";
    });
  }

  document.querySelectorAll(".sorts > table").forEach(sorts);
})();
