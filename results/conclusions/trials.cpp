// SPDX-License-Identifier: MIT
#include <set>

#include "harness/core/imported.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

using core::Json;

bool is_used(const TrialInputs& trial, const std::set<std::string>& plan) {
  return trial.record.status == core::TrialStatus::kComplete &&
         (plan.empty() || plan.contains(trial.record.trial_id) ||
          !core::imported_from(trial.record.variant).empty());
}

std::set<std::string> planned_trials(const StudyInputs& inputs) {
  const Json planned = inputs.study.study.value("trials", Json::array());
  return {planned.begin(), planned.end()};
}

}  // namespace

std::vector<TrialLine> list_trials(const StudyInputs& inputs, const Conclusions& model) {
  const std::set<std::string> plan = planned_trials(inputs);
  std::vector<TrialLine> lines;
  for (const TrialInputs& trial : inputs.trials) {
    const store::TrialRecord& record = trial.record;
    TrialLine line;
    line.id = record.trial_id;
    line.variant = record.variant_id;
    line.variant_label = record.variant_label;
    line.status = core::to_string(record.status);
    line.seed = record.seed;
    line.used = is_used(trial, plan);
    line.train_seconds = record.train_seconds;
    line.selected_epoch = record.selected_epoch;
    line.peak_memory_bytes = record.peak_memory_bytes;
    line.weights_sha256 = record.selected_weights_sha256.value_or(record.weights_sha256.value_or(""));
    line.data_fingerprint = record.data_fingerprint;
    line.started = record.started, line.ended = record.ended;
    line.folder = record.folder;
    if (record.verification.is_object()) line.verified = record.verification.value("grade", "");
    if (record.status == core::TrialStatus::kComplete) {
      const store::EvaluationRecord* scored = final_evaluation(trial, model.split);
      const store::EvaluationRecord* selected = final_evaluation(trial, "selection");
      if (scored != nullptr) line.score = score_of(*scored, model.metric);
      if (selected != nullptr) line.selection = score_of(*selected, model.metric);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace segbench::conclusions
