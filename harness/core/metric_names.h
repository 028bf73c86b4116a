// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

namespace segbench::core {

struct MetricName {
  std::string_view key;      ///< as in experiment files, tables and the store
  std::string_view title;    ///< for people
  std::string_view meaning;  ///< one sentence
  bool higher_is_better = true;
  /// The same over all classes, for data without a background; "" for scores that leave nothing out.
  std::string_view with_background = {};
};

/// The scores that every trial has, computed from pooled counts (harness/metrics); a study selects and claims
/// by them.
inline constexpr std::array<MetricName, 8> kMetricNames = {{
    {"miou_no_background", "mIoU without background",
     "mean IoU of the classes but the background that occur in ground truth or prediction; background pixels "
     "still count as errors",
     true, "miou"},
    {"miou", "mIoU", "mean IoU of the classes that occur in ground truth or prediction"},
    {"pixel_accuracy", "pixel accuracy", "share of the valid pixels that are right"},
    {"mean_class_accuracy", "mean class accuracy",
     "mean recall of the classes that occur in the ground truth"},
    {"fwiou", "frequency-weighted IoU", "IoU of the classes weighted by their share of the ground truth"},
    {"mean_dice", "mean Dice",
     "mean Dice coefficient of the classes that occur in ground truth or prediction"},
    {"mean_dice_no_background", "mean Dice without background", "the same without the background", true,
     "mean_dice"},
    {"loss", "loss", "mean training loss over the split, in eval mode", false},
}};

/// nullptr when there is none of this key.
constexpr const MetricName* find_metric(std::string_view key) {
  for (const MetricName& metric : kMetricNames) {
    if (metric.key == key) return &metric;
  }
  return nullptr;
}

}  // namespace segbench::core
