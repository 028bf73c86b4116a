// SPDX-License-Identifier: MIT
#include "reports/html/html.h"

namespace segbench::reports {

// Optional: the page is complete without it. A click (or Enter) on a heading sorts its table; long tables get
// a field that shows only the rows with a text.
const char* const kSortScript = R"JS(
document.querySelectorAll("table.sortable").forEach(function (table) {
  var body = table.tBodies[0], headings = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var rows = Array.prototype.slice.call(body.rows);
  if (rows.length < 2) return;
  headings.forEach(function (heading, column) {
    var button = document.createElement("button");
    button.type = "button";
    while (heading.firstChild) button.appendChild(heading.firstChild);
    if (!button.textContent.trim()) button.setAttribute("aria-label", "Sort");
    heading.appendChild(button);
    button.addEventListener("click", function () {
      var ascending = heading.getAttribute("aria-sort") !== "ascending";
      headings.forEach(function (other) { other.removeAttribute("aria-sort"); });
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      var key = function (row) {
        var cell = row.cells[column], data = cell.querySelector("data");
        return data ? Number(data.value) : cell.textContent.trim();
      };
      Array.prototype.slice.call(body.rows).sort(function (a, b) {
        var x = key(a), y = key(b), sign = ascending ? 1 : -1;
        if (typeof x === "number" && typeof y === "number") return sign * (x - y);
        if (typeof x === "number") return -1;
        if (typeof y === "number") return 1;
        return sign * x.localeCompare(y, undefined, { numeric: true });
      }).forEach(function (row) { body.appendChild(row); });
    });
  });
  if (rows.length < 8) return;
  var line = document.createElement("p"), label = document.createElement("label");
  var field = document.createElement("input"), count = document.createElement("span");
  line.className = "filter";
  field.type = "search";
  field.autocomplete = "off";
  count.setAttribute("role", "status");
  label.appendChild(document.createTextNode("Show rows with "));
  label.appendChild(field);
  line.appendChild(label);
  line.appendChild(count);
  table.parentNode.parentNode.insertBefore(line, table.parentNode);
  var texts = new Map();
  rows.forEach(function (row) { texts.set(row, row.textContent.toLowerCase()); });
  field.addEventListener("input", function () {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row) {
      var fits = words.every(function (word) { return texts.get(row).indexOf(word) >= 0; });
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = words.length ? " " + shown + " of " + rows.length : "";
  });
});
// A link to a row that a filter hides shows it again.
window.addEventListener("hashchange", function () {
  var target = document.getElementById(location.hash.slice(1)), row = target && target.closest("tr");
  if (row && row.hidden) row.hidden = false;
});
)JS";

}  // namespace segbench::reports
