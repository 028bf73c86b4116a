// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/background.h"
#include "harness/metrics/image_scores.h"
#include "harness/train/evaluate.h"

namespace segbench::train {

struct ThresholdPoint {
  double threshold = 0;
  std::optional<double> score;
};

struct ThresholdCurve {
  std::vector<ThresholdPoint> points;  ///< in the order in which they were asked for
  /// The first one with the highest score; empty where none is defined.
  std::optional<ThresholdPoint> best() const;
};

/// Counts what two classes would score at each threshold, images one by one.
class ThresholdSearch : public BatchObserver {
 public:
  explicit ThresholdSearch(std::vector<double> thresholds)
      : thresholds_(std::move(thresholds)), images_(thresholds_.size()) {}

  void add(const Prediction& prediction, const torch::Tensor& labels) override;
  /// By a pooled score (core::kPooledScores) or a convention (metrics/conventions.h).
  ThresholdCurve curve(const std::string& metric, const core::Background& background) const;

 private:
  std::vector<double> thresholds_;
  std::vector<std::vector<metrics::ImageCounts>> images_;  ///< [threshold][image]
};

}  // namespace segbench::train
