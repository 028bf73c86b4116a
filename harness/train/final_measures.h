// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "harness/core/variant.h"
#include "harness/train/outline_observer.h"
#include "harness/train/probability_observer.h"
#include "harness/train/trial_events.h"

namespace segbench::train {

/// What a final evaluation measures beside counts: calibration, and what evaluation.measures names.
class FinalMeasures {
 public:
  FinalMeasures(const core::VariantConfig& variant, int num_classes);

  std::vector<BatchObserver*> observers();
  /// Writes the events "measure" behind those of the evaluation. Of what is measured on outlines each image
  /// and each class has one, too.
  void append(trial::EventWriter& events, const EvaluationEvent& about, const Evaluation& evaluation,
              const std::vector<std::int64_t>& samples) const;

 private:
  const core::EvaluationConfig& config_;
  core::Background background_;
  ProbabilityObserver probabilities_;
  OutlineObserver outlines_;
};

}  // namespace segbench::train
