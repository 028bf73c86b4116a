// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <chrono>

#include "harness/core/text.h"
#include "reports/figures/scatter.h"

namespace segbench::reports {
namespace {

/// Round seconds, and from half a minute on round minutes, hours and days.
std::vector<double> round_times(double low, double high) {
  constexpr double kMostSeconds = 30;
  std::vector<double> at = round_numbers(low, high);
  std::erase_if(at, [](double seconds) { return seconds >= kMostSeconds; });
  for (const double minutes : {0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0,
                               1440.0, 2880.0, 7200.0}) {
    if (60 * minutes >= low && 60 * minutes <= high) at.push_back(60 * minutes);
  }
  return at;
}

std::string short_time(double seconds) {
  if (seconds >= 3600) return fmt::format("{:g} h", seconds / 3600);
  return seconds >= 60 ? fmt::format("{:g} min", seconds / 60) : fmt::format("{:g} s", seconds);
}

std::string long_time(double seconds) {
  return core::human_duration(std::chrono::duration<double>(seconds));
}

std::optional<Plot> draw_time_score(const ReportModel& model, const std::string& name) {
  std::vector<CostMark> marks;
  for (const Entry& entry : model.leaderboard) {
    const Quantity& seconds = entry.train_seconds;
    if (entry.score.mean && seconds.mean && *seconds.mean > 0)
      marks.push_back({&entry, *seconds.mean, Interval{*seconds.minimum, *seconds.maximum}});
  }
  std::optional<Plot> plot = draw_scatter(model, name, marks,
                                          {.front = find_front(model, "train_seconds"),
                                           .title = "training time of a trial (logarithmic)",
                                           .round = round_times,
                                           .tic = short_time,
                                           .text = long_time});
  if (!plot) return plot;
  plot->caption +=
      "Means. Upright: 95% t interval of the score, cut at the frame. Across: from the quickest to the "
      "slowest trial. Times compare only on equal machines.";
  return plot;
}

const FigureRegistration kTimeScore({.order = 60,
                                     .name = "time_score",
                                     .title = "Training time against score",
                                     .draw = draw_time_score,
                                     .table = "leaderboard"});

}  // namespace
}  // namespace segbench::reports
