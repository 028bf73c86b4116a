// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/gpu.h"
#include "harness/run/places.h"
#include "harness/run/study_plan.h"
#include "harness/run/worker.h"
#include "harness/study/study.h"

// What trials are run with, here or in a job of a batch system.

namespace segbench::run {

/// The worker with what [run] says of it; its threads are still to be given. Throws core::UserError when it
/// is not there.
WorkerSettings worker_of(const study::RunSettings& settings);

/// CUDA_VISIBLE_DEVICES of this process.
std::optional<std::string> visible_here();

/// The fewest processes that a trial of these has (processes_of()), ensembles aside; 1 where there are none.
int fewest_processes(const std::vector<PlannedTrial>& trials);
int fewest_processes(const std::vector<core::Variant>& variants);

/// Trials at once where `devices` have room for so many `slots` together, and each trial takes one for each
/// of its `processes`, of different devices as far as there are.
int trials_at_once(int slots, int devices, int processes);

/// Trials at once, those of the fewest processes: what the places hold, or run.jobs (0: auto) where there are
/// none.
int jobs_of(const study::RunSettings& settings, const std::vector<Place>& places, int processes);

/// The same on another machine of so many GPUs and CPUs (0: not known): a process on each GPU unless another
/// number of trials is asked for.
int jobs_on(const study::RunSettings& settings, int gpus, int cpus, int processes);

/// The places of a job of a batch system: run.devices among what it was given (`visible`), or where that is
/// not said and it was given several GPUs, all of them, with room for `jobs` trials at once of so many
/// `processes`. Empty: the worker's device alone. Throws as make_places().
std::vector<Place> places_in_job(const study::RunSettings& settings, const std::vector<core::Gpu>& gpus,
                                 const std::optional<std::string>& visible, int jobs, int processes);

/// admit() that asks the driver each time.
std::function<bool(const Place&, std::chrono::duration<double>)> admission(std::int64_t bytes_per_job);

}  // namespace segbench::run
