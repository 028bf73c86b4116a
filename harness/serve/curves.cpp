// SPDX-License-Identifier: MIT
#include "harness/serve/curves.h"

#include "harness/core/error.h"
#include "harness/core/trial.h"
#include "harness/metrics/scores.h"
#include "harness/trial/event_summary.h"
#include "harness/trial/spec_recovery.h"
#include "harness/trial/standing.h"
#include "harness/trial/state.h"

namespace segbench::serve {

Curves read_curves(const std::filesystem::path& trial_folder) {
  const std::string log = trial::read_log_text(trial_folder);
  Curves curves;
  if (log.empty()) return curves;
  std::string defect;
  const core::TrialSpec spec = trial::read_or_recover_spec(trial_folder, defect);
  trial::Warnings unused;  // the report tells them
  const trial::EventSummary events = trial::summarise_events(
      trial::parse_event_log(trial::training_part(log)), spec, trial_folder / core::kEventsFile, unused);
  curves.metric = spec.variant.training.select_by;
  curves.selected_epoch = events.selected_epoch;
  for (const trial::EpochEvent& epoch : events.epochs) curves.train_loss.push_back({epoch.epoch, epoch.loss});
  for (const trial::EvaluationEvent& evaluation : events.evaluations) {
    if (evaluation.split != "selection" || evaluation.weights != "current") continue;
    curves.selection_loss.push_back({evaluation.epoch, evaluation.loss});
    curves.score.push_back({evaluation.epoch, metrics::score(curves.metric, evaluation.counts,
                                                             evaluation.loss, evaluation.background)});
  }
  return curves;
}

std::shared_ptr<const Curves> CurveShelf::of(const std::filesystem::path& trial_folder) {
  std::error_code absent;
  const std::filesystem::path file = trial_folder / core::kEventsFile;
  const std::uintmax_t size = std::filesystem::file_size(file, absent);
  const std::uintmax_t bytes = absent ? 0 : size;
  const auto time = std::filesystem::last_write_time(file, absent);
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(trial_folder);
    if (known != known_.end() && known->second.bytes == bytes && known->second.time == time)
      return known->second.curves;
  }
  auto curves = std::make_shared<Curves>();
  try {
    *curves = read_curves(trial_folder);
  } catch (const core::UserError&) {
    // No curve can be drawn of a trial that nothing tells of; its row says why.
  }
  const std::lock_guard lock(mutex_);
  known_[trial_folder] = {bytes, time, curves};
  return curves;
}

}  // namespace segbench::serve
