// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/utf8.h"
#include "reports/figures/rows.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

/// The classes in which the leader and the runner-up differ, seed by seed.
std::optional<Plot> draw_class_differences(const ReportModel& model, const std::string& name) {
  std::vector<DotRow> rows;
  for (const ClassDifference& difference : model.by_class) {
    if (difference.pair.difference.mean)
      rows.push_back({difference.class_name, &difference.pair.difference, difference.pair.seeds});
  }
  if (rows.empty()) return std::nullopt;
  const Entry* leader = find_entry(model, model.by_class.front().pair.candidate);
  const Entry* other = find_entry(model, model.by_class.front().pair.reference);
  if (leader == nullptr || other == nullptr) return std::nullopt;
  Plot plot = draw_rows(model, name, rows,
                        fmt::format("IoU of {} minus that of {}", short_label(model, leader->label, 20),
                                    short_label(model, other->label, 20)),
                        true);
  plot.caption = fmt::format(
      "Dots: differences of a class’s IoU at the same seed, {} minus {}. Tick and line: mean and 95% t "
      "interval, not corrected for the number of classes; the table has corrected p values.",
      text::clean(leader->label), text::clean(other->label));
  for (const ClassDifference& difference : model.by_class) {
    const std::vector<std::string>& more = difference.pair.reference_trials;
    plot.trials.insert(plot.trials.end(), more.begin(), more.end());
  }
  return plot;
}

const FigureRegistration kClassDifferences({.order = 26,
                                            .name = "class_differences",
                                            .title = "Leader and runner-up, class by class",
                                            .draw = draw_class_differences,
                                            .table = "class_differences"});

}  // namespace
}  // namespace segbench::reports
