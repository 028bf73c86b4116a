// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/numbers.h"
#include "reports/figures/palette.h"
#include "reports/profile/figures.h"
#include "reports/profile/tables.h"
#include "results/statistics/summary.h"

namespace segbench::reports {

/// The distribution of every row's iterations: from the 5 % to the 95 % quantile, the middle half, the
/// median.
std::optional<Plot> draw_latencies(const profiles::ProfileResults& results, const profiles::ProfileLog& log) {
  const std::vector<std::size_t> rows = measured_rows(results);
  if (rows.empty()) return std::nullopt;
  Plot plot = new_plot("latencies", "Latencies");
  std::string data = "# row, quantiles 5 %, 25 %, 50 %, 75 %, 95 % in seconds, \"label\"\n";
  std::vector<std::string> labels;
  double low = 1e300, high = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<double> seconds;
    for (const profiles::Visit& visit : log.rows[rows[i]].visits)
      seconds.insert(seconds.end(), visit.seconds.begin(), visit.seconds.end());
    const auto at = [&](double p) { return *statistics::quantile(seconds, p); };
    low = std::min(low, at(0.05)), high = std::max(high, at(0.95));
    const profiles::RowResult& row = results.rows[rows[i]];
    labels.push_back(row.label);
    data += fmt::format("{} {} {} {} {} {} {}\n", i + 1, at(0.05), at(0.25), at(0.5), at(0.75), at(0.95),
                        quoted_label(row.label));
    plot.description += fmt::format("{}: {}. ", row.label, human_seconds(*row.median_s));
  }
  const Canvas canvas = canvas_of_rows(labels);
  const std::string setup = row_axis(canvas, labels) + log_axis('x', low, high, 1e3) +
                            axis_titles(canvas, "milliseconds of an iteration (logarithmic)", "");
  plot.data["latencies.dat"] = data;
  plot.script = script(
      plot.name, canvas, setup,
      fmt::format(
          "  plot 'latencies.dat' using 2:1:($6-$2):(0) with vectors nohead linewidth 1.4 linecolor rgb "
          "'{0}', \\\n"
          "       '' using 3:1:($5-$3):(0) with vectors nohead linewidth 7 linecolor rgb '{1}', \\\n"
          "       '' using 4:($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb '{2}'\n",
          kMuted, kAccent, kInk));
  plot.caption =
      "Line: from the 5 % to the 95 % quantile of all iterations. Bar: the middle half. Tick: the median.";
  plot.wide = true;
  return plot;
}

}  // namespace segbench::reports
