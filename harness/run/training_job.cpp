// SPDX-License-Identifier: MIT
#include "harness/core/file_lock.h"
#include "harness/run/attempts.h"
#include "harness/run/job.h"
#include "harness/trial/attempt.h"
#include "harness/trial/attempt_log.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

class Training final : public JobKind {
 public:
  std::vector<std::string> command(const Job& job, const WorkerSettings& settings) const override {
    std::vector<std::string> command = train_command(settings, job.folder);
    command.insert(command.end(), job.arguments.begin(), job.arguments.end());
    return command;
  }

  bool is_complete(const Job& job) const override {
    return trial::read_trial_standing(job.folder).status == core::TrialStatus::kComplete;
  }

  Outcome conclude(const Job& job, const EndedAttempt& attempt) const override {
    return conclude_attempt(job.folder, attempt);
  }

  std::int64_t last_attempt(const Job& job) const override {
    return trial::last_attempt(trial::read_attempts(job.folder));
  }

  std::optional<int> held_by(const Job& job) const override {
    const std::filesystem::path lock = job.folder / core::kTrialLockFile;
    const std::optional<core::LockOwner> owner = core::FileLock::holder(lock);
    return owner ? std::optional(owner->process) : std::nullopt;
  }

  void record_company(const Job& job, std::size_t at_once,
                      const std::vector<std::string>& others) const override {
    trial::append_company(job.folder, at_once, others);
  }
};

}  // namespace

const JobKind& training() {
  static const Training kind;
  return kind;
}

}  // namespace segbench::run
