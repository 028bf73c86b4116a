// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

constexpr const char* kWorse = kSeriesColours[1];

/// Every image of the split, by how much the leader is ahead on it: whether a lead comes from many images or
/// from a few.
std::optional<Plot> draw_image_differences(const ReportModel& model, const std::string& name) {
  const auto found =
      std::find_if(model.by_image.begin(), model.by_image.end(), [&](const ImageComparison& pair) {
        return model.verdict.to_runner_up && pair.candidate == model.verdict.to_runner_up->candidate &&
               pair.reference == model.verdict.to_runner_up->reference;
      });
  if (found == model.by_image.end()) return std::nullopt;
  const Entry* leader = find_entry(model, found->candidate);
  const Entry* other = find_entry(model, found->reference);
  if (leader == nullptr || other == nullptr) return std::nullopt;
  Plot plot;
  double low = 0, high = 0;
  std::string data = "# place, difference, image\n";
  for (std::size_t i = 0; i < found->lines.size(); ++i) {
    const ImageDifference& line = found->lines[i];
    low = std::min(low, line.difference), high = std::max(high, line.difference);
    std::string id = text::clean(line.id);
    std::replace(id.begin(), id.end(), '"', '\'');
    data += fmt::format("{} {} \"{}\"\n", i + 1, line.difference, id);
  }
  const Ticks range = ticks(low, high, 5), places = whole_ticks(found->lines.size());
  const Canvas canvas{.width = 560,
                      .height = 300,
                      .left = room_for_labels(range),
                      .right = room_for_last_label(places),
                      .top = 32,
                      .bottom = 46};
  std::string setup =
      axis('x', places) + axis('y', range) +
      fmt::format("set grid noxtics\nset xzeroaxis linetype 1 linewidth 1.2 linecolor rgb '{}'\n", kMuted) +
      axis_titles(
          canvas, model.split + " images, sorted",
          fmt::format("{} of {} minus that of {}", text::metric_title(conclusions::image_metric(model)),
                      short_label(model, leader->label, 18), short_label(model, other->label, 18)));
  const bool higher = text::higher_is_better(conclusions::image_metric(model));
  const double width = std::clamp(420.0 / static_cast<double>(found->lines.size()), 0.6, 6.0);
  plot.script = script(
      name, canvas, setup,
      fmt::format(
          "  plot '{0}.dat' using 1:($2{3}0?$2:1/0) with impulses linewidth {4:.3g} linecolor rgb '{1}', \\\n"
          "       '{0}.dat' using 1:($2{3}0?1/0:$2) with impulses linewidth {4:.3g} linecolor rgb '{2}'\n",
          name, kAccent, kWorse, higher ? ">" : "<", width));
  plot.data[name + ".dat"] = std::move(data);
  plot.trials = found->trials;
  const std::size_t n = found->lines.size();
  plot.caption = fmt::format(
      "Each line is one image, scored by its own counts, mean over {}: {} is better on {} of {} images, "
      "worse "
      "on {}{}.",
      text::plural(found->trials.size() / 2, "seed"), text::clean(leader->label), found->better, n,
      found->worse,
      found->undefined > 0 ? fmt::format("; {} without a score by both are left out", found->undefined) : "");
  plot.description = fmt::format(
      "Largest lead: {} on {}. Largest lag: {} on {}.",
      text::signed_fixed(found->lines.front().difference, 3), text::clean(found->lines.front().id),
      text::signed_fixed(found->lines.back().difference, 3), text::clean(found->lines.back().id));
  return plot;
}

const FigureRegistration kImageDifferences({.order = 24,
                                            .name = "image_differences",
                                            .title = "Leader and runner-up, image by image",
                                            .draw = draw_image_differences,
                                            .table = "image_differences"});

}  // namespace
}  // namespace segbench::reports
