// SPDX-License-Identifier: MIT
#include <algorithm>
#include <system_error>

#include "harness/core/measures.h"
#include "harness/metrics/scores.h"
#include "harness/run/search.h"
#include "harness/trial/folder.h"

namespace segbench::run {
namespace {

/// The score of the epoch that would be selected among the first `epochs`.
std::optional<double> score_until(const core::TrialSpec& spec, const trial::EventSummary& events,
                                  std::int64_t epochs) {
  const core::TrainingConfig& training = spec.variant.training;
  const bool higher = core::find_metric(training.select_by)->higher_is_better;
  std::optional<double> best;
  for (const trial::EvaluationEvent& evaluation : events.evaluations) {
    if (evaluation.split != "selection" || evaluation.weights != "current" || evaluation.epoch > epochs)
      continue;
    const std::optional<double> value =
        metrics::score(training.select_by, evaluation.counts, evaluation.loss, spec.variant.data.background);
    if (training.select != "best")
      best = value;
    else if (value && (!best || (higher ? *value > *best : *value < *best)))
      best = value;
  }
  return best;
}

}  // namespace

SearchTrial read_search_trial(const core::TrialSpec& spec, const std::filesystem::path& folder,
                              const std::vector<std::int64_t>& rungs, bool may_retry) {
  SearchTrial result{.scores = std::vector<RungScore>(rungs.size())};
  if (std::error_code none; !std::filesystem::exists(folder / core::kTrialFile, none)) return result;
  const trial::FolderContent content = trial::read_folder(folder);
  const core::TrialStatus status = content.standing.status;
  result.is_begun = content.standing.attempts > 0 || status != core::TrialStatus::kPending;
  result.seconds = content.standing.seconds.value_or(0);
  result.has_failed = status == core::TrialStatus::kFailed && !may_retry;
  result.has_diverged = result.has_failed && content.standing.reason == core::FailureReason::kDiverged;
  std::int64_t evaluated = 0;
  for (const trial::EvaluationEvent& evaluation : content.events.evaluations) {
    if (evaluation.split == "selection" && evaluation.weights == "current")
      evaluated = std::max(evaluated, evaluation.epoch);
  }
  const bool is_complete = status == core::TrialStatus::kComplete;
  for (std::size_t k = 0; k < rungs.size(); ++k) {
    const bool is_last = k + 1 == rungs.size();
    if (is_last ? is_complete : is_complete || evaluated >= rungs[k])
      result.scores[k] = {
          true, is_last ? content.events.selected_value : score_until(spec, content.events, rungs[k])};
    else
      result.scores[k] = {result.has_failed, {}};
  }
  return result;
}

}  // namespace segbench::run
