// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace segbench::core {

/// What one value of a measure is about.
enum class Scope {
  kPooled,  ///< all images of a split together
  kTrial,   ///< the trial as a whole
};
/// "split", "trial".
std::string_view to_string(Scope scope);

/// Where its values come from.
enum class Origin {
  kCounts,    ///< follows from stored counts and the loss of any evaluation (harness/metrics)
  kMeasured,  ///< an event "measure" of a final evaluation (trial/event_log.h)
  kRecorded,  ///< what else a trial records: times, memory, sizes
};

struct Measure {
  std::string_view key;         ///< as in experiment files, events, tables and the store
  std::string_view title;       ///< for people
  std::string_view definition;  ///< one sentence, with its source where it has one
  std::string_view formula;     ///< Markdown; notation as in docs/metrics.md
  Scope scope = Scope::kPooled;
  Origin origin = Origin::kCounts;
  std::string_view unit = {};  ///< "", "s", "bytes", "nats", or "count" of things
  bool higher_is_better = true;
  double least = 0, most = 1;  ///< no value lies outside
  /// The same over all classes, for data without a background; "" for measures that leave nothing out.
  std::string_view with_background = {};
};

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// Every measure that Segbench knows: what is validated, documented, shown and ordered by. Those of pooled
/// counts come first, then those that are measured, then what is recorded of a trial.
inline constexpr std::array<Measure, 16> kMeasures = {{
    {"miou_no_background", "mIoU without background",
     "mean IoU of the classes but the background that occur in ground truth or prediction; background pixels "
     "still count as errors",
     "mean of the defined `IoU_c`, c other than b; background pixels still count, as false positives of "
     "other "
     "classes",
     Scope::kPooled, Origin::kCounts, "", true, 0, 1, "miou"},
    {"miou", "mIoU", "mean IoU of the classes that occur in ground truth or prediction",
     "mean of the defined `IoU_c = TP_c / (row_c + col_c - TP_c)`"},
    {"pixel_accuracy", "pixel accuracy", "share of the valid pixels that are right", "`sum TP_c / N`"},
    {"mean_class_accuracy", "mean class accuracy",
     "mean recall of the classes that occur in the ground truth", "mean of the defined `TP_c / row_c`"},
    {"fwiou", "frequency-weighted IoU", "IoU of the classes weighted by their share of the ground truth",
     "`sum row_c / N * IoU_c`"},
    {"mean_dice", "mean Dice",
     "mean Dice coefficient of the classes that occur in ground truth or prediction",
     "mean of the defined `Dice_c = 2 TP_c / (row_c + col_c)`"},
    {"mean_dice_no_background", "mean Dice without background", "the same without the background",
     "the same, c other than b", Scope::kPooled, Origin::kCounts, "", true, 0, 1, "mean_dice"},
    {"loss", "loss", "mean training loss over the split, in eval mode",
     "mean training loss over the split, in evaluation mode", Scope::kPooled, Origin::kCounts, "", false,
     -kUnbounded, kUnbounded},
    {"ece", "expected calibration error",
     "how far confidence and accuracy differ, over 15 bins of confidence (Guo et al., ICML 2017)",
     "`sum over bins n_k / N * abs(accuracy_k - confidence_k)`, 15 bins of equal width (lo, hi] of the "
     "largest "
     "probability (Guo et al., On Calibration of Modern Neural Networks, ICML 2017)",
     Scope::kPooled, Origin::kMeasured, "", false},
    {"brier", "Brier score",
     "mean squared distance of the probabilities from the truth, summed over classes (Brier 1950)",
     "mean over valid pixels of `sum_c (p_c - [c is the class])^2` (Brier, Monthly Weather Review, 1950)",
     Scope::kPooled, Origin::kMeasured, "", false, 0, 2},
    {"nll", "negative log-likelihood", "mean of -ln of the probability of the true class",
     "mean over valid pixels of `-ln p_class`", Scope::kPooled, Origin::kMeasured, "nats", false, 0,
     kUnbounded},
    {"train_seconds", "training time", "time in training steps, data included, over all epochs",
     "sum over epochs", Scope::kTrial, Origin::kRecorded, "s", false, 0, kUnbounded},
    {"peak_memory_bytes", "peak memory",
     "largest resident memory of the process, or of the device's allocator", "maximum over attempts",
     Scope::kTrial, Origin::kRecorded, "bytes", false, 0, kUnbounded},
    {"parameters", "parameters", "all parameters of the network", "number of them", Scope::kTrial,
     Origin::kRecorded, "count", false, 0, kUnbounded},
    {"trainable_parameters", "trainable parameters", "parameters that are trained", "number of them",
     Scope::kTrial, Origin::kRecorded, "count", false, 0, kUnbounded},
    {"macs", "multiply-accumulates", "multiply-accumulates of the network for one image", "number of them",
     Scope::kTrial, Origin::kRecorded, "count", false, 0, kUnbounded},
}};

constexpr std::size_t count_before(Origin origin) {
  std::size_t count = 0;
  for (const Measure& measure : kMeasures) count += measure.origin < origin ? 1 : 0;
  return count;
}

/// The scores of any evaluation, from pooled counts and the loss; training selects by them.
inline constexpr std::span<const Measure> kPooledScores{kMeasures.data(), count_before(Origin::kMeasured)};
/// All that a final evaluation has one value of; studies are compared by them and claim them.
inline constexpr std::span<const Measure> kMetrics{kMeasures.data(), count_before(Origin::kRecorded)};

/// nullptr when there is none of this key.
constexpr const Measure* find_measure(std::string_view key) {
  for (const Measure& measure : kMeasures) {
    if (measure.key == key) return &measure;
  }
  return nullptr;
}

/// Likewise, among kMetrics.
constexpr const Measure* find_metric(std::string_view key) {
  const Measure* measure = find_measure(key);
  return measure != nullptr && measure->origin != Origin::kRecorded ? measure : nullptr;
}

/// The table of docs/metrics.md.
std::string measures_table();

}  // namespace segbench::core
