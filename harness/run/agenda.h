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

/// The most memory that a trial of the study is estimated to need.
std::int64_t largest_trial_bytes(const study::Study& study, const StudyData& data);

/// Gives each trial its number of threads: what it began with, unless a number was asked for. Returns the
/// number of trials that began with another number than the one asked for, so that rounding will differ from
/// an uninterrupted training.
std::size_t give_threads(Agenda& agenda, const Allocation& allocation, bool is_asked_for);

}  // namespace segbench::run
