// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"

namespace segbench::reports {
namespace {

using conclusions::SearchDraw, conclusions::SearchResult;

/// Every draw in its order by the last score that it has, and the best of the complete ones so far.
std::optional<Plot> draw_search_course(const ReportModel& model, const std::string& name) {
  if (!model.search) return std::nullopt;
  const SearchResult& search = *model.search;
  const bool higher = text::higher_is_better(search.metric);
  double low = 1e300, high = -1e300;
  std::optional<double> best;
  std::string points = "# draw, last score on the selection split, rung that it reached (0: the first)\n";
  std::string course = "\n\n# draw, the best complete one so far\n";
  for (const SearchDraw& draw : search.draws) {
    std::optional<double> last;
    std::size_t rung = 0;
    for (std::size_t k = 0; k < draw.scores.size(); ++k) {
      if (draw.scores[k]) last = draw.scores[k], rung = k;
    }
    if (!last) continue;
    low = std::min(low, *last), high = std::max(high, *last);
    points += fmt::format("{} {} {}\n", draw.number, *last, rung);
    const bool is_complete = rung + 1 == search.rungs.size();
    if (is_complete && (!best || (higher ? *last > *best : *last < *best))) best = last;
    if (best) course += fmt::format("{} {}\n", draw.number, *best);
  }
  if (low > high || !best) return std::nullopt;
  const Ticks x = whole_ticks(search.draws.size() + 1, 6), y = ticks(low, high, 5);
  const Canvas canvas{
      .width = 560, .height = 320, .left = room_for_labels(y), .right = 16, .top = 32, .bottom = 46};
  std::vector<std::string> plots;
  std::string key;
  double at = canvas.width - canvas.right - 108 * static_cast<double>(search.rungs.size() - 1);
  for (std::size_t k = 0; k < search.rungs.size(); ++k) {
    const bool is_last = k + 1 == search.rungs.size();
    const char* colour = is_last ? kAccent : k == 0 ? kQuiet : kSeriesColours[k % kSeriesCount];
    plots.push_back(
        fmt::format("'{}.dat' index 0 using 1:($3=={}?$2:1/0) with points pointtype 7 pointsize {} "
                    "linecolor rgb '{}'",
                    name, k, is_last ? 0.9 : 0.6, colour));
    key += label_at(canvas, at, canvas.top - 10,
                    "● " + text::plural(static_cast<std::size_t>(search.rungs[k]), "epoch"),
                    fmt::format("right textcolor rgb '{}'", colour));
    at += 108;
  }
  plots.push_back(
      fmt::format("'{}.dat' index 1 using 1:2 with steps linewidth 2 linecolor rgb '{}'", name, kInk));
  Plot plot;
  plot.script =
      script(name, canvas,
             axis('x', x) + axis('y', y) +
                 axis_titles(canvas, "draw", text::metric_title(search.metric) + ", selection split") +
                 (search.rungs.size() > 1 ? key : "") + "set grid noxtics\n",
             fmt::format("  plot {}\n", fmt::join(plots, ", \\\n       ")));
  plot.data[name + ".dat"] = points + course;
  plot.trials = search.trials;
  plot.caption =
      search.rungs.size() > 1
          ? "Dots: draws, by the score at the last rung that they reached. Line: the best of the complete "
            "ones so far."
          : "Dots: draws. Line: the best so far.";
  const std::vector<std::size_t> reached = reached_rungs(search);
  plot.description =
      fmt::format("{} draws, of which {} were trained in full; the best of them scores {}.",
                  search.draws.size(), reached.back(), text::metric_value(search.metric, *best, 4));
  return plot;
}

const FigureRegistration kSearchCourse({.order = 2,
                                        .name = "search_course",
                                        .title = "The course of the search",
                                        .draw = draw_search_course,
                                        .table = "search"});

}  // namespace
}  // namespace segbench::reports
