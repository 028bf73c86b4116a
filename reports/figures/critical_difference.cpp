// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

/// More names than this would make the diagram unreadable; the table of ranks has them all.
constexpr std::size_t kMostNames = 20;
constexpr double kDiagramWidth = 640, kLabelSide = 186, kAxisHeight = 74, kNameHeight = 22, kBarHeight = 9;

/// Variants first … last, by rank, whose ranks lie within the critical difference.
struct Group {
  std::size_t first = 0, last = 0;
};

/// The groups that are part of no larger one.
std::vector<Group> groups_of(const Ranking& ranking) {
  std::vector<Group> groups;
  const auto& lines = ranking.lines;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t last = i;
    while (last + 1 < lines.size() &&
           lines[last + 1].average_rank - lines[i].average_rank < ranking.critical_difference)
      ++last;
    const bool is_part = !groups.empty() && groups.back().last >= last;
    if (last > i && !is_part) groups.push_back({i, last});
  }
  return groups;
}

std::string label_of(const ReportModel& model, const Ranking::Line& line, std::size_t width) {
  const Entry* entry = find_entry(model, line.variant);
  return short_label(model, entry != nullptr ? entry->label : line.variant, width);
}

/// What so few seeds can tell, before what they tell.
std::string caption_of(const Ranking& ranking) {
  const auto reach = static_cast<double>(ranking.lines.size() - 1);
  std::string text = fmt::format(
      "Average rank over {} (1: the best of a seed). A bar joins variants whose ranks differ by less than "
      "the "
      "critical difference {} (Nemenyi, 5%): they are not told apart.",
      text::plural(ranking.seeds, "seed"), text::fixed(ranking.critical_difference, 2));
  if (ranking.critical_difference > reach)
    text += fmt::format(
        " So few seeds cannot part any two of {} variants by rank: their ranks differ by {} at most.",
        ranking.lines.size(), ranking.lines.size() - 1);
  text += fmt::format(" Friedman’s test that no variant is better: {}.", text::p_text(ranking.p));
  if (ranking.p >= 0.05) text += " It finds no difference: read no order from the ranks.";
  return text + " Ranks leave out how large a difference is, and images; the verdict takes in both.";
}

/// After Demšar (Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7, 2006), figure 1.
std::optional<Plot> draw_critical_difference(const ReportModel& model, const std::string& name) {
  if (!model.ranking || model.ranking->lines.size() > kMostNames) return std::nullopt;
  const Ranking& ranking = *model.ranking;
  const std::size_t k = ranking.lines.size(), left = (k + 1) / 2;
  const std::vector<Group> groups = groups_of(ranking);
  const double bars = kBarHeight * static_cast<double>(groups.size()) + 10;
  const Canvas canvas{.width = kDiagramWidth,
                      .height = kAxisHeight + bars + kNameHeight * static_cast<double>(left) + 12,
                      .left = kLabelSide,
                      .right = kLabelSide,
                      .top = kAxisHeight,
                      .bottom = 12};
  const auto x_of = [&](double rank) {
    return kLabelSide + (rank - 1) / static_cast<double>(k - 1) * (kDiagramWidth - 2 * kLabelSide);
  };
  Plot plot;
  std::string setup = fmt::format(
      "set xrange [0:{0}]\nset yrange [{1}:0]\nset lmargin at screen 0\nset rmargin at screen 1\nset tmargin "
      "at screen 1\nset bmargin at screen 0\nunset xtics\nunset ytics\nunset grid\n",
      canvas.width, canvas.height);
  std::string lines, heavy;  // blocks of two points each
  const auto line = [](double x1, double y1, double x2, double y2) {
    return fmt::format("{:.6g} {:.6g}\n{:.6g} {:.6g}\n\n", x1, y1, x2, y2);
  };
  const std::string centred = fmt::format("center textcolor rgb '{}'", kMuted);
  lines += line(x_of(1), kAxisHeight, x_of(static_cast<double>(k)), kAxisHeight);
  for (std::size_t rank = 1; rank <= k; ++rank) {
    const double x = x_of(static_cast<double>(rank));
    lines += line(x, kAxisHeight - 5, x, kAxisHeight);
    setup += label_at(canvas, x, kAxisHeight - 14, std::to_string(rank), centred);
  }
  setup += label_at(canvas, x_of(1), kAxisHeight - 32, "average rank",
                    fmt::format("left textcolor rgb '{}'", kMuted));
  // The critical difference as a length, above the axis, as far as it fits.
  const double length = std::min(x_of(1 + ranking.critical_difference), kDiagramWidth - 8) - x_of(1);
  heavy += line(x_of(1), 24, x_of(1) + length, 24);
  setup += label_at(canvas, x_of(1), 11,
                    fmt::format("critical difference {}{}", text::fixed(ranking.critical_difference, 2),
                                x_of(1 + ranking.critical_difference) > kDiagramWidth - 8 ? " (cut)" : ""),
                    fmt::format("left textcolor rgb '{}'", kMuted));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double y = kAxisHeight + 9 + kBarHeight * static_cast<double>(g);
    heavy += line(x_of(ranking.lines[groups[g].first].average_rank) - 3, y,
                  x_of(ranking.lines[groups[g].last].average_rank) + 3, y);
  }
  std::string dots;
  for (std::size_t i = 0; i < k; ++i) {
    const bool on_left = i < left;
    const std::size_t row = on_left ? i : k - 1 - i;
    const double y = kAxisHeight + bars + kNameHeight * (static_cast<double>(row) + 0.5);
    const double x = x_of(ranking.lines[i].average_rank),
                 side = on_left ? kLabelSide - 10 : kDiagramWidth - kLabelSide + 10;
    lines += fmt::format("{0:.6g} {1}\n{0:.6g} {2:.6g}\n{3:.6g} {2:.6g}\n\n", x, kAxisHeight, y, side);
    setup += label_at(canvas, on_left ? side - 5 : side + 5, y,
                      fmt::format("{} {}", label_of(model, ranking.lines[i], 15),
                                  text::fixed(ranking.lines[i].average_rank, 2)),
                      fmt::format("{} textcolor rgb '{}'", on_left ? "right" : "left", kInk));
    dots += fmt::format("{:.6g} {} {}\n", x, kAxisHeight, ranking.lines[i].average_rank);
    const Entry* entry = find_entry(model, ranking.lines[i].variant);
    if (entry != nullptr)
      plot.trials.insert(plot.trials.end(), entry->score.trials.begin(), entry->score.trials.end());
    plot.description += fmt::format("{}: average rank {}. ", label_of(model, ranking.lines[i], 60),
                                    text::fixed(ranking.lines[i].average_rank, 2));
  }
  for (const Group& group : groups)
    plot.description +=
        fmt::format("Not told apart: {} to {}. ", label_of(model, ranking.lines[group.first], 60),
                    label_of(model, ranking.lines[group.last], 60));
  plot.data[name + ".dat"] = "# axis and leaders, in pixels\n" + lines +
                             "\n# critical difference, then groups that are not told apart, in pixels\n" +
                             heavy + "\n# variants: x, y, average rank\n" + dots;
  plot.script =
      script(name, canvas, setup,
             fmt::format("  plot '{0}.dat' index 0 using 1:2 with lines linewidth 1 linecolor rgb '{1}', \\\n"
                         "       '{0}.dat' index 1 using 1:2 with lines linewidth 4 linecolor rgb '{2}', \\\n"
                         "       '{0}.dat' index 2 using 1:2 with points pointtype 7 pointsize 0.75 "
                         "linecolor rgb '{3}'\n",
                         name, kMuted, kInk, kAccent));
  plot.caption = caption_of(ranking);
  return plot;
}

const FigureRegistration kCriticalDifference({.order = 28,
                                              .name = "critical_difference",
                                              .title = "Ranks over seeds",
                                              .draw = draw_critical_difference,
                                              .table = "ranking"});

}  // namespace
}  // namespace segbench::reports
