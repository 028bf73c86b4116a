// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "harness/metrics/calibration.h"
#include "harness/metrics/published_voc_course.h"
#include "harness/train/evaluate.h"

namespace segbench::train {

/// What is gathered of probabilities, image by image.
struct ProbabilityMeasures {
  metrics::Calibration calibration = metrics::Calibration();
  std::optional<metrics::Calibration> left_closed = {};         ///< with such bins; where it is wanted
  std::optional<metrics::ClasswiseCalibration> classwise = {};  ///< likewise
  std::optional<metrics::PublishedVocCourse> voc_course = {};   ///< likewise

  void add(const ProbabilityMeasures& other);
};

/// Measures the probabilities of an evaluation. Those of a batch are brought to the CPU for it, which a
/// device is waited for.
class ProbabilityObserver : public BatchObserver {
 public:
  /// `nothing`: what is to be gathered, empty.
  explicit ProbabilityObserver(ProbabilityMeasures nothing = {})
      : nothing_(nothing), sum_(std::move(nothing)) {}

  void add(const Prediction& prediction, const torch::Tensor& labels) override;
  const ProbabilityMeasures& measures() const { return sum_; }

 private:
  ProbabilityMeasures nothing_, sum_;
};

}  // namespace segbench::train
