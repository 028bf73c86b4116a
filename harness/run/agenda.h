// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/run/allocation.h"
#include "harness/run/job.h"
#include "harness/run/study_plan.h"
#include "harness/study/study.h"

namespace segbench::run {

/// What is to be done with the selected trials.
struct Agenda {
  std::vector<Job> jobs;
  std::vector<std::filesystem::path> complete;
  std::size_t failed = 0, diverged = 0;  ///< left alone
};

Agenda make_agenda(const std::vector<PlannedTrial>& trials, bool retry_failed);

/// Takes the ensembles out of the agenda, which come after their members: those jobs whose members will be
/// looked at when all others have ended.
std::vector<Job> take_ensembles(Agenda& agenda, const std::vector<PlannedTrial>& trials);
/// Those of `ensembles` whose members are all complete.
std::vector<Job> ready_ensembles(const std::vector<Job>& ensembles, const std::vector<PlannedTrial>& trials);

/// The most memory that a trial of the study is estimated to need.
std::int64_t largest_trial_bytes(const study::Study& study, const StudyData& data);

/// Gives each trial its number of threads, at least one for each of its processes: what it began with, unless
/// a number was asked for. Returns the number of trials that began with another number than the one asked
/// for, so that rounding will differ from an uninterrupted training.
std::size_t give_threads(Agenda& agenda, const Allocation& allocation, bool is_asked_for);

}  // namespace segbench::run
