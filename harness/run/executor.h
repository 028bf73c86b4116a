// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace segbench::run {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

/// One trial that is to be run: its folder and what people call it.
struct TrialJob {
  std::string trial_id = {};
  std::string label = {};  ///< of the variant
  std::uint64_t seed = 0;
  std::int64_t epochs = 0;
  std::filesystem::path folder = {};  ///< holds trial.json
  int threads = 0;                    ///< 0: what the executor was told
};

/// One line of a worker's progress (core/worker_protocol.h).
struct WorkerProgress {
  std::string phase = {};  ///< start | train | evaluate | finish
  std::int64_t epoch = 0, epochs = 0, step = 0, steps = 0;
  std::optional<double> loss = {}, miou = {};
};

/// How a worker process ended: with `code`, or by `signal` when that is not 0.
struct WorkerExit {
  int code = 0;
  int signal = 0;
  bool out_of_memory = false;  ///< the kernel's out-of-memory killer was at work meanwhile
  std::string log_tail = {};   ///< last lines of what this attempt wrote to worker.log
};

// What an executor reports. `job` is the number given to start().
struct ProgressEvent {
  std::size_t job = 0;
  std::optional<WorkerProgress> progress;  ///< empty: a sign of life that could not be read
};
struct ExitEvent {
  std::size_t job = 0;
  WorkerExit exit = {};
};
struct InterruptEvent {
  int signal = 0;  ///< SIGINT, SIGTERM or SIGHUP, sent to this process
};
using Event = std::variant<ProgressEvent, ExitEvent, InterruptEvent>;

/// Runs trial processes. The scheduler knows nothing else of processes and time, so that a whole schedule can
/// be tested with an executor that does no work.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Starts the trial's process. Throws core::UserError when it cannot be started at all.
  virtual void start(std::size_t job, const TrialJob& trial) = 0;
  /// Sends a signal to a job's process and all that it started.
  virtual void send_signal(std::size_t job, int signal) = 0;
  /// Waits until something happens, at most until `until`; returns all that happened, in order.
  virtual std::vector<Event> wait(TimePoint until) = 0;
  virtual TimePoint now() const = 0;
  /// The process that holds the trial's lock and is none of ours (0 when it does not say); empty when nobody
  /// does.
  virtual std::optional<int> held_by(const TrialJob& trial) = 0;
};

}  // namespace segbench::run
