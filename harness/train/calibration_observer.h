// SPDX-License-Identifier: MIT
#pragma once

#include "harness/metrics/calibration.h"
#include "harness/train/evaluate.h"

namespace segbench::train {

/// Gathers the calibration of an evaluation. The probabilities of a batch are brought to the CPU for it,
/// which a device is waited for.
class CalibrationObserver : public BatchObserver {
 public:
  void add(const Prediction& prediction, const torch::Tensor& labels) override;
  const metrics::Calibration& calibration() const { return calibration_; }

 private:
  metrics::Calibration calibration_;
};

}  // namespace segbench::train
