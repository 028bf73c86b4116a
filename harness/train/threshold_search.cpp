// SPDX-License-Identifier: MIT
#include "harness/train/threshold_search.h"

#include "harness/core/counts.h"
#include "harness/metrics/conventions.h"
#include "harness/metrics/scores.h"

namespace segbench::train {

std::optional<ThresholdPoint> ThresholdCurve::best() const {
  std::optional<ThresholdPoint> best;
  for (const ThresholdPoint& point : points) {
    if (point.score && (!best || *point.score > *best->score)) best = point;
  }
  return best;
}

void ThresholdSearch::add(const Prediction& prediction, const torch::Tensor& labels) {
  const torch::Tensor truth = labels.cpu().contiguous();
  const auto pixels = static_cast<std::size_t>(truth[0].numel());
  for (std::size_t t = 0; t < thresholds_.size(); ++t) {
    const torch::Tensor found = prediction.labels_above(thresholds_[t]).cpu().contiguous();
    for (std::size_t i = 0; i < static_cast<std::size_t>(truth.size(0)); ++i) {
      images_[t].push_back(core::count_pixels({truth.data_ptr<std::uint8_t>() + i * pixels, pixels},
                                              {found.data_ptr<std::uint8_t>() + i * pixels, pixels}, 2)
                               .class_counts());
    }
  }
}

ThresholdCurve ThresholdSearch::curve(const std::string& metric, const core::Background& background) const {
  const metrics::Convention* convention = metrics::find_convention(metric);
  ThresholdCurve curve;
  for (std::size_t t = 0; t < thresholds_.size(); ++t) {
    std::vector<core::ClassCounts> pooled(2);
    for (const metrics::ImageCounts& image : images_[t]) {
      for (std::size_t c = 0; c < 2; ++c) pooled[c] += image[c];
    }
    curve.points.push_back(
        {thresholds_[t],
         convention != nullptr
             ? convention->score({.pooled = pooled, .images = images_[t], .background = background})
             : metrics::score(metric, pooled, std::nullopt, background)});
  }
  return curve;
}

}  // namespace segbench::train
