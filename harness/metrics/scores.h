// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/counts.h"

// Scores of predictions pooled over images, from integer counts. Notation: TP_c, FP_c, FN_c of class c; row_c
// = TP_c + FN_c pixels of the ground truth, col_c = TP_c + FP_c predicted pixels, N valid pixels. The
// background is a class that some means leave out (core/background.h); where the data have none, they are
// undefined. A ratio 0/0 is undefined: std::nullopt, left out of means; a mean of nothing is undefined too.

namespace segbench::metrics {

/// TP / (TP + FP + FN); undefined when the class occurs neither in ground truth nor in prediction.
std::optional<double> iou(const core::ClassCounts& counts);
/// 2 TP / (2 TP + FP + FN); undefined as iou().
std::optional<double> dice(const core::ClassCounts& counts);
/// Valid pixels: each stands in exactly one class's row.
std::int64_t valid_pixels(std::span<const core::ClassCounts> counts);
/// Mean of the defined values.
std::optional<double> mean_of_defined(std::span<const std::optional<double>> values);

struct PooledScores {
  std::int64_t num_valid_pixels = 0;
  std::optional<double> pixel_accuracy;               ///< sum TP_c / N
  std::vector<std::optional<double>> class_accuracy;  ///< TP_c / row_c (recall)
  std::optional<double> mean_class_accuracy;
  std::vector<std::optional<double>> class_precision;  ///< TP_c / col_c
  std::vector<std::optional<double>> iou;              ///< TP_c / (row_c + col_c - TP_c)
  std::optional<double> miou_union_present;   ///< over the classes that occur in ground truth or prediction
  std::optional<double> miou_gt_present;      ///< over the classes that occur in the ground truth
  std::optional<double> miou_absent_as_zero;  ///< over all classes, an undefined IoU taken as 0
  std::optional<double> miou_absent_as_one;   ///< … as 1
  std::optional<double> miou_no_background;   ///< the other classes; background pixels still count as errors
  std::optional<double> fwiou;                ///< sum row_c / N * IoU_c
  std::vector<std::optional<double>> dice;    ///< 2 TP_c / (row_c + col_c)
  std::optional<double> mean_dice_union_present;
  std::optional<double> mean_dice_no_background;
  /// The other classes after every pixel of true background is dropped; only known from a confusion matrix.
  std::optional<double> miou_background_pixels_ignored;
  /// Cohen's kappa (po - pe) / (1 - pe), po = sum TP_c / N, pe = sum row_c col_c / N^2.
  std::optional<double> cohen_kappa;
  /// Matthews' coefficient for many classes: Gorodkin, Computational Biology and Chemistry 28 (2004).
  std::optional<double> mcc;
};

PooledScores pooled_scores(std::span<const core::ClassCounts> counts,
                           core::Background background = core::kFirstClass);
PooledScores pooled_scores(const core::Confusion& confusion, core::Background background = core::kFirstClass);

/// The score named in core::kPooledScores from pooled counts; "loss" gives `loss` back. Throws
/// core::UserError for an unknown key.
std::optional<double> score(std::string_view metric_key, std::span<const core::ClassCounts> counts,
                            std::optional<double> loss = std::nullopt,
                            core::Background background = core::kFirstClass);

}  // namespace segbench::metrics
