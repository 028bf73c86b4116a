// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <deque>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "harness/run/executor.h"
#include "harness/trial/event_log.h"
#include "tests/support/whole_log.h"

namespace segbench::tests {

using std::chrono::seconds;

/// What one attempt of a fake worker does.
struct FakeAttempt {
  seconds runs{10};
  int code = 0, signal = 0;  ///< how its process ends at the end of `runs`
  bool out_of_memory = false;
  std::string log_tail = "";
  std::string status = "complete";  ///< the "ended" event it writes; "": none
  std::string reason = "";
  seconds talks{1'000'000};  ///< silent after that
  bool writes_log = true;    ///< a complete log, when it ends as complete
  bool deaf = false;         ///< does not react to SIGTERM and SIGINT
};

/// An executor without processes whose clock jumps from one event to the next. `history` tells what happened
/// when.
class FakeExecutor : public run::Executor {
 public:
  std::map<std::string, std::deque<FakeAttempt>>
      attempts;                                    ///< by trial id; the default attempt when none is left
  std::deque<std::pair<seconds, int>> interrupts;  ///< time and signal
  std::map<std::string, seconds> held_until;       ///< by trial id
  std::vector<std::string> history;

  void start(std::size_t job, const run::Job& trial) override {
    auto& script = attempts[trial.id];
    Worker worker{.trial = trial,
                  .attempt = script.empty() ? FakeAttempt{} : script.front(),
                  .started = time_,
                  .ends = {}};
    if (!script.empty()) script.pop_front();
    worker.ends = time_ + worker.attempt.runs;
    note("start " + trial.id +
         (trial.resources.visible_gpus.empty() ? "" : " on " + trial.resources.visible_gpus));
    trial::EventWriter(trial.folder / core::kAttemptsFile)
        .append("started", {{"attempt", ++numbers_[trial.id]}, {"pid", 1}, {"host", "fake"}});
    workers_[job] = worker;
  }

  void send_signal(std::size_t job, int signal) override {
    Worker& worker = workers_.at(job);
    note(signal == SIGKILL ? "kill " + worker.trial.id
                           : "stop " + worker.trial.id + " with " + std::to_string(signal));
    if (signal == SIGKILL) {
      worker.ends = time_;
      worker.attempt.signal = SIGKILL;
      worker.attempt.status = "";
    } else if (!worker.attempt.deaf) {
      worker.ends = time_ + seconds(2);
      worker.attempt.code = 128 + signal;
      worker.attempt.status = "interrupted";
    }
  }

  std::vector<run::Event> wait(run::TimePoint until) override {
    seconds next = std::chrono::ceil<seconds>(until - run::TimePoint{});
    for (const auto& [job, worker] : workers_) next = std::min(next, worker.ends);
    if (!interrupts.empty()) next = std::min(next, interrupts.front().first);
    time_ = std::max(time_, next);
    std::vector<run::Event> events;
    while (!interrupts.empty() && interrupts.front().first <= time_) {
      events.emplace_back(run::InterruptEvent{interrupts.front().second});
      interrupts.pop_front();
    }
    for (auto it = workers_.begin(); it != workers_.end();) {
      const auto& [job, worker] = *it;
      if (time_ <= worker.started + worker.attempt.talks) {
        events.emplace_back(run::ProgressEvent{job, run::WorkerProgress{.phase = "train"}});
      }
      if (worker.ends > time_) {
        ++it;
        continue;
      }
      if (worker.attempt.status == "complete" && worker.attempt.writes_log)
        write_whole_log(worker.trial.folder);
      if (!worker.attempt.status.empty()) {
        trial::EventWriter(worker.trial.folder / core::kAttemptsFile)
            .append("ended", {{"attempt", numbers_[worker.trial.id]},
                              {"status", worker.attempt.status},
                              {"reason", worker.attempt.reason},
                              {"message", ""}});
      }
      note("end " + worker.trial.id);
      run::ExitEvent exit{.job = job};
      exit.exit = {worker.attempt.code, worker.attempt.signal, worker.attempt.out_of_memory,
                   worker.attempt.log_tail};
      events.emplace_back(exit);
      it = workers_.erase(it);
    }
    return events;
  }

  run::TimePoint now() const override { return run::TimePoint{} + time_; }

  /// The process that holds a trial, by `held_until`.
  std::optional<int> holder_of(const run::Job& job) const {
    const auto found = held_until.find(job.id);
    return found != held_until.end() && time_ < found->second ? std::optional<int>(77) : std::nullopt;
  }

 private:
  struct Worker {
    run::Job trial;
    FakeAttempt attempt;
    seconds started, ends;
  };

  void note(const std::string& what) { history.push_back(std::to_string(time_.count()) + " " + what); }

  seconds time_{0};
  std::map<std::size_t, Worker> workers_;
  std::map<std::string, int> numbers_;
};

/// Training, held by whom a fake executor says.
class FakeTraining : public run::JobKind {
 public:
  explicit FakeTraining(const FakeExecutor& executor) : executor_(executor) {}
  std::vector<std::string> command(const run::Job& job, const run::WorkerSettings& settings) const override {
    return run::training().command(job, settings);
  }
  bool is_complete(const run::Job& job) const override { return run::training().is_complete(job); }
  run::Outcome conclude(const run::Job& job, const run::EndedAttempt& attempt) const override {
    return run::training().conclude(job, attempt);
  }
  std::int64_t last_attempt(const run::Job& job) const override { return run::training().last_attempt(job); }
  std::optional<int> held_by(const run::Job& job) const override { return executor_.holder_of(job); }
  void record_company(const run::Job& job, std::size_t at_once,
                      const std::vector<std::string>& others) const override {
    run::training().record_company(job, at_once, others);
  }

 private:
  const FakeExecutor& executor_;
};

}  // namespace segbench::tests
