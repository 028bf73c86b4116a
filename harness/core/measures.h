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
  bool on_request = false;  ///< measured where evaluation.measures names it
};

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// Every measure that Segbench knows: what is validated, documented, shown and ordered by. Those of pooled
/// counts come first, then those that are measured, then what is recorded of a trial.
inline constexpr std::array<Measure, 32> kMeasures = {{
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
    {"mce", "maximum calibration error",
     "the largest difference of confidence and accuracy in any of the 15 bins of the expected one",
     "`max over bins abs(accuracy_k - confidence_k)`, bins as for `ece`", Scope::kPooled, Origin::kMeasured,
     "", false, 0, 1, "", true},
    {"ece_left_closed", "expected calibration error, bins [lo, hi)",
     "the expected calibration error with a confidence on an edge in the upper bin",
     "as `ece`, with bins [lo, hi) of which the last is closed: differs where confidences lie on edges",
     Scope::kPooled, Origin::kMeasured, "", false, 0, 1, "", true},
    {"mce_left_closed", "maximum calibration error, bins [lo, hi)",
     "the maximum calibration error with a confidence on an edge in the upper bin",
     "as `mce`, with the bins of `ece_left_closed`", Scope::kPooled, Origin::kMeasured, "", false, 0, 1, "",
     true},
    {"classwise_ece", "classwise calibration error",
     "how far the probability of a class and its frequency differ, mean over classes (Nixon et al. 2019)",
     "mean over all classes c of `sum over bins n_k / N * abs(frequency of c_k - mean p_c of k)`, 15 bins "
     "[lo, hi) of `p_c` (Nixon et al., Measuring Calibration in Deep Learning, 2019)",
     Scope::kPooled, Origin::kMeasured, "", false, 0, 1, "", true},
    {"boundary_f1", "boundary F1",
     "F1 of boundary pixels found within boundary_tolerance (DAVIS 2017, Perazzi et al. 2016)",
     "`2 P R / (P + R)`, P and R: shares of the predicted and of the true boundary pixels within "
     "`evaluation.boundary_tolerance` of one of the other",
     Scope::kPooled, Origin::kMeasured, "", true, 0, 1, "", true},
    {"boundary_iou", "boundary IoU", "IoU of the bands along the boundaries (Cheng et al., CVPR 2021)",
     "`abs(A and B) / abs(A or B)`, A and B: the pixels of the class no deeper than "
     "`evaluation.boundary_band` of the diagonal",
     Scope::kPooled, Origin::kMeasured, "", true, 0, 1, "", true},
    {"surface_dice", "surface Dice",
     "share of both surfaces within boundary_tolerance of the other (Nikolov et al. 2018)",
     "`(abs(a within t of B) + abs(b within t of A)) / (abs(A) + abs(B))`, A and B: the surfaces",
     Scope::kPooled, Origin::kMeasured, "", true, 0, 1, "", true},
    {"hausdorff", "Hausdorff distance", "largest distance of a point of one surface from the other",
     "`max(d)`, d: distances of all points of both surfaces from the other", Scope::kPooled,
     Origin::kMeasured, "pixels", false, 0, kUnbounded, "", true},
    {"hausdorff_95", "Hausdorff distance, 95 %",
     "95th percentile of the distances of both surfaces together (medpy)",
     "95th percentile of d, interpolated between order statistics, both directions together (medpy `hd95`)",
     Scope::kPooled, Origin::kMeasured, "pixels", false, 0, kUnbounded, "", true},
    {"hausdorff_95_directed", "Hausdorff distance, 95 %, directed",
     "the larger one of the two directed 95th percentiles (MONAI)",
     "the larger 95th percentile of the two directions (MONAI `HausdorffDistanceMetric(percentile=95)`)",
     Scope::kPooled, Origin::kMeasured, "pixels", false, 0, kUnbounded, "", true},
    {"average_surface_distance", "average surface distance",
     "mean of the two mean distances of one surface from the other", "`(mean d(A, B) + mean d(B, A)) / 2`",
     Scope::kPooled, Origin::kMeasured, "pixels", false, 0, kUnbounded, "", true},
    {"carvana_dice", "mean Dice over images",
     "mean Dice of the foreground over images, 1 where both are empty",
     "as the convention below; two classes only", Scope::kPooled, Origin::kMeasured, "", true, 0, 1, "",
     true},
    {"tgs_precision", "TGS Salt score", "mean precision over IoU thresholds from 0.50 to 0.95",
     "as the convention below; two classes only", Scope::kPooled, Origin::kMeasured, "", true, 0, 1, "",
     true},
    {"published_voc_course_iou", "soft IoU of the VOC course",
     "soft IoU of each image and class but the background, as the VOC course study printed it",
     "mean over images, then over classes, of `(sum p y + 0.001) / (sum p + sum y - sum p y + 0.001)`; never "
     "comparable with an IoU",
     Scope::kPooled, Origin::kMeasured, "", true, 0, 1, "", true},
    {"published_voc_course_mean_iou", "Keras MeanIoU misfed",
     "what Keras' MeanIoU says when it is fed one-hot labels and probabilities, as the VOC course study did",
     "every p below 1 counts as 0: near `(C - 1) / 2C` for any network", Scope::kPooled, Origin::kMeasured,
     "", true, 0, 1, "", true},
    {"train_seconds", "training time", "time in training steps, data included, over all epochs",
     "sum over epochs", Scope::kTrial, Origin::kRecorded, "s", false, 0, kUnbounded},
    {"peak_memory_bytes", "peak memory", "largest resident memory of the process, on the host",
     "maximum over attempts", Scope::kTrial, Origin::kRecorded, "bytes", false, 0, kUnbounded},
    {"device_peak_memory_bytes", "peak memory of the GPU",
     "largest memory of LibTorch's allocator on the GPU", "maximum over attempts", Scope::kTrial,
     Origin::kRecorded, "bytes", false, 0, kUnbounded},
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
