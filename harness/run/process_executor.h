// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/child.h"
#include "harness/run/executor.h"
#include "harness/run/signals.h"
#include "harness/run/worker.h"

namespace segbench::run {

/// Runs each job in a worker process of its own. Must be used from one thread (the main one: the kernel's
/// signal on the death of a parent is tied to the thread that started the child).
class ProcessExecutor : public Executor {
 public:
  /// `signals` lets interrupts of this process be seen; it must outlive the executor.
  ProcessExecutor(WorkerSettings settings, SignalWatch& signals);
  ProcessExecutor(const ProcessExecutor&) = delete;
  ProcessExecutor& operator=(const ProcessExecutor&) = delete;
  /// Kills what is still running.
  ~ProcessExecutor() override;

  void start(std::size_t number, const Job& job) override;
  void send_signal(std::size_t job, int signal) override;
  std::vector<Event> wait(TimePoint until) override;
  TimePoint now() const override { return Clock::now(); }

 private:
  struct Worker {
    Child child;
    std::string unread;  ///< of the progress pipe: an unfinished line
    std::filesystem::path log;
    std::uintmax_t log_size = 0;               ///< before this attempt
    std::optional<std::int64_t> memory_kills;  ///< before this attempt
  };

  void poll_until(TimePoint until);
  void read_progress(std::size_t job, Worker& worker, std::vector<Event>& events);
  WorkerExit describe_exit(const Worker& worker, int wait_status) const;

  WorkerSettings settings_;
  SignalWatch& signals_;
  std::map<std::size_t, Worker> workers_;
};

/// One line of progress; empty when it is not what core/worker_protocol.h describes.
std::optional<WorkerProgress> parse_progress(std::string_view line);

/// The last lines (at most `lines`, at most 2 KiB) of what stands in a file from byte `from` on.
std::string log_tail(const std::filesystem::path& file, std::uintmax_t from, int lines = 5);

}  // namespace segbench::run
