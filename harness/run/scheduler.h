// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "harness/run/executor.h"
#include "harness/run/places.h"

namespace segbench::run {

struct ScheduleOptions {
  int jobs = 0;                    ///< at once, at most; 0: as many as the places hold, without any 1
  std::vector<Place> places = {};  ///< where; empty: wherever the executor was told
  /// Whether one more job may start beside others at a place that has to be asked, so long after the last
  /// start there.
  std::function<bool(const Place& place, std::chrono::duration<double> since_last_start)> admits = {};
  int most_threads = 0;  ///< of all running jobs together (one always runs); 0: any number
  std::chrono::duration<double> timeout{0};  ///< of one attempt; 0: none
  std::chrono::duration<double> stall{0};    ///< longest silence of a worker; 0: any
  std::chrono::duration<double> grace{30};   ///< between SIGTERM and SIGKILL for a worker that took too long
  std::chrono::duration<double> patience{60};  ///< the same after an interrupt, for the checkpoint
  /// The longest wait for a job that another process does, when nothing else is left to do; 0: for ever.
  std::chrono::duration<double> held_patience{0};
  /// Whether a second interrupt, a second later or more, kills the workers. Not under a batch system, which
  /// repeats itself and kills by itself when it has waited long enough.
  bool second_interrupt_kills = true;
  int retries = 1;  ///< further attempts where the kind of job allows another
};

/// Hears what happens. Every method may be left out.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void job_started(const Job&, int /*attempt: 1, 2, … of this run*/) {}
  virtual void job_progress(const Job&, const WorkerProgress&) {}
  virtual void job_ended(const Job&, const Outcome&, bool /*will_retry*/) {}
  /// Another process (0: unknown) does this job already; it is waited for.
  virtual void job_held(const Job&, int /*process*/) {}
  /// It did so for longer than held_patience; the job is left to it.
  virtual void job_left(const Job&) {}
  /// The device of a place cannot be used (`why`), so nothing more is started there; `left`: other places.
  virtual void place_lost(const Place& /*place*/, const std::string& /*why*/, std::size_t /*left*/) {}
  /// A signal came; `running` workers were told to write their checkpoints.
  virtual void stopping(int /*signal*/, std::size_t /*running*/) {}
  /// At least once a second, for displays.
  virtual void tick() {}
};

struct ScheduleResult {
  std::vector<Outcome>
      outcomes;  ///< one a job, in the order in which they came; kPending when it was not run
  /// The signal that ended the schedule early; 0: none. SIGUSR2, which asks to make room for a while, gives
  /// way to any other, which asks to end.
  int signal = 0;
  bool internal_error = false;  ///< a worker met a broken invariant; nothing was started after that
  bool no_device = false;       ///< no place is left whose device can be used; nothing was started after that
};

/// Gives further jobs, one at a time, when a worker has nothing else to do; empty: nothing as long as no job
/// ends.
using JobSource = std::function<std::optional<Job>()>;

/// Runs the jobs in order, `options.jobs` at a time.
///
/// - A job of several processes takes as many places at once, each as one job does; where fewer are left,
///   those. Parts of GPUs are not put together.
/// - What may be tried again its kind says: a crashed training is, going on from its checkpoint; one that
///   diverged, ran out of memory, took too long or reported an error is not.
/// - One that ran out of memory beside others at its place is tried again once, alone there.
/// - One whose device cannot be used ends its places and is taken to others; where there are none, the
///   schedule ends.
/// - A worker that exceeds `timeout` or is silent for `stall` gets SIGTERM and, `grace` later, SIGKILL.
/// - The first interrupt is handed on to the workers, which are waited for, `patience` at most; a second, a
///   second later or more, kills them, where `second_interrupt_kills`.
/// - A job that somebody else does already is looked at again every second, when the others have started, and
///   left to them, still pending, after `held_patience`.
/// - What `source` gives comes behind them; it is asked again when a job has ended.
ScheduleResult run_schedule(const std::vector<Job>& jobs, const ScheduleOptions& options, Executor& executor,
                            RunObserver& observer, const JobSource& source = {});

}  // namespace segbench::run
