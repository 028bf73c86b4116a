// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/text.h"
#include "harness/text/utf8.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/profile/figures.h"
#include "reports/profile/tables.h"
#include "results/profiles/budget.h"

namespace segbench::reports {
namespace {

using profiles::RowResult;

struct Mark {
  const RowResult* row;
  double x, y;
};

/// The canvas of both figures, and the values of its logarithmic axis.
struct Frame {
  Canvas canvas{.width = 560, .height = 340, .left = 64, .right = 24, .top = 34, .bottom = 46};
  double low = 0, high = 0;
};

/// The fastest rows alone have names: they are what one chooses between. A name stands at the right of its
/// mark, or at the left where it would leave the canvas.
std::string names_of(const std::vector<Mark>& marks, const Frame& frame) {
  constexpr double kFromMark = 8;
  const Canvas& canvas = frame.canvas;
  std::string text;
  for (const Mark& mark : marks) {
    if (!mark.row->best) continue;
    const std::string name = text::shortened(mark.row->label, 28);
    const double at = canvas.left + log_position(mark.x, frame.low, frame.high) *
                                        (canvas.width - canvas.left - canvas.right);
    const bool fits = at + kFromMark + text_width(name) <= canvas.width;
    text +=
        fmt::format("set label {} at first {:.6g}, first {:.6g} {} offset {},0.5 textcolor rgb '{}'\n",
                    gnuplot_string(name), mark.x, mark.y, fits ? "left" : "right", fits ? 0.8 : -0.8, kInk);
  }
  return text;
}

std::string data_of(const std::vector<Mark>& marks, const char* heading) {
  std::string data =
      fmt::format("# {}, parameters, 1 where it is the fastest engine of its network, \"label\"\n", heading);
  for (const Mark& mark : marks)
    data += fmt::format("{} {} {} {} {}\n", mark.x, mark.y, mark.row->parameters.value_or(0),
                        mark.row->best ? 1 : 0, quoted_label(mark.row->label));
  return data;
}

}  // namespace

std::optional<Plot> draw_size_latency(const profiles::ProfileResults& results, const profiles::ProfileLog&) {
  std::vector<Mark> marks;
  double low_x = 1e300, high_x = 0, low_y = 1e300, high_y = 0;
  for (const RowResult& row : results.rows) {
    if (!row.median_s || !row.macs || *row.macs <= 0) continue;
    const double x = *row.macs * row.facts.at("batch").get<double>(), y = *row.median_s;
    low_x = std::min(low_x, x), high_x = std::max(high_x, x), low_y = std::min(low_y, y),
    high_y = std::max(high_y, y);
    marks.push_back({&row, x, y});
  }
  if (marks.size() < 2) return std::nullopt;
  Plot plot = new_plot("size_latency", "Size against latency");
  const Frame frame{.low = low_x, .high = 1.6 * high_x};
  const std::string setup = log_axis('x', frame.low, frame.high, 1e-9) + log_axis('y', low_y, high_y, 1e3) +
                            axis_titles(frame.canvas, "10⁹ multiply-accumulates of a batch (logarithmic)",
                                        "milliseconds (logarithmic)") +
                            names_of(marks, frame);
  plot.data["size_latency.dat"] = data_of(marks, "multiply-accumulates, median seconds");
  plot.script = script(
      plot.name, frame.canvas, setup,
      fmt::format(
          "  plot 'size_latency.dat' using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb '{}', \\\n"
          "       '' using 1:($4==1?$2:NaN) with points pointtype 7 pointsize 1.0 linecolor rgb '{}'\n",
          kQuiet, kAccent));
  plot.caption = "Every row; blue and named: the fastest engine of each network, image size and batch.";
  for (const Mark& mark : marks)
    plot.description +=
        fmt::format("{}: {} MACs, {}. ", mark.row->label, core::human_count(mark.x), human_seconds(mark.y));
  return plot;
}

std::optional<Plot> draw_latency_score(const profiles::ProfileResults& results, const profiles::ProfileLog&) {
  std::vector<Mark> marks;
  double low_x = 1e300, high_x = 0, low_y = 1e300, high_y = -1e300, largest = 1;
  for (const RowResult& row : results.rows) {
    if (!row.median_s || !row.score) continue;
    const double x = *row.median_s, y = *row.score;
    low_x = std::min(low_x, x), high_x = std::max(high_x, x), low_y = std::min(low_y, y),
    high_y = std::max(high_y, y);
    largest = std::max(largest, row.parameters.value_or(1));
    marks.push_back({&row, x, y});
  }
  if (marks.size() < 2) return std::nullopt;
  Plot plot = new_plot("latency_score", "Latency against score");
  const Frame frame{.low = low_x, .high = 1.6 * high_x};
  const Ticks scores = ticks(low_y, high_y, 5);
  const std::string setup =
      log_axis('x', frame.low, frame.high, 1e3) + axis('y', scores) +
      axis_titles(frame.canvas, "milliseconds of a batch (logarithmic)",
                  fmt::format("{} ({} split)", marks.front().row->metric, marks.front().row->split)) +
      names_of(marks, frame);
  std::string front = "# the front: seconds, score, \"label\"\n";
  for (const RowResult* row : profiles::front(results))
    front += fmt::format("{} {} {}\n", *row->median_s, *row->score, quoted_label(row->label));
  plot.data["latency_score.dat"] = data_of(marks, "median seconds, score");
  plot.data["front.dat"] = front;
  plot.script =
      script(plot.name, frame.canvas, setup,
             fmt::format("  plot 'front.dat' using 1:2 with steps linewidth 1.4 linecolor rgb '{0}', \\\n"
                         "       'latency_score.dat' using 1:2:(0.6+1.6*sqrt($3/{2:.6g})) with points "
                         "pointtype 7 pointsize variable linecolor rgb '{1}'\n",
                         kQuiet, kAccent, largest));
  plot.caption = "Larger dots: more parameters. Line: the front, rows that no other beats in both.";
  for (const Mark& mark : marks)
    plot.description += fmt::format("{}: {}, score {:.3f}. ", mark.row->label, human_seconds(mark.x), mark.y);
  return plot;
}

}  // namespace segbench::reports
