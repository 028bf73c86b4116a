// SPDX-License-Identifier: MIT
#include "reports/figures/curves.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

struct Range {
  Ticks epochs, values;
  std::size_t longest = 0;
};

Range range_of(const std::vector<Curve>& curves) {
  double low = 1e300, high = -1e300;
  std::int64_t last = 1;
  Range range;
  for (const Curve& curve : curves) {
    range.longest = std::max(range.longest, curve.points.size());
    for (const CurvePoint& point : curve.points) {
      low = std::min(low, point.low), high = std::max(high, point.high);
      last = std::max(last, point.epoch);
    }
  }
  range.values = ticks(low, high, 5);
  range.epochs = whole_ticks(static_cast<std::size_t>(last));
  range.epochs.last = static_cast<double>(last);
  return range;
}

std::string data_of(const ReportModel& model, const std::vector<Curve>& curves) {
  std::string text = "# one block a variant: epoch, mean, least, greatest, trials\n";
  for (const Curve& curve : curves) {
    const Entry* entry = find_entry(model, curve.variant);
    text += fmt::format("# {}\n", text::clean(entry != nullptr ? entry->label : curve.variant));
    for (const CurvePoint& point : curve.points) {
      text += fmt::format("{} {} {} {} {}\n", point.epoch, point.mean, point.low, point.high, point.n);
    }
    text += "\n\n";
  }
  return text;
}

std::string label_of(const ReportModel& model, const Curve& curve, std::size_t width) {
  const Entry* entry = find_entry(model, curve.variant);
  return short_label(model, entry != nullptr ? entry->label : curve.variant, width);
}

/// Heights of labels beside the ends of the curves, moved apart until none overlaps another.
std::vector<double> spread(std::vector<double> wanted, double distance, double top, double bottom) {
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
  double least = top;
  for (const std::size_t i : order) wanted[i] = std::max(wanted[i], least), least = wanted[i] + distance;
  double most = bottom;
  for (auto i = order.rbegin(); i != order.rend(); ++i)
    wanted[*i] = std::min(wanted[*i], most), most = wanted[*i] - distance;
  return wanted;
}

/// Room for the mark in a curve's colour before its name, which is in ink: not every colour is dark enough
/// for text.
constexpr double kMark = 14;

/// Few variants: all in one frame, each named at the end of its curve.
std::string one_frame(const ReportModel& model, const std::string& name, const std::vector<Curve>& curves,
                      const Range& range, const std::string& title) {
  double widest = 0;
  for (const Curve& curve : curves) widest = std::max(widest, text_width(label_of(model, curve, 18)));
  const Canvas canvas{.width = 560,
                      .height = 340,
                      .left = room_for_labels(range.values),
                      .right = widest + 22 + kMark,
                      .top = 32,
                      .bottom = 46};
  std::string setup = axis('x', range.epochs) + axis('y', range.values) + axis_titles(canvas, "epoch", title);
  setup += "set grid noxtics\n";
  std::vector<double> heights;
  const double plot_height = canvas.height - canvas.top - canvas.bottom;
  for (const Curve& curve : curves) {
    const double share =
        (curve.points.back().mean - range.values.first) / (range.values.last - range.values.first);
    heights.push_back(canvas.top + (1 - share) * plot_height);
  }
  heights = spread(heights, 17, canvas.top + 4, canvas.height - canvas.bottom);
  std::vector<std::string> bands, lines;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const char* colour = kSeriesColours[i % kSeriesCount];
    const double at = canvas.width - canvas.right + 8;
    setup += label_at(canvas, at, heights[i], "●", fmt::format("left textcolor rgb '{}'", colour));
    setup += label_at(canvas, at + kMark, heights[i], label_of(model, curves[i], 18),
                      fmt::format("left textcolor rgb '{}'", kInk));
    if (range.longest == 1) {  // an area of no width is not seen
      bands.push_back(fmt::format(
          "'{}.dat' index {} using 1:3:(0):($4-$3) with vectors nohead linewidth 5 linecolor rgb '#d8{}'",
          name, i, std::string(colour).substr(1)));
    } else
      bands.push_back(fmt::format(
          "'{}.dat' index {} using 1:3:4 with filledcurves fillstyle transparent solid 0.16 noborder "
          "fillcolor rgb '{}'",
          name, i, colour));
    lines.push_back(fmt::format("'{}.dat' index {} using 1:2 with {} linewidth 2 linecolor rgb '{}'", name, i,
                                range.longest == 1    ? "points pointtype 7 pointsize 0.8"
                                : range.longest <= 12 ? "linespoints pointtype 7 pointsize 0.4"
                                                      : "lines",
                                colour));
  }
  bands.insert(bands.end(), lines.begin(), lines.end());
  return script(name, canvas, setup, fmt::format("  plot {}\n", fmt::join(bands, ", \\\n       ")));
}

/// Many variants: one small frame each, before all the others in grey.
std::string small_multiples(const ReportModel& model, const std::string& name,
                            const std::vector<Curve>& curves, const Range& range, const std::string& title) {
  const std::size_t columns = 4, rows = (curves.size() + columns - 1) / columns;
  const double kLeft = room_for_labels(range.values);
  constexpr double kWidth = 1140, kTop = 52, kGapX = 34, kGapY = 40, kPanelHeight = 140, kBottom = 46;
  const double panel_width = (kWidth - kLeft - 16 - kGapX * (columns - 1)) / columns;
  const double height =
      kTop + static_cast<double>(rows) * kPanelHeight + static_cast<double>(rows - 1) * kGapY + kBottom;
  const Canvas canvas{
      .width = kWidth, .height = height, .left = kLeft, .right = 16, .top = kTop, .bottom = kBottom};
  std::string setup = axis('x', range.epochs) + axis('y', range.values) + "set grid noxtics\n";
  setup += fmt::format("axis_title = {}\narray panel_title[{}]\n", gnuplot_string(title), curves.size());
  std::string commands = fmt::format(
      "  set multiplot\n  set label 1 'epoch' at screen {:.6g},{:.6g} right textcolor rgb '{}'\n"
      "  set label 2 axis_title at screen {:.6g},{:.6g} left textcolor rgb '{}'\n",
      (kWidth - 16) / kWidth, 8 / height, kMuted, 8 / kWidth, 1 - 10 / height, kMuted);
  const std::size_t every = std::max<std::size_t>(1, range.longest / 30);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const auto column = static_cast<double>(i % columns), row = static_cast<double>(i / columns);
    const double left = kLeft + column * (panel_width + kGapX), top = kTop + row * (kPanelHeight + kGapY);
    const bool lowest = i + columns >= curves.size();
    setup += fmt::format("panel_title[{}] = {}\n", i + 1, gnuplot_string(label_of(model, curves[i], 30)));
    commands += fmt::format(
        "  set lmargin at screen {:.6g}; set rmargin at screen {:.6g}\n"
        "  set tmargin at screen {:.6g}; set bmargin at screen {:.6g}\n"
        "  set format x '{}'; set format y '{}'\n"
        "  set label 3 panel_title[{}] at graph 0, graph 1 left offset character 0,0.8 textcolor rgb '{}'\n",
        left / kWidth, (left + panel_width) / kWidth, 1 - top / height, 1 - (top + kPanelHeight) / height,
        lowest ? "%.0f" : "", i % columns == 0 ? fmt::format("%.{}f", range.values.digits) : "", i + 1, kInk);
    commands += fmt::format(
        "  plot for [k=0:{0}] '{1}.dat' index k every {2} using 1:2 with {6} linewidth 1 linecolor rgb "
        "'{3}', \\\n"
        "       '{1}.dat' index {4} using 1:3:4 with filledcurves fillstyle transparent solid 0.25 noborder "
        "fillcolor "
        "rgb '{5}', \\\n"
        "       '{1}.dat' index {4} using 1:2 with {6} linewidth 2 linecolor rgb '{5}'\n  unset label\n",
        curves.size() - 1, name, every, kQuiet, i, kAccent,
        range.longest == 1 ? "points pointtype 7 pointsize 0.6" : "lines");
  }
  commands += "  unset multiplot\n";
  return script(name, canvas, setup, commands);
}

}  // namespace

std::optional<Plot> draw_curves(const ReportModel& model, const std::string& name,
                                const std::vector<Curve>& curves, const std::string& axis_title) {
  if (curves.empty()) return std::nullopt;
  Plot plot;
  plot.wide = curves.size() > kSeriesCount;
  const Range range = range_of(curves);
  plot.script = plot.wide ? small_multiples(model, name, curves, range, axis_title)
                          : one_frame(model, name, curves, range, axis_title);
  plot.data[name + ".dat"] = data_of(model, curves);
  std::size_t least = curves[0].trials.size(), most = least;
  for (const Curve& curve : curves) {
    least = std::min(least, curve.trials.size()), most = std::max(most, curve.trials.size());
    plot.trials.insert(plot.trials.end(), curve.trials.begin(), curve.trials.end());
    const CurvePoint& last = curve.points.back();
    plot.description += fmt::format("{}: {} after epoch {} (from {} to {}). ", label_of(model, curve, 60),
                                    text::fixed(last.mean, 3), last.epoch, text::fixed(last.low, 3),
                                    text::fixed(last.high, 3));
  }
  plot.caption = most == 1 ? "Line: the one trial of a variant."
                           : fmt::format("Line: mean over {}. Band: from the least to the greatest trial.",
                                         least == most ? text::plural(most, "trial")
                                                       : fmt::format("{} to {} trials", least, most));
  if (plot.wide) plot.caption += " Grey: the other variants.";
  return plot;
}

}  // namespace segbench::reports
