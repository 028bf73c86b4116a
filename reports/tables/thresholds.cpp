// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

/// Mean score at each threshold that was tried, by variant, and how often each was chosen.
text::Table thresholds_table(const ReportModel& model) {
  text::Table table{.name = "thresholds",
                    .caption =
                        "The score on the selection split at each threshold, mean over trials, and how many "
                        "trials chose it; the test split is decided by the chosen ones.",
                    .columns = {{"variant", "Variant"},
                                {"metric", "Score"},
                                {"threshold", "Threshold", true},
                                {"mean", "Mean", true},
                                {"chosen", "Chosen by", true}},
                    .rows = {},
                    .row_heads = true};
  for (const ThresholdCurve& curve : model.threshold_curves) {
    const Entry* entry = find_entry(model, curve.variant);
    for (const ThresholdPoint& point : curve.points) {
      table.rows.push_back({text::Cell(entry != nullptr ? entry->label : curve.variant),
                            text::Cell(curve.metric), text::number_cell(point.threshold, 2, curve.trials),
                            text::number_cell(point.mean, 4, curve.trials, "undefined in every trial"),
                            text::number_cell(static_cast<double>(point.chosen),
                                              text::plural(point.chosen, "trial"), curve.trials)});
    }
  }
  return table;
}

const TableRegistration kThresholds({.order = 135,
                                     .title = "Thresholds on the selection split",
                                     .make = thresholds_table});

}  // namespace
}  // namespace segbench::reports
