// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/run/allocation.h"
#include "harness/run/executor.h"
#include "harness/run/study_plan.h"
#include "harness/study/study.h"

namespace segbench::cli {

/// What is to be done with the selected trials.
struct Agenda {
  std::vector<run::TrialJob> jobs;
  std::vector<std::filesystem::path> complete;
  std::size_t failed = 0, diverged = 0;  ///< left alone
};

Agenda make_agenda(const std::vector<run::PlannedTrial>& trials, bool retry_failed);

/// The most memory that a trial of the study is estimated to need.
std::int64_t largest_trial_bytes(const study::Study& study, const run::StudyData& data);

/// Gives each trial its number of threads: what it began with, unless a number was asked for.
void give_threads(Agenda& agenda, const run::Allocation& allocation, bool is_asked_for);

/// Says on stderr what will be done.
void tell_agenda(const Agenda& agenda, const study::Study& study, const run::Allocation& allocation,
                 bool quiet);

}  // namespace segbench::cli
