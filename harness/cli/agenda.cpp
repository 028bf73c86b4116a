// SPDX-License-Identifier: MIT
#include "harness/cli/agenda.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "architectures/network.h"
#include "harness/cli/plan_estimate.h"
#include "harness/cli/selection.h"
#include "harness/run/trial_state.h"

namespace segbench::cli {
namespace {

/// Memory that a trial needs beside what run::training_bytes counts: LibTorch and workspaces.
constexpr std::int64_t kBaseBytes = std::int64_t{350} << 20;
/// Of a network that is read from a file, which only the worker can look into.
constexpr std::int64_t kUnknownBytes = std::int64_t{1} << 30;

}  // namespace

Agenda make_agenda(const std::vector<run::PlannedTrial>& trials, bool retry_failed) {
  Agenda agenda;
  for (const run::PlannedTrial& trial : trials) {
    const run::TrialState state = run::read_trial_state(trial.folder);
    const bool failed = state.status == core::TrialStatus::kFailed;
    const bool diverged = failed && state.reason == core::FailureReason::kDiverged;
    if (state.status == core::TrialStatus::kComplete) {
      agenda.complete.push_back(trial.folder);
    } else if (diverged) {
      ++agenda.diverged;
    } else if (failed && !retry_failed) {
      ++agenda.failed;
    } else {
      agenda.jobs.push_back({.trial_id = trial.spec.trial_id,
                             .label = trial.spec.variant_label,
                             .seed = trial.spec.seed,
                             .epochs = trial.spec.variant.training.epochs,
                             .folder = trial.folder});
    }
  }
  return agenda;
}

std::int64_t largest_trial_bytes(const study::Study& study, const run::StudyData& data) {
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
    largest = std::max(largest, bytes + kBaseBytes);
  }
  return largest;
}

void give_threads(Agenda& agenda, const run::Allocation& allocation, bool is_asked_for) {
  std::size_t others = 0;
  for (run::TrialJob& job : agenda.jobs) {
    job.threads = allocation.threads;
    const int begun = run::threads_begun_with(job.folder);
    if (begun == 0 || begun == job.threads) continue;
    if (is_asked_for)
      ++others;
    else
      job.threads = begun;
  }
  if (others > 0)
    note(fmt::format(
        "{} trial{} began with another number of threads than the {} asked for: rounding will differ from "
        "an uninterrupted training",
        others, others == 1 ? "" : "s", allocation.threads));
}

void tell_agenda(const Agenda& agenda, const study::Study& study, const run::Allocation& allocation,
                 bool quiet) {
  if (agenda.failed > 0) {
    note(fmt::format("{} failed trial{} left alone; --retry-failed tries again", agenda.failed,
                     agenda.failed == 1 ? " is" : "s are"));
  }
  if (agenda.diverged > 0) {
    note(fmt::format(
        "{} diverged trial{} left alone: the same trial diverges again; change what it computes, for example "
        "the learning rate",
        agenda.diverged, agenda.diverged == 1 ? " is" : "s are"));
  }
  if (quiet) return;
  fmt::print(stderr, "{}: {} trial{} to run, {} complete; {} at once, {} thread{} each, device {}\n",
             study.name, agenda.jobs.size(), agenda.jobs.size() == 1 ? "" : "s", agenda.complete.size(),
             std::min<std::size_t>(static_cast<std::size_t>(allocation.jobs), agenda.jobs.size()),
             allocation.threads, allocation.threads == 1 ? "" : "s", study.run.device);
}

}  // namespace segbench::cli
