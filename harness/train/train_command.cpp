// SPDX-License-Identifier: MIT
#include "harness/train/train_command.h"
#include "harness/train/ensemble.h"

#include <c10/core/DeviceGuard.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <thread>

#include "architectures/networks/determinism.h"
#include "architectures/torch/device_memory.h"
#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/warning_kinds.h"
#include "harness/train/alerts.h"
#include "harness/train/environment.h"
#include "harness/train/failure.h"
#include "harness/train/parallel.h"
#include "harness/train/replicas.h"
#include "harness/train/resident_data.h"
#include "harness/train/runtime_settings.h"
#include "harness/trial/attempt.h"
#include "harness/trial/attempt_log.h"
#include "harness/trial/standing.h"

namespace segbench::train {
namespace {

/// Whoever only looks whether a trial is running holds its lock for a moment, so it is tried for a while.
core::FileLock lock_trial(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / core::kTrialLockFile;
  constexpr std::chrono::milliseconds kPause{50};
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (auto lock = core::FileLock::try_acquire(file)) return std::move(*lock);
    std::this_thread::sleep_for(kPause);
  }
  const core::LockOwner owner = core::FileLock::holder(file).value_or(core::LockOwner{});
  throw core::UserError(fmt::format("{}: the trial is being run by {}{}", file.string(), describe(owner),
                                    core::how_to_free(file, owner)),
                        core::kTryAgain);
}

/// Files that a killed worker was writing (core::write_file_atomically).
void remove_half_written(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().find(".tmp-") != std::string::npos)
      std::filesystem::remove(entry.path());
  }
}

/// What an attempt is made of, so that its end can be recorded while all of it is there.
struct Course {
  std::unique_ptr<TrialParts> parts;
  std::optional<Replicas> replicas;
  std::optional<Trainer> trainer;
  core::Json environment;
  std::vector<core::Warning> warnings = {};
};

/// The processes that train a trial together share the threads that it is given.
ReplicaSettings replica_settings(const TrainCommand& command, std::int64_t processes) {
  return {.trial_file = std::filesystem::absolute(command.trial_file),
          .threads = share_of_threads(command.options.kept.threads, processes),
          .memory_format = command.options.kept.memory_format,
          .device = command.options.device,
          .levers = command.options.levers};
}

/// On which device each process of the trial computes.
void tell_devices(torch::Device first, std::int64_t processes, Course& course) {
  const int gpus = first.is_cuda() ? static_cast<int>(torch::cuda::device_count()) : 0;
  core::Json& devices = course.environment["processes_on"] = core::Json::array();
  for (int rank = 0; rank < processes; ++rank) devices.push_back(device_of_rank(first, rank, gpus).str());
  if (first.is_cuda() && gpus < processes)
    course.warnings.push_back(core::make_warning(
        "shared_gpus", {{"processes", std::to_string(processes)}, {"gpus", std::to_string(gpus)}}));
}

void add_step_graph(const std::vector<std::string>& prevented_by, core::Json& environment) {
  environment["levers"]["graphs"] = prevented_by.empty();
  environment["step_graph"] = {{"in_use", prevented_by.empty()}, {"prevented_by", prevented_by}};
}

/// Builds the trial and runs it; failures are thrown after the attempt's beginning has been recorded.
void run_attempt(const TrainCommand& command, const core::TrialSpec& spec,
                 const std::filesystem::path& folder, const core::FileLock& lock, trial::Attempt& attempt,
                 Course& course) {
  Progress progress(command.progress_descriptor, spec.trial_id);
  progress.report({.phase = "start", .epochs = spec.variant.training.epochs}, true);
  std::optional<trial::ResumePosition> resumed_from;
  std::exception_ptr failure;
  TrainOptions options = command.options;
  options.lock = &lock;
  options.warn = [&attempt](const core::Warning& warning) { attempt.warn(warning); };
  try {
    const auto memory_format =
        memory_format_of(command.options.kept.memory_format, memory_format_on(command.options.device));
    course.parts = build_trial(spec, folder, command.options.device, memory_format);
    if (!options.levers.parameter_lists) course.parts->optimizer->go_one_by_one();
    course.environment["determinism"] = determinism(
        command.options.device,
        architectures::unordered_on_gpu(network_options_of(spec.variant, course.parts->cache.manifest())));
    if (options.levers.resident_data && !options.device.is_cpu()) {
      const core::Json data =
          keep_data_on_device(spec, options.device, free_device_bytes(options.device), *course.parts);
      course.environment["levers"]["resident_data"] = data.at("in_use");
      course.environment["resident_data"] = data;
    }
    if (spec.variant.ensemble.empty()) {
      if (const core::TrainingConfig& training = spec.variant.training; training.processes > 1) {
        check_division(spec);
        options.group =
            &course.replicas.emplace(training, replica_settings(command, training.processes)).group();
        course.environment["sums_by"] = options.group->way();
        tell_devices(options.device, training.processes, course);
      }
      course.trainer.emplace(spec, folder, *course.parts, options, progress);
      if (!command.options.device.is_cpu())
        add_step_graph(course.trainer->graphs_prevented_by(), course.environment);
      resumed_from = course.trainer->prepare();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  attempt.started(resumed_from, course.environment);
  const std::vector<std::string> processors = trial::processors(trial::read_attempts(folder));
  if (processors.size() > 1)
    attempt.warn(core::make_warning("mixed_processors",
                                    {{"processors", fmt::format("{}", fmt::join(processors, "; "))}}));
  for (const core::Warning& warning : command.warnings) attempt.warn(warning);
  for (const core::Warning& warning : course.warnings) attempt.warn(warning);
  if (course.trainer) {
    for (const core::Warning& warning : course.trainer->warnings()) attempt.warn(warning);
  }
  if (failure) std::rethrow_exception(failure);
  if (course.trainer) {
    course.trainer->run();
  } else {
    run_ensemble(spec, folder, *course.parts, options, progress);
  }
}

/// What the GPU and LibTorch showed meanwhile that whoever reads the result should know.
void warn_of_device(const Alerts& alerts, const core::Json& gpu, trial::Attempt& attempt) {
  if (!alerts.unordered_operations().empty())
    attempt.warn(core::make_warning(
        "unordered_operations",
        {{"operations", fmt::format("{}", fmt::join(alerts.unordered_operations(), ", "))}}));
  if (!gpu.is_object() || !gpu["begin"].is_object() || !gpu["end"].is_object()) return;
  const std::vector<std::string> throttled = gpu["end"].value("throttled", std::vector<std::string>());
  if (!throttled.empty())
    attempt.warn(
        core::make_warning("gpu_throttled", {{"by", fmt::format("{}", fmt::join(throttled, ", "))}}));
  const std::int64_t errors = gpu["end"].value("memory_errors", 0) - gpu["begin"].value("memory_errors", 0);
  if (errors > 0) attempt.warn(core::make_warning("gpu_memory_errors", {{"errors", std::to_string(errors)}}));
}

core::Json state_of(const std::optional<core::Gpu>& gpu) {
  return gpu ? core::gpu_state(gpu->uuid) : core::Json();
}

}  // namespace

int run_train(const TrainCommand& command) {
  const core::TrialSpec spec = core::read_trial_spec(command.trial_file);
  const std::filesystem::path folder = std::filesystem::absolute(command.trial_file).parent_path();
  std::optional<core::FileLock> lock(lock_trial(folder));
  remove_half_written(folder);
  const trial::TrialStanding standing = trial::read_trial_standing(folder);
  if (standing.log.state == trial::LogState::kNewer)
    throw core::UserError(fmt::format("{}: {}", folder.string(), standing.log.defect));
  const bool is_whole = standing.log.state == trial::LogState::kWhole;
  if (is_whole && standing.is_recorded) {
    remove_checkpoints(folder);
    return core::kSuccess;
  }
  trial::Attempt attempt(folder, *lock);
  trial::Ending ending;
  const torch::Device device = command.options.device;
  const std::optional<core::Gpu> gpu = gpu_of(device);
  const core::Json gpu_before = state_of(gpu);
  const Alerts alerts;
  Course course{.parts = nullptr,
                .replicas = std::nullopt,
                .trainer = std::nullopt,
                .environment = command.environment};
  if (is_whole) {
    attempt.started(std::nullopt, command.environment);  // it was killed between its last event and saying so
    remove_checkpoints(folder);
  } else {
    try {
      const c10::DeviceGuard on_device(device);
      run_attempt(command, spec, folder, *lock, attempt, course);
    } catch (...) {
      ending = ending_of(std::current_exception());
      fmt::print(stderr, "{}\n", ending.message);
    }
  }
  trial::Usage usage{.peak_memory_bytes = peak_memory_bytes(),
                     .device_peak_memory_bytes = architectures::peak_device_bytes(device)};
  if (gpu) usage.gpu = {{"begin", gpu_before}, {"end", state_of(gpu)}};
  warn_of_device(alerts, usage.gpu, attempt);
  attempt.ended(ending, usage);
  if (ending.status == core::TrialStatus::kFailed && !device.is_cpu()) {
    lock.reset();  // its file would outlive this process where a file system has no locks
    leave(ending.exit_code);
  }
  return ending.exit_code;
}

}  // namespace segbench::train
