// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/utf8.h"
#include "reports/figures/scatter.h"

namespace segbench::reports {
namespace {

std::string short_milliseconds(double seconds) {
  return seconds < 1 ? fmt::format("{:g} ms", 1000 * seconds) : fmt::format("{:g} s", seconds);
}

std::string long_milliseconds(double seconds) {
  return seconds < 1 ? fmt::format("{:.3g} ms", 1000 * seconds) : fmt::format("{:.3g} s", seconds);
}

/// round_numbers() begins at a thousandth.
std::vector<double> round_seconds(double low, double high) {
  std::vector<double> at = round_numbers(1e6 * low, 1e6 * high);
  for (double& seconds : at) seconds /= 1e6;
  return at;
}

std::optional<Plot> draw_latency_score(const ReportModel& model, const std::string& name) {
  if (model.latencies.empty()) return std::nullopt;
  const conclusions::LatencyFront& latency = model.latencies.front();
  std::vector<CostMark> marks;
  for (const Front::Line& line : latency.front.lines) {
    const Entry* entry = find_entry(model, line.variant);
    if (entry != nullptr && entry->score.mean && line.cost > 0)
      marks.push_back({entry, line.cost, std::nullopt});
  }
  std::optional<Plot> plot = draw_scatter(model, name, marks,
                                          {.front = &latency.front,
                                           .title = "time of a prediction (logarithmic)",
                                           .round = round_seconds,
                                           .tic = short_milliseconds,
                                           .text = long_milliseconds});
  if (plot)
    plot->caption +=
        fmt::format("Means over the rounds of a profile: {}. Upright: 95% t interval of the score.",
                    text::clean(latency.what));
  return plot;
}

const FigureRegistration kLatencyScore({.order = 55,
                                        .name = "latency_score",
                                        .title = "Latency against score",
                                        .draw = draw_latency_score,
                                        .table = "fronts"});

}  // namespace
}  // namespace segbench::reports
