// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/palette.h"
#include "reports/profile/figures.h"
#include "results/profiles/roofline.h"

namespace segbench::reports {

/// Every row and every timed layer below the machine's ceilings.
std::optional<Plot> draw_roofline(const profiles::ProfileResults& results, const profiles::ProfileLog& log) {
  std::string networks = "# operations a byte, operations a second, \"row\"\n",
              layers = "# the same of layers\n";
  double low_x = 1e300, high_x = 0, low_y = 1e300;
  std::optional<profiles::Roof> roof;
  std::size_t timed = 0;
  const auto see = [&](double intensity, double flops) {
    low_x = std::min(low_x, intensity), high_x = std::max(high_x, intensity), low_y = std::min(low_y, flops);
  };
  Plot plot = new_plot("roofline", "Roofline");
  for (const std::size_t i : measured_rows(results)) {
    const auto found = profiles::roof_of(log, log.rows[i]);
    if (!found || found->flops <= 0) continue;
    roof = found;
    const double reached = found->flops / *results.rows[i].median_s, intensity = found->flops / found->bytes;
    see(intensity, reached);
    networks += fmt::format("{} {} {}\n", intensity, reached, quoted_label(results.rows[i].label));
    plot.description += fmt::format("{}: {:.1f} GFLOP/s, {:.0f} % of the roofline. ", results.rows[i].label,
                                    reached * 1e-9, 100 * results.rows[i].of_roofline.value_or(0));
    for (const profiles::LayerRoof& layer : found->layers) {
      if (!layer.measured_s || layer.flops <= 0) continue;
      see(layer.intensity, layer.flops / *layer.measured_s);
      layers += fmt::format("{} {} {}\n", layer.intensity, layer.flops / *layer.measured_s,
                            quoted_label(layer.name));
      ++timed;
    }
  }
  if (!roof) return std::nullopt;
  const double ridge = roof->flops_per_s / roof->bytes_per_s;
  low_x = std::min(low_x, ridge / 4), high_x = std::max(high_x, ridge * 4);
  Canvas canvas{.width = 560, .height = 340, .left = 64, .right = 24, .top = 34, .bottom = 46};
  const std::string setup =
      log_axis('x', low_x, high_x, 1) +
      log_axis('y', std::min(low_y, low_x * roof->bytes_per_s), roof->flops_per_s, 1e-9) +
      axis_titles(canvas, "operations a byte (logarithmic)", "GFLOP/s (logarithmic)");
  plot.data["networks.dat"] = networks;
  if (timed > 0) plot.data["roofline_layers.dat"] = layers;
  std::string commands =
      fmt::format("  plot (x < {0:.6g} ? x * {1:.6g} : {2:.6g}) with lines linewidth 2 linecolor rgb '{3}'",
                  ridge, roof->bytes_per_s, roof->flops_per_s, kInk);
  if (timed > 0)
    commands += fmt::format(
        ", \\\n       'roofline_layers.dat' using 1:2 with points pointtype 7 pointsize 0.5 linecolor rgb "
        "'{}'",
        kQuiet);
  commands += fmt::format(
      ", \\\n       'networks.dat' using 1:2 with points pointtype 7 pointsize 1.0 linecolor rgb '{}'\n",
      kAccent);
  plot.script = script(plot.name, canvas, setup, commands);
  plot.caption =
      "Line: what the fastest matrix product and the fastest copy of this machine allow. Blue: rows in "
      "float32. Grey: single layers. "
      "Bytes are counted as if no cache held anything between layers, so a row may lie above the slope.";
  return plot;
}

}  // namespace segbench::reports
