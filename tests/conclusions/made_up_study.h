// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// One complete trial whose every score is `accuracy`: two classes, right with that fraction of 1000 pixels
/// each.
inline TrialInputs trial_of(const std::string& variant, std::uint64_t seed, double accuracy) {
  TrialInputs trial;
  trial.record.trial_id = variant + "-" + std::to_string(seed);
  trial.record.variant_id = trial.record.variant_label = variant;
  trial.record.seed = seed;
  trial.record.status = core::TrialStatus::kComplete;
  trial.record.class_names = {"background", "thing"};
  trial.record.selected_epoch = 1;
  trial.record.train_seconds = 100 * accuracy;
  trial.record.measures["train_seconds"] = 100 * accuracy;
  const std::int64_t right = std::llround(1000 * accuracy);
  store::EvaluationRecord evaluation;
  evaluation.trial_id = trial.record.trial_id;
  evaluation.epoch = 1;
  evaluation.counts = {{right, 1000 - right, 1000 - right}, {right, 1000 - right, 1000 - right}};
  for (const char* split : {"selection", "test"}) {
    evaluation.split = split;
    evaluation.weights = "selected";
    trial.evaluations.push_back(evaluation);
  }
  return trial;
}

inline StudyInputs study_of(const std::vector<TrialInputs>& trials) {
  StudyInputs inputs;
  inputs.study.name = "study";
  inputs.trials = trials;
  return inputs;
}

inline Conclusions conclusions_of(const std::vector<TrialInputs>& trials) {
  return conclude(study_of(trials), {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
}

}  // namespace segbench::conclusions
