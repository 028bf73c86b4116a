// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/counts.h"

// Scores that are computed image by image and then averaged. An image without any valid pixel is left out of
// every mean; what belongs to it is std::nullopt.

namespace segbench::metrics {

/// Counts of one image, one entry a class.
using ImageCounts = std::vector<core::ClassCounts>;

struct ImageScores {
  std::int64_t valid_pixels = 0;
  std::vector<std::optional<double>> iou, dice;  ///< of each class; undefined where it is in neither map
  std::vector<bool> gt_has_class;
};
ImageScores image_scores(std::span<const core::ClassCounts> image);

/// Mean over images of each class's Dice coefficient, taken as 1 where the class is in neither map.
std::vector<std::optional<double>> image_mean_dice_per_class_empty1(std::span<const ImageCounts> images);

/// Foreground (every class but the background) against background, of one image.
struct ForegroundImage {
  std::int64_t intersection = 0, union_area = 0, gt_area = 0, pred_area = 0, valid_pixels = 0;
  std::optional<double> dice_empty1, iou_empty1;  ///< 1 when there is no foreground in either map
};
struct ForegroundScores {
  std::vector<ForegroundImage> per_image;
  std::optional<double> mean_image_dice_empty1;  ///< the score of the Carvana competition
  std::optional<double> mean_image_iou_empty1;
  std::optional<double> pooled_dice;  ///< a different quantity: areas are summed first
};
/// Undefined, with no image, where the data have no background.
ForegroundScores foreground_scores(std::span<const ImageCounts> images,
                                   core::Background background = core::kFirstClass);

/// A mean over images and its worst cases: `q<p>` is the mean of the lowest p % of the values (at least one),
/// `qbar` the mean over p = 10, 20, …, 100.
struct WorstCases {
  std::optional<double> mean, q1, q5, q10, q25, q50, qbar;
};

/// Wang et al., "Revisiting Evaluation Metrics for Semantic Segmentation", NeurIPS 2023 (Datasets and
/// Benchmarks). A class is active in an image when it occurs in its ground truth.
struct FineGrainedScores {
  std::int64_t num_images_used = 0;
  std::vector<double> per_image_miou;  ///< of the images used: mean IoU over the active classes
  WorstCases miou_i;                   ///< over images
  std::vector<std::optional<double>> per_class_image_mean_iou;
  WorstCases miou_c;  ///< over the images where a class is active, then over classes
};
FineGrainedScores fine_grained_scores(std::span<const ImageCounts> images);

/// The same paper for two classes: class 1 only; an image without it in both maps counts as 1.
struct FineGrainedBinaryScores {
  std::int64_t num_images_used = 0;
  std::vector<double> per_image_iou_empty1;
  WorstCases miou_i;
  std::optional<double> mdice_i;
};
FineGrainedBinaryScores fine_grained_binary_scores(std::span<const ImageCounts> images);

/// Score of the TGS Salt competition on the foreground: the share of the thresholds 0.50, 0.55, …, 0.95 that
/// the IoU of an image exceeds; 1 when both maps are empty, 0 when one is. Compared in integers: 20 I > k U
/// for k = 10…19.
struct TgsScores {
  std::vector<std::optional<double>> per_image_strict, per_image_nonstrict;
  std::optional<double> score_strict;
  std::optional<double> score_nonstrict;  ///< with "not below" instead of "exceeds"; shows the difference
};
TgsScores tgs_scores(std::span<const ImageCounts> images, core::Background background = core::kFirstClass);

}  // namespace segbench::metrics
