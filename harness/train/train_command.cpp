// SPDX-License-Identifier: MIT
#include "harness/train/train_command.h"
#include "harness/train/ensemble.h"

#include <c10/core/DeviceGuard.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/warning_kinds.h"
#include "harness/train/environment.h"
#include "harness/train/failure.h"
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

/// Builds the trial and runs it; failures are thrown after the attempt's beginning has been recorded.
void run_attempt(const TrainCommand& command, const core::TrialSpec& spec,
                 const std::filesystem::path& folder, const core::FileLock& lock, trial::Attempt& attempt) {
  const c10::DeviceGuard on_device(command.options.device);
  Progress progress(command.progress_descriptor, spec.trial_id);
  progress.report({.phase = "start", .epochs = spec.variant.training.epochs, .loss = {}, .miou = {}}, true);
  std::unique_ptr<TrialParts> parts;
  std::optional<Trainer> trainer;
  std::optional<trial::ResumePosition> resumed_from;
  std::exception_ptr failure;
  try {
    const auto memory_format =
        memory_format_of(command.options.kept.memory_format, memory_format_on(command.options.device));
    parts = build_trial(spec, folder, command.options.device, memory_format);
    TrainOptions options = command.options;
    options.lock = &lock;
    if (spec.variant.ensemble.empty()) {
      trainer.emplace(spec, folder, *parts, options, progress);
      resumed_from = trainer->prepare();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  attempt.started(resumed_from, command.environment);
  const std::vector<std::string> processors = trial::processors(trial::read_attempts(folder));
  if (processors.size() > 1)
    attempt.warn(core::make_warning("mixed_processors",
                                    {{"processors", fmt::format("{}", fmt::join(processors, "; "))}}));
  for (const core::Warning& warning : command.warnings) attempt.warn(warning);
  if (trainer) {
    for (const core::Warning& warning : trainer->warnings()) attempt.warn(warning);
  }
  if (failure) std::rethrow_exception(failure);
  if (trainer) {
    trainer->run();
  } else {
    run_ensemble(spec, folder, *parts, command.options, progress);
  }
}

}  // namespace

int run_train(const TrainCommand& command) {
  const core::TrialSpec spec = core::read_trial_spec(command.trial_file);
  const std::filesystem::path folder = std::filesystem::absolute(command.trial_file).parent_path();
  const core::FileLock lock = lock_trial(folder);
  remove_half_written(folder);
  const trial::TrialStanding standing = trial::read_trial_standing(folder);
  if (standing.log.state == trial::LogState::kNewer)
    throw core::UserError(fmt::format("{}: {}", folder.string(), standing.log.defect));
  const bool is_whole = standing.log.state == trial::LogState::kWhole;
  if (is_whole && standing.is_recorded) {
    remove_checkpoints(folder);
    return core::kSuccess;
  }
  trial::Attempt attempt(folder, lock);
  trial::Ending ending;
  if (is_whole) {
    attempt.started(std::nullopt, command.environment);  // it was killed between its last event and saying so
    remove_checkpoints(folder);
  } else {
    try {
      run_attempt(command, spec, folder, lock, attempt);
    } catch (...) {
      ending = ending_of(std::current_exception());
      fmt::print(stderr, "{}\n", ending.message);
    }
  }
  attempt.ended(ending, peak_memory_bytes(command.options.device));
  return ending.exit_code;
}

}  // namespace segbench::train
