// SPDX-License-Identifier: MIT
#include "reports/profile/figures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/text/utf8.h"
#include "reports/figures/palette.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kLabelColumns = 42;
constexpr double kRowHeight = 30;

/// The factor by which a logarithmic axis reaches beyond its values.
double room_beside(double low, double high) {
  return std::max(1.15, std::pow(high / low, 0.06));
}

}  // namespace

Plot new_plot(std::string name, std::string title) {
  Plot plot;
  plot.name = std::move(name);
  plot.title = std::move(title);
  return plot;
}

std::vector<std::size_t> measured_rows(const profiles::ProfileResults& results) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    if (results.rows[i].failure.empty() && results.rows[i].median_s) rows.push_back(i);
  }
  return rows;
}

Canvas canvas_of_rows(const std::vector<std::string>& labels) {
  double widest = 0;
  for (const std::string& label : labels)
    widest = std::max(widest, text_width(text::shortened(label, kLabelColumns)));
  Canvas canvas{.left = widest + 28};
  canvas.width = std::max(560.0, canvas.left + 400);
  canvas.height = canvas.top + canvas.bottom + kRowHeight * static_cast<double>(labels.size());
  return canvas;
}

std::string row_axis(const Canvas& canvas, const std::vector<std::string>& labels) {
  std::string setup = fmt::format("set yrange [{}.5:0.5]\nunset ytics\nset grid noytics\n", labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    setup +=
        label_at(canvas, canvas.left - 14, canvas.top + kRowHeight * (static_cast<double>(i) + 0.5),
                 text::shortened(labels[i], kLabelColumns), fmt::format("right textcolor rgb '{}'", kInk));
  }
  return setup;
}

double log_position(double value, double low, double high) {
  const double room = room_beside(low, high);
  return std::log(value * room / low) / std::log(high * room * room / low);
}

std::string log_axis(char which, double low, double high, double scale) {
  const double room = room_beside(low, high);
  low /= room, high *= room;
  std::vector<double> at;
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor * power >= low && factor * power <= high) at.push_back(factor * power);
    }
  }
  const std::size_t step = std::max<std::size_t>(1, (at.size() + 6) / 7);
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < at.size(); i += step)
    tics.push_back(fmt::format("{} {:.6g}", gnuplot_string(fmt::format("{:.3g}", at[i] * scale)), at[i]));
  return fmt::format(
      "set logscale {0}\nset {0}range [{1:.6g}:{2:.6g}]\nset {0}tics ({3}) nomirror scale 0 textcolor rgb "
      "'{4}'\n",
      which, low, high, fmt::join(tics, ", "), kMuted);
}

std::string quoted_label(const std::string& label) {
  std::string clean = text::clean(label);
  std::replace(clean.begin(), clean.end(), '"', '\'');
  return "\"" + clean + "\"";
}

std::vector<Plot> profile_plots(const profiles::ProfileResults& results, const profiles::ProfileLog& log) {
  std::vector<Plot> plots;
  for (const auto draw : {draw_latencies, draw_rounds, draw_size_latency, draw_latency_score, draw_throughput,
                          draw_layers, draw_roofline}) {
    if (std::optional<Plot> plot = draw(results, log)) plots.push_back(std::move(*plot));
  }
  return plots;
}

}  // namespace segbench::reports
