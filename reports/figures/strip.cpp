// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/metrics.h"
#include "reports/figures/rows.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

std::vector<std::uint64_t> seeds_of(const ReportModel& model, const Entry& entry) {
  std::vector<std::uint64_t> seeds;
  for (const std::string& trial : entry.score.trials)
    seeds.push_back(conclusions::seed_of(model, entry.id, trial));
  return seeds;
}

std::optional<Plot> draw_strip(const ReportModel& model, const std::string& name) {
  std::vector<DotRow> rows;
  for (const Entry& entry : model.leaderboard) {
    if (entry.score.mean) rows.push_back({entry.label, &entry.score, seeds_of(model, entry)});
  }
  if (rows.empty()) return std::nullopt;
  Plot plot = draw_rows(model, name, rows,
                        fmt::format("{} ({} split)", text::metric_title(model.metric), model.split), false);
  plot.caption =
      "Dots: trials, one a seed. Vertical tick: mean. Line: 95% t interval of the mean, cut at the frame "
      "where it is wider.";
  return plot;
}

const FigureRegistration kStrip(
    {.order = 10, .name = "strip", .title = "Every trial", .draw = draw_strip, .table = "trials"});

}  // namespace
}  // namespace segbench::reports
