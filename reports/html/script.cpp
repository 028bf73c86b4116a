// SPDX-License-Identifier: MIT
#include "reports/html/html.h"

namespace segbench::reports {

// Optional: the page is complete without it. A click (or Enter) on a heading sorts its table.
const char* const kSortScript = R"JS(
document.querySelectorAll("table.sortable").forEach(function (table) {
  var body = table.tBodies[0];
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (heading, column) {
    var button = document.createElement("button");
    button.type = "button";
    while (heading.firstChild) button.appendChild(heading.firstChild);
    heading.appendChild(button);
    button.addEventListener("click", function () {
      var ascending = heading.getAttribute("aria-sort") !== "ascending";
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
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
});
)JS";

}  // namespace segbench::reports
