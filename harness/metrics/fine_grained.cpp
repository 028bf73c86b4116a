// SPDX-License-Identifier: MIT
#include <algorithm>

#include "harness/metrics/image_scores.h"
#include "harness/metrics/scores.h"

namespace segbench::metrics {
namespace {

/// Mean of the n lowest of `ascending` values, n = max(1, floor(percent * size / 100)).
double mean_of_lowest(const std::vector<double>& ascending, std::size_t percent) {
  const std::size_t n = std::max<std::size_t>(1, percent * ascending.size() / 100);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += ascending[i];
  return sum / static_cast<double>(n);
}

/// Worst cases within each group, then the mean over the groups that have values.
WorstCases worst_cases(std::vector<std::vector<double>> groups) {
  std::erase_if(groups, [](const std::vector<double>& group) { return group.empty(); });
  WorstCases cases;
  if (groups.empty()) return cases;
  for (std::vector<double>& group : groups) std::sort(group.begin(), group.end());
  const auto quantile = [&](std::size_t percent) {
    double sum = 0;
    for (const std::vector<double>& group : groups) sum += mean_of_lowest(group, percent);
    return sum / static_cast<double>(groups.size());
  };
  cases = {quantile(100), quantile(1), quantile(5), quantile(10), quantile(25), quantile(50), std::nullopt};
  double sum = 0;
  for (std::size_t percent = 10; percent <= 100; percent += 10) sum += quantile(percent);
  cases.qbar = sum / 10;
  return cases;
}

}  // namespace

FineGrainedScores fine_grained_scores(std::span<const ImageCounts> images) {
  FineGrainedScores scores;
  std::vector<std::vector<double>> of_class(images.empty() ? 0 : images.front().size());
  for (const ImageCounts& image : images) {
    if (valid_pixels(image) == 0) continue;
    ++scores.num_images_used;
    std::vector<std::optional<double>> active;
    for (std::size_t c = 0; c < image.size(); ++c) {
      if (image[c].tp + image[c].fn == 0) continue;
      active.push_back(iou(image[c]));
      of_class[c].push_back(*active.back());
    }
    scores.per_image_miou.push_back(*mean_of_defined(active));
  }
  scores.miou_i = worst_cases({scores.per_image_miou});
  for (const std::vector<double>& values : of_class) {
    scores.per_class_image_mean_iou.push_back(worst_cases({values}).mean);
  }
  scores.miou_c = worst_cases(std::move(of_class));
  return scores;
}

FineGrainedBinaryScores fine_grained_binary_scores(std::span<const ImageCounts> images) {
  FineGrainedBinaryScores scores;
  std::vector<std::optional<double>> dices;
  for (const ImageCounts& image : images) {
    if (valid_pixels(image) == 0) continue;
    ++scores.num_images_used;
    scores.per_image_iou_empty1.push_back(iou(image.at(1)).value_or(1.0));
    dices.emplace_back(dice(image.at(1)).value_or(1.0));
  }
  scores.miou_i = worst_cases({scores.per_image_iou_empty1});
  scores.mdice_i = mean_of_defined(dices);
  return scores;
}

}  // namespace segbench::metrics
