// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/text.h"
#include "reports/figures/scatter.h"

namespace segbench::reports {
namespace {

std::string short_count(double count) {
  return count >= 1e6 ? fmt::format("{:g} M", count / 1e6) : fmt::format("{:g} k", count / 1e3);
}

std::optional<Plot> draw_size_score(const ReportModel& model, const std::string& name) {
  std::vector<CostMark> marks;
  for (const Entry& entry : model.leaderboard) {
    if (entry.score.mean && entry.parameters && *entry.parameters > 0)
      marks.push_back({&entry, static_cast<double>(*entry.parameters), std::nullopt});
  }
  std::optional<Plot> plot = draw_scatter(model, name, marks,
                                          {.front = find_front(model, "parameters"),
                                           .title = "parameters (logarithmic)",
                                           .round = round_numbers,
                                           .tic = short_count,
                                           .text = core::human_count});
  if (plot) plot->caption += "Means with their 95% t intervals, cut at the frame.";
  return plot;
}

const FigureRegistration kSizeScore({.order = 50,
                                     .name = "size_score",
                                     .title = "Size against score",
                                     .draw = draw_size_score,
                                     .table = "leaderboard"});

}  // namespace
}  // namespace segbench::reports
