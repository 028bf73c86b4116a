// SPDX-License-Identifier: MIT
#include "harness/train/select.h"

#include <fmt/format.h>

#include "harness/core/measures.h"
#include "harness/core/warning_kinds.h"

namespace segbench::train {

bool replaces_selected(const std::optional<double>& value, const SelectedEpoch& selected,
                       const std::string& metric) {
  if (selected.epoch == 0) return true;
  if (!core::find_metric(metric)->higher_is_better) {
    return value ? !selected.value || *value < *selected.value : !selected.value;
  }
  if (!value) return !selected.value || *selected.value <= 0;
  return *value > selected.value.value_or(0.0);
}

core::Warning selection_undefined(const std::string& metric, std::int64_t epoch) {
  return core::make_warning("selection_undefined", {{"metric", metric}, {"epoch", std::to_string(epoch)}});
}

std::optional<std::size_t> only_predicted_class(std::span<const core::ClassCounts> counts) {
  std::int64_t pixels = 0, found = 0;
  std::size_t most = 0;
  const auto predicted = [&](std::size_t c) { return counts[c].tp + counts[c].fp; };
  for (std::size_t c = 0; c < counts.size(); ++c) {
    pixels += counts[c].tp + counts[c].fn;
    found += counts[c].tp;
    if (predicted(c) > predicted(most)) most = c;
  }
  if (pixels == 0) return std::nullopt;
  const std::int64_t others = pixels - counts[most].tp - counts[most].fn;
  const bool everywhere = 100 * predicted(most) >= 99 * pixels;
  const bool finds_no_other = 100 * (found - counts[most].tp) < others;
  return everywhere && finds_no_other ? std::optional(most) : std::nullopt;
}

core::Warning single_class(const std::string& class_name, double share, const std::string& split,
                           std::int64_t epoch) {
  return core::make_warning("single_class", {{"epoch", std::to_string(epoch)},
                                             {"class", class_name},
                                             {"percent", fmt::format("{:.4g}", 100 * share)},
                                             {"split", split}});
}

}  // namespace segbench::train
