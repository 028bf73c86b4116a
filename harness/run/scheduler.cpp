// SPDX-License-Identifier: MIT
#include "harness/run/scheduler.h"

#include <algorithm>
#include <csignal>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::run {
namespace {

using std::chrono::duration;
using std::chrono::duration_cast;

constexpr std::chrono::seconds kTick{1};
/// A signal to the whole process group, or a supervisor that repeats itself, is one request.
constexpr std::chrono::seconds kOneRequest{1};
constexpr std::chrono::seconds kAskAgain{5};  ///< whether there is room for one more job
constexpr std::chrono::seconds kLastWait{1};  ///< for workers that were killed by the second interrupt

Clock::duration ticks(duration<double> span) {
  return duration_cast<Clock::duration>(span);
}

/// The state of one schedule while it runs.
class Schedule {
 public:
  Schedule(const std::vector<Job>& jobs, const ScheduleOptions& options, Executor& executor,
           RunObserver& observer, const JobSource& source)
      : options_(options), executor_(executor), observer_(observer), source_(source) {
    for (const Job& job : jobs) add(job);
    places_.push_back({.place = {.name = "the device", .device = "", .jobs = std::max(1, options.jobs)}});
    if (!options.places.empty()) places_.clear();
    for (const Place& place : options.places) places_.push_back({.place = place});
  }

  ScheduleResult run() {
    while (true) {
      if (!stopping()) fill_slots();
      if (running_.empty() && (stopping() || (waiting_.empty() && held_.empty()))) break;
      if (give_up_at_ && executor_.now() >= *give_up_at_) break;
      for (const Event& event : executor_.wait(next_deadline())) {
        std::visit([this](const auto& what) { handle(what); }, event);
      }
      stop_late_workers();
      observer_.tick();
    }
    while (!running_.empty()) end(running_.begin()->first, {.signal = SIGKILL});
    return std::move(result_);
  }

 private:
  struct Running {
    TimePoint started, last_sign;
    std::int64_t attempts_before = 0;
    StopCause cause = StopCause::kNone;
    std::optional<TimePoint> kill_at = {};
    std::set<std::size_t> company = {};  ///< jobs that ran at the same time
    std::size_t at_once = 1;             ///< most jobs that ran at a time, this one included
    std::vector<std::size_t> places = {};
    bool has_neighbour = false;  ///< another one ran at one of its places meanwhile

    bool is_at(std::size_t place) const { return std::ranges::count(places, place) > 0; }
  };

  struct PlaceState {
    Place place;
    bool is_lost = false;
    TimePoint last_start = {}, asked = {};
  };

  void add(const Job& job) {
    waiting_.push_back(jobs_.size());
    jobs_.push_back(job);
    attempts_.push_back(0);
    result_.outcomes.emplace_back();
  }

  /// Whether there is a job to start, if need be a new one.
  bool has_waiting() {
    if (waiting_.empty() && may_ask_ && source_) {
      const std::optional<Job> job = source_();
      if (job) add(*job);
      may_ask_ = job.has_value();
    }
    return !waiting_.empty();
  }

  bool stopping() const { return result_.signal != 0 || result_.internal_error || result_.no_device; }

  std::size_t most_at_once() const {
    std::size_t jobs = 0;
    for (const PlaceState& state : places_) jobs += static_cast<std::size_t>(std::max(1, state.place.jobs));
    return options_.jobs > 0 ? std::min(jobs, static_cast<std::size_t>(options_.jobs)) : jobs;
  }

  std::size_t running_at(std::size_t place) const {
    return static_cast<std::size_t>(std::count_if(
        running_.begin(), running_.end(), [&](const auto& entry) { return entry.second.is_at(place); }));
  }

  /// Whether a job may start at a place now: one that needs it for itself only where nothing runs, and
  /// nothing beside it.
  bool has_room(std::size_t number, std::size_t job) {
    PlaceState& state = places_[number];
    const std::size_t running = running_at(number);
    if (state.is_lost || running >= static_cast<std::size_t>(std::max(1, state.place.jobs))) return false;
    if (running == 0) return true;
    const bool is_taken = std::any_of(running_.begin(), running_.end(), [&](const auto& entry) {
      return entry.second.is_at(number) && alone_.contains(entry.first);
    });
    if (is_taken || alone_.contains(job)) return false;
    if (!state.place.is_asked || !options_.admits) return true;
    if (executor_.now() < state.asked + kAskAgain) return false;
    state.asked = executor_.now();
    return options_.admits(state.place, executor_.now() - state.last_start);
  }

  /// Those that a job may be given, together where it takes several.
  std::vector<std::size_t> living_places(bool only_whole) const {
    std::vector<std::size_t> living;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!places_[i].is_lost && !(only_whole && places_[i].place.is_part)) living.push_back(i);
    }
    return living;
  }

  /// Of the places with room for the job, those where least runs, in the order of all places: one for each
  /// process, or as many as there are. Empty while it has to wait for any of them.
  std::vector<std::size_t> places_for(std::size_t job) {
    std::vector<std::size_t> living = living_places(jobs_[job].resources.processes > 1), found;
    if (living.empty()) living = living_places(/*only_whole=*/false);
    const bool is_part = !living.empty() && places_[living.front()].place.is_part;
    const int processes = is_part ? 1 : std::max(1, jobs_[job].resources.processes);
    const std::size_t wanted = std::min(static_cast<std::size_t>(processes), living.size());
    std::ranges::stable_sort(living, {}, [&](std::size_t place) { return running_at(place); });
    for (const std::size_t place : living) {
      if (found.size() < wanted && has_room(place, job)) found.push_back(place);
    }
    if (found.size() < wanted) found.clear();
    std::ranges::sort(found);
    return found;
  }

  void fill_slots() {
    release_held();
    while (running_.size() < most_at_once() && has_waiting()) {
      const std::size_t job = waiting_.front();
      if (!running_.empty() && options_.most_threads > 0 &&
          threads_in_use() + threads_of(job) > options_.most_threads)
        break;
      const std::vector<std::size_t> places = places_for(job);
      if (places.empty()) break;
      waiting_.pop_front();
      if (const std::optional<int> process = kind(job).held_by(jobs_[job])) {
        hold(job, *process);
      } else {
        start(job, places);
      }
    }
  }

  void hold(std::size_t job, int process) {
    observer_.job_held(jobs_[job], process);
    held_since_.try_emplace(job, executor_.now());
    held_.push_back(job);
  }

  const JobKind& kind(std::size_t job) const { return *jobs_[job].kind; }

  int threads_of(std::size_t job) const { return std::max(1, jobs_[job].resources.threads); }

  int threads_in_use() const {
    int threads = 0;
    for (const auto& [job, running] : running_) threads += threads_of(job);
    return threads;
  }

  /// A held job that was set free may have been completed by its holder.
  void release_held() {
    if (held_.empty() || executor_.now() < look_at_held_) return;
    look_at_held_ = executor_.now() + kTick;
    std::erase_if(held_, [this](std::size_t job) {
      if (kind(job).held_by(jobs_[job])) {
        if (!is_patience_over(job)) return false;
        observer_.job_left(jobs_[job]);
        return true;
      }
      if (kind(job).is_complete(jobs_[job])) {
        result_.outcomes[job] = {.status = core::TrialStatus::kComplete};
        may_ask_ = true;
        observer_.job_ended(jobs_[job], result_.outcomes[job], false);
      } else {
        waiting_.push_back(job);
      }
      return true;
    });
  }

  /// While there is other work, a held job costs nothing.
  bool is_patience_over(std::size_t job) const {
    return options_.held_patience.count() > 0 && running_.empty() && waiting_.empty() &&
           executor_.now() >= held_since_.at(job) + ticks(options_.held_patience);
  }

  /// The job as it runs at these places.
  Job placed(std::size_t job, const std::vector<std::size_t>& places) const {
    Job there = jobs_[job];
    for (const std::size_t number : places) {
      const Place& place = places_[number].place;
      if (!there.resources.visible_gpus.empty()) there.resources.visible_gpus += ',';
      there.resources.visible_gpus += place.visible;
      if (!place.device.empty()) there.resources.device = place.device;
    }
    return there;
  }

  void start(std::size_t job, const std::vector<std::size_t>& places) {
    const std::int64_t attempts_before = kind(job).last_attempt(jobs_[job]);
    executor_.start(job, placed(job, places));
    const TimePoint now = executor_.now();
    for (const std::size_t place : places) places_[place].last_start = now;
    Running& started = running_[job] = {
        .started = now, .last_sign = now, .attempts_before = attempts_before, .places = places};
    for (auto& [other, running] : running_) {
      running.at_once = std::max(running.at_once, running_.size());
      if (other == job) continue;
      running.company.insert(job);
      started.company.insert(other);
      if (std::ranges::any_of(places, [&](std::size_t place) { return running.is_at(place); }))
        running.has_neighbour = started.has_neighbour = true;
    }
    observer_.job_started(jobs_[job], ++attempts_[job]);
  }

  void handle(const ProgressEvent& what) {
    const auto found = running_.find(what.job);
    if (found == running_.end()) return;
    found->second.last_sign = executor_.now();
    if (what.progress) observer_.job_progress(jobs_[what.job], *what.progress);
  }

  void handle(const ExitEvent& what) {
    if (running_.contains(what.job)) end(what.job, what.exit);
  }

  void handle(const InterruptEvent& what) {
    const TimePoint now = executor_.now();
    const bool second = result_.signal != 0;
    if (result_.signal == SIGUSR2) result_.signal = what.signal;
    if (second && (!options_.second_interrupt_kills || now < asked_to_stop_ + kOneRequest)) return;
    if (!second) {
      result_.signal = what.signal;
      asked_to_stop_ = now;
    }
    const int request = what.signal == SIGINT ? SIGINT : SIGTERM;  // workers know these two
    for (auto& [job, running] : running_) {
      if (running.cause == StopCause::kNone) {
        running.cause = StopCause::kInterrupt;
        running.kill_at = now + ticks(options_.patience);
      }
      executor_.send_signal(job, second ? SIGKILL : request);
    }
    if (second) give_up_at_ = now + kLastWait;
    observer_.stopping(what.signal, running_.size());
  }

  void end(std::size_t job, const WorkerExit& exit) {
    const Running running = running_.at(job);
    running_.erase(job);
    may_ask_ = true;
    const duration<double> limit = running.cause == StopCause::kTimeout ? options_.timeout : options_.stall;
    const duration<double> seconds = executor_.now() - running.started;
    const Outcome outcome = kind(job).conclude(jobs_[job], {.exit = exit,
                                                            .cause = running.cause,
                                                            .limit = core::human_duration(limit),
                                                            .seconds = seconds.count(),
                                                            .attempts_before = running.attempts_before});
    result_.outcomes[job] = outcome;
    if (outcome.is_elsewhere) return hold(job, 0);  // its logs are another process's to write
    std::vector<std::string> company;
    for (const std::size_t other : running.company) company.push_back(jobs_[other].id);
    if (!company.empty()) kind(job).record_company(jobs_[job], running.at_once, company);
    result_.internal_error |= outcome.internal_error;
    if (outcome.reason == core::FailureReason::kDevice) {
      for (const std::size_t place : running.places) lose(place, outcome.message);
    }
    const bool retry = !stopping() && may_start_again(job, running, outcome);
    if (retry) waiting_.push_front(job);
    observer_.job_ended(jobs_[job], outcome, retry);
  }

  bool may_start_again(std::size_t job, const Running& running, const Outcome& outcome) {
    if (outcome.reason == core::FailureReason::kDevice) return true;
    if (outcome.reason == core::FailureReason::kOutOfMemory && running.has_neighbour)
      return alone_.insert(job).second;
    return kind(job).may_retry(outcome) && attempts_[job] <= options_.retries;
  }

  void lose(std::size_t place, const std::string& why) {
    if (std::exchange(places_[place].is_lost, true)) return;
    const auto left = static_cast<std::size_t>(std::count_if(
        places_.begin(), places_.end(), [](const PlaceState& state) { return !state.is_lost; }));
    result_.no_device = left == 0;
    observer_.place_lost(places_[place].place, why, left);
  }

  void stop_late_workers() {
    const TimePoint now = executor_.now();
    for (auto& [job, running] : running_) {
      if (running.kill_at && now >= *running.kill_at) {
        executor_.send_signal(job, SIGKILL);
        running.kill_at = now + ticks(options_.grace);
      }
      if (running.cause != StopCause::kNone) continue;
      const bool late = options_.timeout.count() > 0 && now >= running.started + ticks(options_.timeout);
      const bool silent = options_.stall.count() > 0 && now >= running.last_sign + ticks(options_.stall);
      if (!late && !silent) continue;
      running.cause = late ? StopCause::kTimeout : StopCause::kStall;
      running.kill_at = now + ticks(options_.grace);
      executor_.send_signal(job, SIGTERM);
    }
  }

  TimePoint next_deadline() const {
    TimePoint next = executor_.now() + kTick;
    for (const auto& [job, running] : running_) {
      if (running.kill_at) next = std::min(next, *running.kill_at);
      if (running.cause != StopCause::kNone) continue;
      if (options_.timeout.count() > 0) next = std::min(next, running.started + ticks(options_.timeout));
      if (options_.stall.count() > 0) next = std::min(next, running.last_sign + ticks(options_.stall));
    }
    return next;
  }

  std::deque<Job> jobs_;  ///< grows; what is in it stays where it is
  const ScheduleOptions& options_;
  Executor& executor_;
  RunObserver& observer_;
  const JobSource& source_;
  bool may_ask_ = true;  ///< false: it had nothing, and no job has ended since
  std::vector<int> attempts_;
  std::deque<std::size_t> waiting_;
  std::vector<std::size_t> held_;
  std::map<std::size_t, TimePoint> held_since_;
  TimePoint look_at_held_{};
  std::map<std::size_t, Running> running_;
  std::vector<PlaceState> places_;
  std::set<std::size_t> alone_;  ///< jobs that ran out of memory beside others
  TimePoint asked_to_stop_{};
  std::optional<TimePoint> give_up_at_;
  ScheduleResult result_;
};

}  // namespace

ScheduleResult run_schedule(const std::vector<Job>& jobs, const ScheduleOptions& options, Executor& executor,
                            RunObserver& observer, const JobSource& source) {
  return Schedule(jobs, options, executor, observer, source).run();
}

}  // namespace segbench::run
