// SPDX-License-Identifier: MIT
#include "harness/cli/replication_table.h"

#include "harness/core/json.h"
#include "harness/core/optional_json.h"

namespace segbench::cli {

using core::Json;

Table replication_table(const conclusions::Conclusions& model) {
  Table table{.columns = {{"number"},
                          {"variant"},
                          {"by"},
                          number_column("published"),
                          number_column("n"),
                          number_column("mean"),
                          number_column("ci95_low"),
                          number_column("ci95_high"),
                          number_column("expected_low"),
                          number_column("expected_high"),
                          {"agrees"},
                          {"outcome"},
                          {.key = "sentence", .where = text::Where::kData}}};
  for (std::size_t i = 0; i < model.published.size(); ++i) {
    const conclusions::PublishedNumber& number = model.published[i];
    for (const conclusions::Replication& one : number.replications) {
      const conclusions::Entry* entry = find_entry(model, one.variant);
      const bool is_first = &one == &number.replications.front();
      const auto& interval = one.ours.interval;
      table.rows.push_back(
          {i + 1, entry != nullptr ? entry->label : number.what, one.by, core::or_null(number.value),
           one.ours.values.size(), core::or_null(one.ours.mean), interval ? Json(interval->low) : Json(),
           interval ? Json(interval->high) : Json(), one.expected ? Json(one.expected->low) : Json(),
           one.expected ? Json(one.expected->high) : Json(), one.outcome,
           is_first ? Json(number.outcome) : Json(), is_first ? Json(number.sentence) : Json()});
    }
  }
  return table;
}

}  // namespace segbench::cli
