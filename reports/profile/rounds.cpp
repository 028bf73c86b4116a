// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "reports/figures/palette.h"
#include "reports/profile/figures.h"

namespace segbench::reports {
namespace {

constexpr double kHalfBand = 0.42;  ///< of the distance of two rows

}  // namespace

/// The median of each round beside that of all rounds, a band for each row: drift and disturbed rounds show.
std::optional<Plot> draw_rounds(const profiles::ProfileResults& results, const profiles::ProfileLog& log) {
  const std::vector<std::size_t> rows = measured_rows(results);
  if (rows.empty() || log.rounds.size() < 2) return std::nullopt;
  Plot plot = new_plot("rounds", "Rounds over time");
  std::vector<std::map<std::int64_t, double>> multiples;
  std::vector<std::string> labels, curves, bands;
  double farthest = std::log(1.1);
  for (const std::size_t index : rows) {
    labels.push_back(results.rows[index].label);
    auto& of_row = multiples.emplace_back(profiles::round_medians(log.rows[index]));
    for (auto& [round, value] : of_row) {
      value /= *results.rows[index].median_s;
      farthest = std::max(farthest, std::abs(std::log(value)));
    }
  }
  std::string data = "# round, multiple of the row's median, where it is drawn; a block for each row\n";
  std::string disturbed = "# round, where it is drawn, of disturbed visits\n";
  std::size_t marks = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto place = [&](double multiple) {
      return static_cast<double>(i + 1) - kHalfBand * std::log(multiple) / farthest;
    };
    data += fmt::format("# {}\n", quoted_label(labels[i]));
    for (const auto& [round, multiple] : multiples[i])
      data += fmt::format("{} {} {}\n", round, multiple, place(multiple));
    data += "\n\n";
    for (const profiles::Visit& visit : log.rows[rows[i]].visits) {
      if (!visit.disturbed || !multiples[i].contains(visit.round)) continue;
      disturbed += fmt::format("{} {}\n", visit.round, place(multiples[i].at(visit.round)));
      ++marks;
    }
    curves.push_back(fmt::format(
        "'rounds.dat' index {} using 1:3 with lines linewidth 1.3 linecolor rgb '{}'", i, kAccent));
    bands.push_back(
        fmt::format("set arrow from graph 0, first {0} to graph 1, first {0} nohead linewidth 1 "
                    "linecolor rgb '{1}' back\n",
                    i + 1, kRule));
  }
  plot.data["rounds.dat"] = data;
  if (marks > 0) {
    plot.data["disturbed.dat"] = disturbed;
    curves.push_back(fmt::format(
        "'disturbed.dat' using 1:2 with points pointtype 6 pointsize 0.7 linecolor rgb '{}'", kInk));
  }
  const Canvas canvas = canvas_of_rows(labels);
  const std::int64_t first = log.rounds.begin()->first, last = log.rounds.rbegin()->first;
  const std::string setup =
      row_axis(canvas, labels) +
      fmt::format("set xrange [{}:{}]\nset xtics {} nomirror scale 0 textcolor rgb '{}'\n{}", first, last,
                  std::max<std::int64_t>(1, (last - first) / 8), kMuted, fmt::join(bands, "")) +
      axis_titles(canvas, "round", "");
  plot.script =
      script(plot.name, canvas, setup, fmt::format("  plot {}\n", fmt::join(curves, ", \\\n       ")));
  plot.caption = fmt::format(
      "The median of each round beside that of all (grey line); a band reaches from {:.2f} to {:.2f} times "
      "of it. Rings: visits during which others used the machine. A drift that all rows share leaves their "
      "ratios alone.",
      std::exp(-farthest), std::exp(farthest));
  plot.description = fmt::format(
      "{} rounds of {} rows, {} disturbed visits; a round took at most {:.2f} times or one {:.2f}th of its "
      "row's median.",
      log.rounds.size(), rows.size(), marks, std::exp(farthest), std::exp(farthest));
  plot.wide = true;
  return plot;
}

}  // namespace segbench::reports
