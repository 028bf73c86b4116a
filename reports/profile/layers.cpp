// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/palette.h"
#include "reports/profile/figures.h"
#include "reports/profile/tables.h"
#include "results/profiles/roofline.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kMostLayers = 18;

/// The measured row with the largest network whose engine told the time of its layers.
const profiles::RowLog* row_with_layers(const profiles::ProfileResults& results,
                                        const profiles::ProfileLog& log, std::string& label) {
  const profiles::RowLog* chosen = nullptr;
  double largest = -1;
  for (const std::size_t i : measured_rows(results)) {
    const double macs = results.rows[i].macs.value_or(0);
    if (log.rows[i].layers.empty() || macs <= largest || !profiles::roof_of(log, log.rows[i])) continue;
    chosen = &log.rows[i], largest = macs, label = results.rows[i].label;
  }
  return chosen;
}

}  // namespace

/// The slowest layers of a network: what they took, and what they would take at the machine's ceilings.
std::optional<Plot> draw_layers(const profiles::ProfileResults& results, const profiles::ProfileLog& log) {
  std::string label;
  const profiles::RowLog* row = row_with_layers(results, log, label);
  if (row == nullptr) return std::nullopt;
  std::vector<profiles::LayerRoof> layers = profiles::roof_of(log, *row)->layers;
  std::erase_if(layers, [](const profiles::LayerRoof& layer) { return !layer.measured_s; });
  std::stable_sort(layers.begin(), layers.end(),
                   [](const auto& a, const auto& b) { return *a.measured_s > *b.measured_s; });
  double total = 0;
  for (const auto& layer : layers) total += *layer.measured_s;
  if (layers.size() > kMostLayers) layers.resize(kMostLayers);
  if (layers.empty()) return std::nullopt;
  Plot plot = new_plot("layers", "Slowest layers of " + label);
  std::string data = "# layer, measured seconds, least seconds at the ceilings, \"name\"\n";
  std::vector<std::string> names;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    names.push_back(layers[i].name);
    data += fmt::format("{} {} {} {}\n", i + 1, *layers[i].measured_s * 1e3, layers[i].least_s * 1e3,
                        quoted_label(layers[i].name));
    if (i < 6)
      plot.description +=
          fmt::format("{}: {}, {:.0f} % of all. ", layers[i].name, human_seconds(*layers[i].measured_s),
                      100 * *layers[i].measured_s / total);
  }
  const Canvas canvas = canvas_of_rows(names);
  const std::string setup =
      row_axis(canvas, names) +
      fmt::format("set xrange [0:{:.6g}]\nset xtics nomirror scale 0 textcolor rgb '{}'\n",
                  *layers.front().measured_s * 1.05e3, kMuted) +
      axis_titles(canvas, "milliseconds of a batch", "");
  plot.data["layers.dat"] = data;
  plot.script = script(
      plot.name, canvas, setup,
      fmt::format(
          "  plot 'layers.dat' using (0):1:2:(0) with vectors nohead linewidth 9 linecolor rgb '{}', \\\n"
          "       '' using 3:($1-0.32):(0):(0.64) with vectors nohead linewidth 2.5 linecolor rgb '{}'\n",
          kAccent, kInk));
  plot.caption =
      "Bar: median of five passes, each layer timed alone. Tick: the least it could take at the measured "
      "ceilings.";
  plot.wide = true;
  return plot;
}

}  // namespace segbench::reports
