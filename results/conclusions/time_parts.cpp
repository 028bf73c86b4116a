// SPDX-License-Identifier: MIT
#include "results/conclusions/time_parts.h"

#include <algorithm>

#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

/// Seconds of one trial.
struct Seconds {
  std::optional<double> training, waiting, evaluation, rest;
};

void add(std::optional<double>& sum, const std::optional<double>& seconds) {
  if (seconds) sum = sum.value_or(0) + *seconds;
}

Seconds seconds_of(const TrialInputs& trial) {
  Seconds seconds;
  std::optional<double> steps, attempts;
  for (const store::EpochRecord& epoch : trial.epochs) {
    add(steps, epoch.train_seconds);
    add(seconds.waiting, epoch.data_wait_seconds);
  }
  for (const store::EvaluationRecord& evaluation : trial.evaluations)
    add(seconds.evaluation, evaluation.evaluate_seconds);
  for (const store::AttemptRecord& attempt : trial.attempts) add(attempts, attempt.seconds);
  if (steps) seconds.training = std::max(0.0, *steps - seconds.waiting.value_or(0));
  if (steps && attempts) seconds.rest = std::max(0.0, *attempts - *steps - seconds.evaluation.value_or(0));
  return seconds;
}

}  // namespace

std::vector<TimeParts> time_parts(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<TimeParts> all;
  for (const Entry& entry : model.leaderboard) {
    std::vector<TrialValue> training, waiting, evaluation, rest;
    for (const std::size_t i : used_trials(model, entry.id)) {
      const store::TrialRecord& record = inputs.trials[i].record;
      const Seconds seconds = seconds_of(inputs.trials[i]);
      training.push_back({record.trial_id, record.seed, seconds.training});
      waiting.push_back({record.trial_id, record.seed, seconds.waiting});
      evaluation.push_back({record.trial_id, record.seed, seconds.evaluation});
      rest.push_back({record.trial_id, record.seed, seconds.rest});
    }
    TimeParts parts{.variant = entry.id,
                    .training = summarise(training, false),
                    .waiting = summarise(waiting, false),
                    .evaluation = summarise(evaluation, false),
                    .rest = summarise(rest, false)};
    if (parts.training.mean) all.push_back(std::move(parts));
  }
  return all;
}

}  // namespace segbench::conclusions
