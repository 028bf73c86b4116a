// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/outcome.h"
#include "harness/run/worker.h"

namespace segbench::run {

class JobKind;

/// What a job computes with; the executor was told what counts where a job does not say.
struct Resources {
  int threads = 0;
  std::string device = {};
  int processes = 1;              ///< of the job, each of which wants a CPU or a GPU of its own
  std::string visible_gpus = {};  ///< CUDA_VISIBLE_DEVICES of its process; "": as it is
};

/// One thing to be done by a process of the worker in a folder of its own.
struct Job {
  const JobKind* kind = nullptr;
  std::string id = {};
  std::string label = {};  ///< what people call it; of a trial, its variant
  std::uint64_t seed = 0;
  std::int64_t epochs = 0;
  std::filesystem::path folder = {};        ///< holds its worker.log and what its kind wants
  std::vector<std::string> arguments = {};  ///< of its command, besides those that its kind knows
  Resources resources = {};
};

/// What the scheduler and the executor have to know of a kind of job: how it starts, when it is done, what
/// its end means. Objects have no state; there is one of each kind.
class JobKind {
 public:
  virtual ~JobKind() = default;
  /// The worker's command line.
  virtual std::vector<std::string> command(const Job& job, const WorkerSettings& settings) const = 0;
  /// True when nothing is left to do.
  virtual bool is_complete(const Job& job) const = 0;
  /// What became of an attempt whose process has ended; records it where the kind keeps a record.
  virtual Outcome conclude(const Job& job, const EndedAttempt& attempt) const = 0;
  /// The number of the last attempt that its record has: taken before an attempt, it tells that one from
  /// older ones.
  virtual std::int64_t last_attempt(const Job& /*job*/) const { return 0; }
  /// Whether another attempt may do better: after a crash.
  virtual bool may_retry(const Outcome& outcome) const {
    return outcome.reason == core::FailureReason::kCrashed;
  }
  /// The process that does this job already and is none of ours (0 when it does not say); empty when nobody
  /// does.
  virtual std::optional<int> held_by(const Job& /*job*/) const { return std::nullopt; }
  /// Records which jobs shared the machine with the attempt that has just ended, and how many ran at a time.
  virtual void record_company(const Job& /*job*/, std::size_t /*at_once*/,
                              const std::vector<std::string>& /*others*/) const {}
};

/// Training a trial (`segbench-worker train`): its folder holds trial.json, its lock, its logs. A crashed one
/// goes on from its checkpoint.
const JobKind& training();

}  // namespace segbench::run
