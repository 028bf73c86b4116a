// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

std::string label_of_curve(const ReportModel& model, const ThresholdCurve& curve) {
  const Entry* entry = find_entry(model, curve.variant);
  return short_label(model, entry != nullptr ? entry->label : curve.variant, 24);
}

/// The score on the selection split over the threshold, one line a variant, and a dot where trials chose.
std::optional<Plot> draw_thresholds(const ReportModel& model, const std::string& name) {
  if (model.threshold_curves.empty()) return std::nullopt;
  Plot plot;
  double low = 1e300, high = -1e300, first = 1, last = 0;
  std::string data = "# one block a variant: threshold, mean score, trials that chose it\n";
  std::vector<std::string> lines;
  const Canvas canvas{.width = 560, .height = 340, .left = 64, .right = 16, .top = 32, .bottom = 46};
  std::string setup;
  for (std::size_t i = 0; i < model.threshold_curves.size(); ++i) {
    const ThresholdCurve& curve = model.threshold_curves[i];
    const std::string label = label_of_curve(model, curve);
    data += fmt::format("# {}\n", text::clean(label));
    std::vector<std::string> chosen;
    for (const ThresholdPoint& point : curve.points) {
      if (!point.mean) continue;
      low = std::min(low, *point.mean), high = std::max(high, *point.mean);
      first = std::min(first, point.threshold), last = std::max(last, point.threshold);
      data += fmt::format("{} {} {}\n", point.threshold, *point.mean, point.chosen);
      if (point.chosen > 0)
        chosen.push_back(
            fmt::format("{} ({})", text::fixed(point.threshold, 2), text::plural(point.chosen, "trial")));
    }
    data += "\n\n";
    const char* colour = kSeriesColours[i % kSeriesCount];
    lines.push_back(fmt::format("'{}.dat' index {} using 1:2 with lines linewidth 2 linecolor rgb '{}'", name,
                                i, colour));
    lines.push_back(fmt::format(
        "'{}.dat' index {} using 1:($3>0?$2:1/0) with points pointtype 7 pointsize 1 linecolor rgb '{}'",
        name, i, colour));
    const double height = canvas.top + 12 + 16 * static_cast<double>(i);
    setup += label_at(canvas, canvas.left + 8, height, "●", fmt::format("left textcolor rgb '{}'", colour));
    setup += label_at(canvas, canvas.left + 22, height, label, fmt::format("left textcolor rgb '{}'", kInk));
    plot.description += fmt::format("{}: {} chosen. ", label, fmt::join(chosen, ", "));
    plot.trials.insert(plot.trials.end(), curve.trials.begin(), curve.trials.end());
  }
  if (low > high) return std::nullopt;
  setup += axis('x', ticks(first, last, 6)) + axis('y', ticks(low, high, 5)) +
           axis_titles(canvas, "threshold", model.threshold_curves.front().metric) + "set grid noxtics\n";
  plot.script = script(name, canvas, setup, fmt::format("  plot {}\n", fmt::join(lines, ", \\\n       ")));
  plot.data[name + ".dat"] = std::move(data);
  plot.caption = "Mean over trials on the selection split. Dots: thresholds that a trial chose.";
  return plot;
}

const FigureRegistration kThresholdFigure({.order = 45,
                                           .name = "thresholds",
                                           .title = "Score by threshold",
                                           .draw = draw_thresholds,
                                           .table = "thresholds"});

}  // namespace
}  // namespace segbench::reports
