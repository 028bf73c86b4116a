// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/run/job.h"

namespace segbench::run {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

/// One line of a worker's progress (core/worker_protocol.h).
struct WorkerProgress {
  std::string phase = {};  ///< start | train | evaluate | finish
  std::int64_t epoch = 0, epochs = 0, step = 0, steps = 0;
  std::optional<double> loss = {};
  std::string metric = {};           ///< that the trial selects by
  std::optional<double> score = {};  ///< of its last evaluation by it
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
  int signal = 0;  ///< SIGINT, SIGTERM, SIGHUP or SIGUSR2, sent to this process
};
using Event = std::variant<ProgressEvent, ExitEvent, InterruptEvent>;

/// Runs the processes of jobs. The scheduler knows nothing else of processes and time, so that a whole
/// schedule can be tested with an executor that does no work.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Starts a process for the job, which is known by `number` from now on. Throws core::UserError when it
  /// cannot be started at all.
  virtual void start(std::size_t number, const Job& job) = 0;
  /// Sends a signal to a job's process and all that it started.
  virtual void send_signal(std::size_t job, int signal) = 0;
  /// Waits until something happens, at most until `until`; returns all that happened, in order.
  virtual std::vector<Event> wait(TimePoint until) = 0;
  virtual TimePoint now() const = 0;
};

}  // namespace segbench::run
