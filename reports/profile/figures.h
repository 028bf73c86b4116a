// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "results/profiles/conclude.h"

namespace segbench::reports {

/// The figures of a profile that have something to show, in the order of the page.
std::vector<Plot> profile_plots(const profiles::ProfileResults& results, const profiles::ProfileLog& log);

// One figure a file; nothing where it does not apply.
std::optional<Plot> draw_latencies(const profiles::ProfileResults& results, const profiles::ProfileLog& log);
std::optional<Plot> draw_rounds(const profiles::ProfileResults& results, const profiles::ProfileLog& log);
std::optional<Plot> draw_throughput(const profiles::ProfileResults& results, const profiles::ProfileLog& log);
std::optional<Plot> draw_size_latency(const profiles::ProfileResults& results,
                                      const profiles::ProfileLog& log);
std::optional<Plot> draw_latency_score(const profiles::ProfileResults& results,
                                       const profiles::ProfileLog& log);
std::optional<Plot> draw_layers(const profiles::ProfileResults& results, const profiles::ProfileLog& log);
std::optional<Plot> draw_roofline(const profiles::ProfileResults& results, const profiles::ProfileLog& log);

// What they share.

Plot new_plot(std::string name, std::string title);
/// The measured rows, by index.
std::vector<std::size_t> measured_rows(const profiles::ProfileResults& results);
/// A canvas with room for these labels at its left, one a row.
Canvas canvas_of_rows(const std::vector<std::string>& labels);
/// The labels of such a canvas, from the top. y of row i is i + 1, downwards.
std::string row_axis(const Canvas& canvas, const std::vector<std::string>& labels);
/// A logarithmic axis ('x' or 'y') over what lies in [low, high], with round tics whose texts are multiplied
/// by `scale`.
std::string log_axis(char which, double low, double high, double scale);
/// Where a value lies on such an axis, from 0 to 1.
double log_position(double value, double low, double high);
/// A label fit for a data file, in double quotes.
std::string quoted_label(const std::string& label);

}  // namespace segbench::reports
