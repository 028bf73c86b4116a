// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/metrics.h"
#include "harness/text/utf8.h"
#include "reports/figures/rows.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

std::optional<Plot> draw_differences(const ReportModel& model, const std::string& name) {
  std::vector<DotRow> rows;
  for (const PairedDifference& pairs : model.to_best) {
    const Entry* entry = find_entry(model, pairs.candidate);
    if (entry != nullptr && pairs.difference.mean)
      rows.push_back({entry->label, &pairs.difference, pairs.seeds});
  }
  const Entry* leader = find_entry(model, model.verdict.leader);
  if (rows.empty() || leader == nullptr) return std::nullopt;
  Plot plot = draw_rows(model, name, rows,
                        fmt::format("{} minus that of {}", text::metric_title(model.metric),
                                    short_label(model, leader->label, 24)),
                        true);
  plot.caption = fmt::format(
      "Dots: differences to {} at the same seed. Tick and line: mean and 95% t interval over seeds alone; a "
      "line that crosses 0 does not tell the two apart by them.{}",
      text::clean(leader->label), images_text(model));
  for (const PairedDifference& pairs : model.to_best) {
    plot.trials.insert(plot.trials.end(), pairs.reference_trials.begin(), pairs.reference_trials.end());
  }
  return plot;
}

const FigureRegistration kDifferences({.order = 20,
                                       .name = "differences",
                                       .title = "Difference to the leader",
                                       .draw = draw_differences,
                                       .table = "seed_differences"});

}  // namespace
}  // namespace segbench::reports
