// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"

namespace segbench::reports {
namespace {

using conclusions::BudgetPoint;

std::optional<Plot> draw_expected_best(const ReportModel& model, const std::string& name) {
  if (!model.search || model.search->budget.size() < 2) return std::nullopt;
  const std::vector<BudgetPoint>& budget = model.search->budget;
  double low = 1e300, high = -1e300;
  std::string data = "# draws, expected best, interval from, to, mean over all subsets, hours of training\n";
  for (const BudgetPoint& point : budget) {
    low = std::min(low, point.interval.low), high = std::max(high, point.interval.high);
    data += fmt::format("{} {} {} {} {} {}\n", point.draws, point.expected, point.interval.low,
                        point.interval.high, point.unbiased ? fmt::format("{}", *point.unbiased) : "NaN",
                        point.hours);
  }
  const Ticks x = whole_ticks(budget.back().draws, 6), y = ticks(low, high, 5);
  const Canvas canvas{.width = 560,
                      .height = 320,
                      .left = room_for_labels(y),
                      .right = room_for_last_label(x),
                      .top = 32,
                      .bottom = 46};
  Plot plot;
  plot.script = script(
      name, canvas,
      axis('x', x) + axis('y', y) +
          axis_titles(canvas, "draws", "expected best " + text::metric_title(model.search->metric)) +
          "set grid noxtics\n",
      fmt::format("  plot '{0}.dat' using 1:3:4 with filledcurves fillcolor rgb '{1}' fillstyle solid 0.2 "
                  "noborder, \\\n"
                  "       '{0}.dat' using 1:5 with lines linewidth 1.2 dashtype 2 linecolor rgb '{2}', \\\n"
                  "       '{0}.dat' using 1:2 with lines linewidth 2 linecolor rgb '{1}'\n",
                  name, kAccent, kMuted));
  plot.data[name + ".dat"] = std::move(data);
  plot.trials = model.search->trials;
  plot.caption =
      "The expected best of so many draws on the selection split (Dodge et al. 2019), with its 95% interval "
      "over "
      "resampled draws. Dashed: the mean over all subsets of so many draws.";
  plot.description =
      fmt::format("One draw: {}. {} draws: {} ({} to {}).",
                  text::metric_value(model.search->metric, budget.front().expected, 4), budget.back().draws,
                  text::metric_value(model.search->metric, budget.back().expected, 4),
                  text::metric_value(model.search->metric, budget.back().interval.low, 4),
                  text::metric_value(model.search->metric, budget.back().interval.high, 4));
  return plot;
}

const FigureRegistration kExpectedBest({.order = 6,
                                        .name = "expected_best",
                                        .title = "Expected best against budget",
                                        .draw = draw_expected_best,
                                        .table = "expected_best"});

}  // namespace
}  // namespace segbench::reports
