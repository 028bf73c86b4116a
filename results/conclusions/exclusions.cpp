// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/core/ensemble.h"
#include "harness/core/looks.h"
#include "results/conclusions/steps.h"

namespace segbench::conclusions {
namespace {

/// Variants with the seeds that they have a trial with.
std::set<std::pair<std::string, std::uint64_t>> begun(const Conclusions& model) {
  std::set<std::pair<std::string, std::uint64_t>> trials;
  for (const TrialLine& line : model.trials) trials.emplace(line.variant, line.seed);
  return trials;
}

/// The seeds that variants are wanted with so far.
class PlannedSeeds {
 public:
  explicit PlannedSeeds(const StudyInputs& inputs)
      : seeds_(inputs.study.study.value("seeds", std::vector<std::uint64_t>{})),
        wanted_(core::wanted_seeds(inputs.study.study)) {
    const auto variants = inputs.study.study.find("variants");
    if (variants == inputs.study.study.end()) return;
    for (const core::Json& variant : *variants) {
      const auto config = variant.find("config");
      ensemble_seeds_[variant.value("id", "")] =
          config == variant.end() ? 1 : config->value("ensemble_seeds", std::int64_t{1});
    }
  }

  std::vector<std::uint64_t> of(const std::string& variant) const {
    const auto each = ensemble_seeds_.find(variant);
    std::vector<std::uint64_t> seeds =
        each == ensemble_seeds_.end() ? seeds_ : core::seeds_of(each->second, seeds_);
    const auto found = wanted_.find(variant);
    if (found != wanted_.end()) seeds.resize(std::min(seeds.size(), found->second));
    if (found == wanted_.end() && !wanted_.empty()) seeds.clear();  // imported: as many as there are
    return seeds;
  }

 private:
  std::vector<std::uint64_t> seeds_;
  std::map<std::string, std::size_t> wanted_;
  std::map<std::string, std::int64_t> ensemble_seeds_;
};

/// Draws that their search did not train to the end, as it is meant to.
bool is_left_by_search(const Conclusions& model, const std::string& variant) {
  if (!model.search || !model.search->is_finished) return false;
  return std::any_of(model.search->draws.begin(), model.search->draws.end(), [&](const SearchDraw& draw) {
    return draw.variant == variant && (draw.fate == "paused" || draw.fate == "not begun");
  });
}

}  // namespace

std::vector<Excluded> list_excluded(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<Excluded> excluded;
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    if (model.trials.at(i).used) continue;
    const store::TrialRecord& record = inputs.trials[i].record;
    if (is_left_by_search(model, record.variant_id)) continue;
    Excluded trial{.trial = record.trial_id,
                   .variant_label = record.variant_label,
                   .seed = record.seed,
                   .status = std::string(core::to_string(record.status)),
                   .reason = std::string(core::to_string(record.reason)),
                   .message = record.message,
                   .attempts = record.attempts,
                   .epochs_done = record.epochs_done,
                   .log_tail = inputs.trials[i].log_tail};
    if (record.status == core::TrialStatus::kComplete) {
      trial.reason = "not planned";
      trial.message =
          "complete, but no part of the study's present plan: the experiment file has changed since";
    }
    excluded.push_back(std::move(trial));
  }
  const PlannedSeeds planned(inputs);
  const auto trials = begun(model);
  for (const Entry& entry : model.leaderboard) {
    if (is_left_by_search(model, entry.id)) continue;
    for (const std::uint64_t seed : planned.of(entry.id)) {
      if (trials.contains({entry.id, seed})) continue;
      Excluded pending;
      pending.variant_label = entry.label;
      pending.seed = seed;
      pending.status = "pending";
      pending.message = "not started yet";
      excluded.push_back(std::move(pending));
    }
  }
  return excluded;
}

std::vector<FailedAttempt> list_failed_attempts(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<FailedAttempt> failed;
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    const TrialInputs& trial = inputs.trials[i];
    if (!model.trials.at(i).used) continue;
    for (const store::AttemptRecord& attempt : trial.attempts) {
      if (attempt.status.value_or("") != "failed") continue;
      failed.push_back({.trial = trial.record.trial_id,
                        .variant_label = trial.record.variant_label,
                        .seed = trial.record.seed,
                        .attempt = attempt.attempt,
                        .attempts = static_cast<std::int64_t>(trial.attempts.size()),
                        .status = *attempt.status,
                        .reason = attempt.reason.value_or(""),
                        .message = attempt.message.value_or("")});
    }
  }
  return failed;
}

void count_trials(Conclusions& model, const StudyInputs& inputs) {
  struct Count {
    std::int64_t recorded = 0, failed = 0;
  };
  std::map<std::string, Count> counts;  // by variant
  for (const TrialLine& line : model.trials) {
    Count& count = counts[line.variant];
    ++count.recorded;
    count.failed += line.status == core::to_string(core::TrialStatus::kFailed) ? 1 : 0;
  }
  const PlannedSeeds planned(inputs);
  for (Entry& entry : model.leaderboard) {
    const Count& count = counts[entry.id];
    entry.failed = count.failed;
    const auto seeds = static_cast<std::int64_t>(planned.of(entry.id).size());
    entry.planned = seeds > 0 ? seeds : count.recorded;
    if (is_left_by_search(model, entry.id)) entry.planned = entry.complete;
    model.planned += entry.planned;
    model.complete += entry.complete;
  }
}

}  // namespace segbench::conclusions
