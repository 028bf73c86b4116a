// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/train/evaluate.h"
#include "harness/train/setup.h"
#include "harness/trial/event_log.h"

// The events of a trial in the layout of trial/event_log.h.

namespace segbench::train {

/// "trial" and, where training begins with the weights of a file, "weights".
void append_trial_event(trial::EventWriter& events, const core::TrialSpec& spec, const TrialParts& parts,
                        const std::string& initial_weights_sha256);

/// An evaluation of some epoch's weights on a split.
struct EvaluationEvent {
  std::int64_t epoch = 0;
  std::string split;
  bool is_final = false;  ///< of the selected weights: with the confusion matrix and one event an image
  double seconds = 0;
};
void append_evaluation(trial::EventWriter& events, const EvaluationEvent& about, const Evaluation& evaluation,
                       const core::CacheManifest& manifest, const std::vector<std::int64_t>& samples);

}  // namespace segbench::train
