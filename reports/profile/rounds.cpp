// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/figures/palette.h"
#include "reports/profile/figures.h"

namespace segbench::reports {

/// The median of each round beside that of all rounds, by row: drift and disturbed rounds show.
std::optional<Plot> draw_rounds(const profiles::ProfileResults& results, const profiles::ProfileLog& log) {
  const std::vector<std::size_t> rows = measured_rows(results);
  if (rows.empty() || log.rounds.size() < 2) return std::nullopt;
  Plot plot = new_plot("rounds", "Rounds over time");
  std::string data, disturbed = "# round, multiple of the row's median, of disturbed visits\n";
  double low = 0.9, high = 1.1;
  std::vector<std::string> curves;
  std::size_t marks = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const profiles::RowResult& row = results.rows[rows[i]];
    data += fmt::format("# {}\n", quoted_label(row.label));
    const auto medians = profiles::round_medians(log.rows[rows[i]]);
    for (const auto& [round, seconds] : medians) {
      const double multiple = seconds / *row.median_s;
      low = std::min(low, multiple), high = std::max(high, multiple);
      data += fmt::format("{} {}\n", round, multiple);
    }
    data += "\n\n";
    for (const profiles::Visit& visit : log.rows[rows[i]].visits) {
      if (!visit.disturbed || !medians.contains(visit.round)) continue;
      disturbed += fmt::format("{} {}\n", visit.round, medians.at(visit.round) / *row.median_s);
      ++marks;
    }
    curves.push_back(
        fmt::format("'rounds.dat' index {} using 1:2 with lines linewidth 1.2 linecolor rgb '{}'", i,
                    kSeriesColours[i % kSeriesCount]));
  }
  if (marks > 0)
    curves.push_back(fmt::format(
        "'disturbed.dat' using 1:2 with points pointtype 6 pointsize 0.8 linecolor rgb '{}'", kMuted));
  plot.data["rounds.dat"] = data;
  if (marks > 0) plot.data["disturbed.dat"] = disturbed;
  Canvas canvas{.width = 760, .height = 300, .left = 60, .right = 24, .top = 34, .bottom = 46};
  const std::string setup = fmt::format("set xrange [{}:{}]\nset xtics nomirror scale 0 textcolor rgb '{}'\n",
                                        log.rounds.begin()->first, log.rounds.rbegin()->first, kMuted) +
                            log_axis('y', low, high, 1) +
                            axis_titles(canvas, "round", "time of a round / median of the row (logarithmic)");
  plot.script =
      script(plot.name, canvas, setup, fmt::format("  plot {}\n", fmt::join(curves, ", \\\n       ")));
  plot.caption =
      "One line a row. Rings: visits during which others used the machine. A drift that all rows share "
      "leaves their ratios alone.";
  plot.description = fmt::format(
      "{} rounds of {} rows, {} disturbed visits; a round took between {:.2f} and {:.2f} of its row's "
      "median.",
      log.rounds.size(), rows.size(), marks, low, high);
  plot.wide = true;
  return plot;
}

}  // namespace segbench::reports
