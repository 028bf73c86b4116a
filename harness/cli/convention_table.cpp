// SPDX-License-Identifier: MIT
#include "harness/cli/convention_table.h"

#include "harness/metrics/conventions.h"

namespace segbench::cli {

using core::Json;

Table convention_table(const conclusions::ConventionScores& scores, bool explain) {
  Table table;
  table.columns.push_back({"convention"});
  for (const std::string& name : scores.columns) table.columns.push_back(number_column(name, 4));
  const bool several = scores.columns.size() > 1;
  if (several) table.columns.push_back({"best"});
  if (explain) table.columns.insert(table.columns.end(), {{"meaning"}, {"source"}});
  const auto conventions = metrics::conventions();
  const std::vector<int> best = conclusions::winners(scores);
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    std::vector<Cell> row = {std::string(conventions[i].name)};
    for (const auto& mean : scores.means[i]) row.push_back(mean ? Json(*mean) : Json());
    if (several)
      row.push_back(best[i] < 0 ? Json() : Json(scores.columns[static_cast<std::size_t>(best[i])]));
    if (explain)
      row.insert(row.end(), {std::string(conventions[i].meaning), std::string(conventions[i].source)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace segbench::cli
