// SPDX-License-Identifier: MIT
#include "harness/run/agenda.h"

#include <algorithm>

#include "architectures/networks/network.h"
#include "harness/core/ensemble.h"
#include "harness/core/error.h"
#include "harness/run/estimate.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

/// Of a network that is read from a file, which only the worker can look into.
constexpr std::int64_t kUnknownBytes = std::int64_t{1} << 30;

const core::TrialSpec& spec_of(const Job& job, const std::vector<PlannedTrial>& trials) {
  const auto found = std::find_if(trials.begin(), trials.end(),
                                  [&](const PlannedTrial& trial) { return trial.folder == job.folder; });
  SEGBENCH_CHECK(found != trials.end(), "no trial in {}", job.folder.string());
  return found->spec;
}

}  // namespace

Agenda make_agenda(const std::vector<PlannedTrial>& trials, bool retry_failed) {
  Agenda agenda;
  for (const PlannedTrial& trial : trials) {
    const trial::TrialStanding state = trial::read_trial_standing(trial.folder);
    const bool failed = state.status == core::TrialStatus::kFailed;
    const bool diverged = failed && state.reason == core::FailureReason::kDiverged;
    if (state.status == core::TrialStatus::kComplete) {
      agenda.complete.push_back(trial.folder);
    } else if (diverged) {
      ++agenda.diverged;
    } else if (failed && !retry_failed && state.reason != core::FailureReason::kDevice) {
      ++agenda.failed;
    } else {
      agenda.jobs.push_back({.kind = &training(),
                             .id = trial.spec.trial_id,
                             .label = trial.spec.variant_label,
                             .seed = trial.spec.seed,
                             .epochs = trial.spec.variant.training.epochs,
                             .folder = trial.folder,
                             .resources = {.processes = processes_of(trial.spec.variant)}});
    }
  }
  return agenda;
}

std::vector<Job> take_ensembles(Agenda& agenda, const std::vector<PlannedTrial>& trials) {
  std::vector<Job> ensembles;
  for (const Job& job : agenda.jobs) {
    if (!spec_of(job, trials).variant.ensemble.empty()) ensembles.push_back(job);
  }
  std::erase_if(agenda.jobs, [&](const Job& job) { return !spec_of(job, trials).variant.ensemble.empty(); });
  return ensembles;
}

std::vector<Job> ready_ensembles(const std::vector<Job>& ensembles, const std::vector<PlannedTrial>& trials) {
  std::vector<Job> ready;
  for (const Job& job : ensembles) {
    const std::vector<std::string> members = core::member_trials(spec_of(job, trials));
    const bool complete = std::all_of(members.begin(), members.end(), [&](const std::string& member) {
      return trial::read_trial_standing(job.folder.parent_path() / member).status ==
             core::TrialStatus::kComplete;
    });
    if (complete) ready.push_back(job);
  }
  return ready;
}

std::int64_t largest_trial_bytes(const study::Study& study, const StudyData& data) {
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const core::VariantConfig& config = study.variants[i].config;
    const data::AuditReport& audit = data[i]->audit;
    const DataSizes sizes{.height = audit.height,
                          .width = audit.width,
                          .classes = static_cast<int>(audit.classes.size()),
                          .train = static_cast<std::int64_t>(audit.splits.train.size())};
    const std::int64_t bytes = architectures::is_read_from_file(config.model.architecture)
                                   ? kUnknownBytes
                                   : training_bytes(config, summarise_variant(config, sizes));
    largest = std::max(largest, bytes + library_bytes(config));
  }
  return largest;
}

std::size_t give_threads(Agenda& agenda, const Allocation& allocation, bool is_asked_for) {
  std::size_t others = 0;
  for (Job& job : agenda.jobs) {
    job.resources.threads = std::max(allocation.threads, job.resources.processes);
    const int begun = threads_begun_with(job.folder);
    if (begun == 0 || begun == job.resources.threads) continue;
    if (is_asked_for)
      ++others;
    else
      job.resources.threads = begun;
  }
  return others;
}

}  // namespace segbench::run
