// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/text/utf8.h"
#include "reports/figures/palette.h"
#include "reports/profile/figures.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kSeriesColumns = 26;

/// A network at one size and precision.
struct Series {
  std::string label;
  std::map<std::int64_t, double> images_per_s;  ///< of its fastest engine, by batch
};

std::vector<Series> series_of(const profiles::ProfileResults& results) {
  std::vector<Series> all;
  std::map<std::string, std::size_t> known;
  std::set<std::string> sizes, precisions;
  const auto size_of = [](const core::Json& facts) {
    return fmt::format("{}x{}", facts.at("height").dump(), facts.at("width").dump());
  };
  for (const profiles::RowResult& row : results.rows)
    sizes.insert(size_of(row.facts)), precisions.insert(row.facts.at("precision").get<std::string>());
  for (const profiles::RowResult& row : results.rows) {
    if (!row.best || !row.throughput) continue;
    std::string label = row.facts.at("model");
    if (sizes.size() > 1) label += " " + size_of(row.facts);
    if (precisions.size() > 1) label += " " + row.facts.at("precision").get<std::string>();
    const auto [found, is_new] = known.emplace(label, all.size());
    if (is_new) all.push_back({.label = label, .images_per_s = {}});
    double& most = all[found->second].images_per_s[row.facts.at("batch").get<std::int64_t>()];
    most = std::max(most, *row.throughput);
  }
  std::erase_if(all, [](const Series& one) { return one.images_per_s.size() < 2; });
  return all;
}

}  // namespace

/// What a larger batch is worth: images a second of the fastest engine of each network.
std::optional<Plot> draw_throughput(const profiles::ProfileResults& results, const profiles::ProfileLog&) {
  const std::vector<Series> all = series_of(results);
  if (all.empty()) return std::nullopt;
  Plot plot = new_plot("throughput", "Throughput against batch");
  std::string data = "# batch, images a second; a block for each network\n", labels;
  std::vector<std::string> curves;
  std::set<std::int64_t> batches;
  double low = 1e300, high = 0, widest = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const char* colour = kSeriesColours[i % kSeriesCount];
    data += fmt::format("# {}\n", quoted_label(all[i].label));
    for (const auto& [batch, images] : all[i].images_per_s) {
      batches.insert(batch);
      low = std::min(low, images), high = std::max(high, images);
      data += fmt::format("{} {}\n", batch, images);
      plot.description += fmt::format("{}, batch {}: {:.3g} images a second. ", all[i].label, batch, images);
    }
    data += "\n\n";
    const std::string shown = text::shortened(all[i].label, kSeriesColumns);
    widest = std::max(widest, text_width(shown));
    const auto& [batch, images] = *all[i].images_per_s.rbegin();
    labels += fmt::format("set label {} at first {}, first {:.6g} left offset 0.8,0 textcolor rgb '{}'\n",
                          gnuplot_string(shown), batch, images, colour);
    curves.push_back(
        fmt::format("'throughput.dat' index {} using 1:2 with linespoints pointtype 7 pointsize "
                    "0.7 linewidth 1.6 linecolor rgb '{}'",
                    i, colour));
  }
  Canvas canvas{
      .width = 560, .height = 340, .left = 64, .right = 24 + 1.35 * widest, .top = 34, .bottom = 46};
  const std::string setup = log_axis('y', low, high, 1) +
                            fmt::format(
                                "set logscale x 2\nset xrange [{}:{}]\nset xtics ({}) nomirror scale "
                                "0 textcolor rgb '{}'\n",
                                *batches.begin(), *batches.rbegin(), fmt::join(batches, ", "), kMuted) +
                            axis_titles(canvas, "images at once", "images a second (logarithmic)") + labels;
  plot.data["throughput.dat"] = data;
  plot.script =
      script(plot.name, canvas, setup, fmt::format("  plot {}\n", fmt::join(curves, ", \\\n       ")));
  plot.caption = "The fastest engine of each network at each batch.";
  return plot;
}

}  // namespace segbench::reports
