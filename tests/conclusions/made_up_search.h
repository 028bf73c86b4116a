// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {

/// The counts of a made-up trial that is right with this fraction of 1000 pixels of each class.
inline std::vector<core::ClassCounts> counts_of(double accuracy) {
  const std::int64_t right = std::llround(1000 * accuracy);
  return {{right, 1000 - right, 1000 - right}, {right, 1000 - right, 1000 - right}};
}

/// A study whose draws are given one by one.
struct MadeUpSearch {
  StudyInputs inputs;
  std::vector<std::int64_t> rungs;
  std::int64_t epochs;

  explicit MadeUpSearch(std::vector<std::int64_t> decided_after, std::int64_t of_epochs = 9)
      : rungs(std::move(decided_after)), epochs(of_epochs) {
    inputs.study.name = "study";
    core::Json& study = inputs.study.study;
    study = {{"variants", core::Json::array()}, {"seeds", {1}}, {"trials", core::Json::array()}};
    study["search"] = {{"method", rungs.empty() ? "random" : "halving"},
                       {"seed", 7},
                       {"trials", 90},
                       {"hours", nullptr},
                       {"draws", 0},
                       {"reduction", 3},
                       {"rungs", rungs},
                       {"space", core::Json::array()},
                       {"record", {{"finished", true}}}};
  }

  /// Selection scores of the first epochs; a complete trial has that of each epoch, and a test score.
  void add(const core::Json& axes, const std::vector<double>& selection, std::optional<double> test,
           core::TrialStatus status = core::TrialStatus::kComplete) {
    core::Json& study = inputs.study.study;
    const std::string id = fmt::format("v{}", study["variants"].size());
    study["variants"].push_back(
        {{"id", id},
         {"label", "draw " + id},
         {"axes", axes},
         {"config", {{"training", {{"epochs", epochs}, {"select_by", "pixel_accuracy"}}}}}});
    study["search"]["draws"] = study["variants"].size();
    TrialInputs trial = trial_of(id, 1, test.value_or(0));
    trial.record.variant_label = "draw " + id;
    trial.record.status = status;
    trial.record.variant = study["variants"].back()["config"];
    trial.record.epochs_done = static_cast<std::int64_t>(selection.size());
    trial.record.train_seconds = 10.0 * static_cast<double>(selection.size());
    trial.evaluations.clear();
    store::EvaluationRecord evaluation;
    evaluation.trial_id = trial.record.trial_id;
    evaluation.split = "selection";
    for (const double score : selection) {
      ++evaluation.epoch;
      evaluation.weights = "current";
      evaluation.counts = counts_of(score);
      trial.evaluations.push_back(evaluation);
    }
    if (status == core::TrialStatus::kComplete) {
      evaluation.weights = "selected";
      evaluation.counts = counts_of(*std::max_element(selection.begin(), selection.end()));
      trial.evaluations.push_back(evaluation);
      evaluation.split = "test";
      evaluation.counts = counts_of(*test);
      trial.evaluations.push_back(evaluation);
      trial.record.selected_epoch = evaluation.epoch;
    } else if (status == core::TrialStatus::kInterrupted) {
      trial.record.message = fmt::format("paused after epoch {} of {}", selection.size(), epochs);
    }
    study["trials"].push_back(trial.record.trial_id);
    inputs.trials.push_back(std::move(trial));
  }
  Conclusions conclude() const {
    return conclusions::conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
  }
};

}  // namespace segbench::conclusions
