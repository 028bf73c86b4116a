// SPDX-License-Identifier: MIT
#include "harness/metrics/image_scores.h"

#include "harness/metrics/scores.h"

namespace segbench::metrics {
namespace {

/// The share of k = 10…19 with 20 I > k U, or >= where not strict.
double share_of_thresholds(const ForegroundImage& image, bool strict) {
  if (image.union_area == 0) return 1;
  int passed = 0;
  if (image.gt_area > 0 && image.pred_area > 0) {
    for (std::int64_t k = 10; k < 20; ++k) {
      const std::int64_t left = 20 * image.intersection, right = k * image.union_area;
      passed += (strict ? left > right : left >= right) ? 1 : 0;
    }
  }
  return passed / 10.0;
}

/// Background's false positives are missed foreground, its false negatives are false foreground.
ForegroundImage foreground_of(const ImageCounts& counts, int background_class) {
  ForegroundImage image;
  image.valid_pixels = valid_pixels(counts);
  if (image.valid_pixels == 0) return image;
  const core::ClassCounts& background = counts.at(static_cast<std::size_t>(background_class));
  image.intersection = image.valid_pixels - background.tp - background.fp - background.fn;
  image.gt_area = image.intersection + background.fp;
  image.pred_area = image.intersection + background.fn;
  image.union_area = image.intersection + background.fp + background.fn;
  const core::ClassCounts foreground{image.intersection, background.fn, background.fp};
  image.dice_empty1 = dice(foreground).value_or(1.0);
  image.iou_empty1 = iou(foreground).value_or(1.0);
  return image;
}

}  // namespace

ImageScores image_scores(std::span<const core::ClassCounts> image) {
  ImageScores scores;
  scores.valid_pixels = valid_pixels(image);
  for (const core::ClassCounts& c : image) {
    scores.iou.push_back(iou(c));
    scores.dice.push_back(dice(c));
    scores.gt_has_class.push_back(c.tp + c.fn > 0);
  }
  return scores;
}

std::vector<std::optional<double>> image_mean_dice_per_class_empty1(std::span<const ImageCounts> images) {
  if (images.empty()) return {};
  std::vector<std::optional<double>> means(images.front().size());
  for (std::size_t c = 0; c < means.size(); ++c) {
    std::vector<std::optional<double>> values;
    for (const ImageCounts& image : images) {
      if (valid_pixels(image) > 0) values.emplace_back(dice(image[c]).value_or(1.0));
    }
    means[c] = mean_of_defined(values);
  }
  return means;
}

ForegroundScores foreground_scores(std::span<const ImageCounts> images, core::Background background) {
  ForegroundScores scores;
  if (!background) return scores;
  std::vector<std::optional<double>> dices, ious;
  core::ClassCounts pooled;
  for (const ImageCounts& counts : images) {
    const ForegroundImage image = foreground_of(counts, *background);
    dices.push_back(image.dice_empty1);
    ious.push_back(image.iou_empty1);
    pooled += {image.intersection, image.pred_area - image.intersection, image.gt_area - image.intersection};
    scores.per_image.push_back(image);
  }
  scores.mean_image_dice_empty1 = mean_of_defined(dices);
  scores.mean_image_iou_empty1 = mean_of_defined(ious);
  scores.pooled_dice = dice(pooled);
  return scores;
}

TgsScores tgs_scores(std::span<const ImageCounts> images, core::Background background) {
  TgsScores scores;
  for (const ForegroundImage& image : foreground_scores(images, background).per_image) {
    const bool used = image.valid_pixels > 0;
    scores.per_image_strict.push_back(used ? std::optional(share_of_thresholds(image, true)) : std::nullopt);
    scores.per_image_nonstrict.push_back(used ? std::optional(share_of_thresholds(image, false))
                                              : std::nullopt);
  }
  scores.score_strict = mean_of_defined(scores.per_image_strict);
  scores.score_nonstrict = mean_of_defined(scores.per_image_nonstrict);
  return scores;
}

}  // namespace segbench::metrics
