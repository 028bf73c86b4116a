// SPDX-License-Identifier: MIT
#include "harness/metrics/published_voc_course.h"

#include "harness/core/counts.h"
#include "harness/metrics/scores.h"

namespace segbench::metrics {

PublishedVocCourse::PublishedVocCourse(int num_classes)
    : sums_(static_cast<std::size_t>(num_classes)),
      counts_(static_cast<std::size_t>(num_classes)),
      cells_{} {}

void PublishedVocCourse::add_image(std::span<const float> probabilities,
                                   std::span<const std::uint8_t> labels) {
  const std::size_t classes = sums_.size();
  std::vector<double> both(classes), either(classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == core::kVoidLabel) continue;
    for (std::size_t c = 0; c < classes; ++c) {
      const double p = probabilities[i * classes + c], y = labels[i] == c ? 1 : 0;
      both[c] += p * y;
      either[c] += p + y;
      ++cells_[(y > 0 ? 2U : 0U) + (p >= 1 ? 1U : 0U)];
    }
  }
  for (std::size_t c = 0; c < classes; ++c) {
    const double united = either[c] - both[c];
    if (united == 0) continue;
    sums_[c] += (both[c] + 0.001) / (united + 0.001);
    ++counts_[c];
  }
}

void PublishedVocCourse::add(const PublishedVocCourse& other) {
  for (std::size_t c = 0; c < sums_.size(); ++c) sums_[c] += other.sums_[c], counts_[c] += other.counts_[c];
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] += other.cells_[i];
}

std::optional<double> PublishedVocCourse::soft_iou(bool drop_background) const {
  std::vector<std::optional<double>> means;
  for (std::size_t c = drop_background ? 1 : 0; c < sums_.size(); ++c) {
    if (counts_[c] > 0) means.emplace_back(sums_[c] / static_cast<double>(counts_[c]));
  }
  return mean_of_defined(means);
}

std::optional<double> PublishedVocCourse::misfed_mean_iou() const {
  const auto [right_zero, false_one, false_zero, right_one] = cells_;
  return mean_of_defined(std::vector<std::optional<double>>{iou({right_zero, false_zero, false_one}),
                                                            iou({right_one, false_one, false_zero})});
}

}  // namespace segbench::metrics
