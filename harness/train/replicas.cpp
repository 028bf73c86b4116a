// SPDX-License-Identifier: MIT
#include "harness/train/replicas.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/signals.h"
#include "harness/core/trial.h"
#include "harness/train/batches.h"
#include "harness/train/parallel.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/stop_signal.h"
#include "harness/train/training_plan.h"

extern char** environ;

namespace segbench::train {
namespace {

/// The GPU of a process; all processes compute on the one CPU.
std::string device_of(torch::Device first, int rank) {
  if (!first.is_cuda()) return "cpu";
  const int count = static_cast<int>(torch::cuda::device_count());
  return fmt::format("cuda:{}", (first.index() + rank) % count);
}

/// Signals to the whole group are for rank 0 to answer: they are blocked from the start (follow_parent()
/// ignores them).
pid_t start(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  sigset_t blocked;
  ::sigemptyset(&blocked);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&blocked, signal);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigmask(&attributes, &blocked);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, "/proc/self/exe", nullptr, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0)
    throw core::UserError(
        fmt::format("training.processes: no further process can be started: {}", std::strerror(error)));
  return child;
}

/// What says that the process of a rank is there. Until all are, nobody waits for another in a call that does
/// not end.
std::filesystem::path sign_of(const std::filesystem::path& meeting, int rank) {
  return fmt::format("{}.{}", meeting.string(), rank);
}

constexpr std::chrono::milliseconds kPause{20};

std::unique_ptr<ProcessGroup> join(const std::filesystem::path& meeting, int rank,
                                   const core::TrainingConfig& training) {
  return ProcessGroup::join(meeting, rank, static_cast<int>(training.processes),
                            training.reduce == "ordered" ? Reduction::kOrdered : Reduction::kFlat);
}

std::string how_ended(int status) {
  return WIFSIGNALED(status) ? "killed by " + core::describe_signal(WTERMSIG(status))
                             : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

Replicas::Replicas(const core::TrainingConfig& training, const ReplicaSettings& settings) {
  if (!ProcessGroup::is_built()) join({}, 0, training);  // throws with what is missing
  meeting_ = settings.trial_file.parent_path() / fmt::format("processes.tmp-{}", ::getpid());
  try {
    start_all(training.processes, settings);
    wait_until_ready();
    group_ = join(meeting_, 0, training);
  } catch (...) {
    stop();
    throw;
  }
}

Replicas::~Replicas() {
  stop();
}

void Replicas::start_all(std::int64_t processes, const ReplicaSettings& settings) {
  for (int rank = 1; rank < processes; ++rank) {
    std::vector<std::string> words = {"segbench-worker",
                                      "replica",
                                      settings.trial_file.string(),
                                      "--rank",
                                      std::to_string(rank),
                                      "--meeting",
                                      meeting_.string(),
                                      "--memory-format",
                                      settings.memory_format,
                                      "--threads",
                                      std::to_string(settings.threads),
                                      "--device",
                                      device_of(settings.device, rank)};
    if (!settings.levers.parameter_lists) words.insert(words.end(), {"--without", "parameter_lists"});
    children_.push_back(start(std::move(words)));
  }
}

void Replicas::wait_until_ready() {
  for (int rank = 1; rank <= static_cast<int>(children_.size()); ++rank) {
    while (!std::filesystem::exists(sign_of(meeting_, rank))) {
      check_stop_signal();
      if (const auto lost = ended()) throw LostProcess(*lost);
      std::this_thread::sleep_for(kPause);
    }
  }
}

void Replicas::stop() {
  group_.reset();
  std::error_code ignored;
  for (std::size_t i = 0; i < children_.size(); ++i) {
    std::filesystem::remove(sign_of(meeting_, static_cast<int>(i) + 1), ignored);
    if (children_[i] == 0) continue;
    ::kill(children_[i], SIGKILL);
    ::waitpid(children_[i], nullptr, 0);
  }
  children_.clear();
  std::filesystem::remove(meeting_, ignored);
}

std::optional<LostProcess> Replicas::ended() {
  for (std::size_t i = 0; i < children_.size(); ++i) {
    int status = 0;
    if (children_[i] == 0 || ::waitpid(children_[i], &status, WNOHANG) != children_[i]) continue;
    children_[i] = 0;
    return LostProcess{
        fmt::format("process {} of {} was lost: {}", i + 2, children_.size() + 1, how_ended(status)),
        WIFSIGNALED(status)};
  }
  return std::nullopt;
}

LostProcess Replicas::explain(const LostProcess& lost) {
  for (int tries = 0; tries < 100; ++tries) {  // its connection closes a moment before it has ended
    if (const auto found = ended()) return *found;
    std::this_thread::sleep_for(kPause);
  }
  return lost;
}

void run_replica(const ReplicaSettings& settings, const std::filesystem::path& meeting, int rank) {
  const core::TrialSpec spec = core::read_trial_spec(settings.trial_file);
  const core::TrainingConfig& training = spec.variant.training;
  core::write_file_atomically(sign_of(meeting, rank), "");
  const std::unique_ptr<ProcessGroup> group = join(meeting, rank, training);
  const std::unique_ptr<TrialParts> parts =
      build_trial(spec, std::filesystem::absolute(settings.trial_file).parent_path(), settings.device,
                  memory_format_of(settings.memory_format, memory_format_on(settings.device)));
  if (!settings.levers.parameter_lists) parts->optimizer->go_one_by_one();
  const NamedTensors weights = architectures::named_tensors(*parts->network),
                     state = parts->optimizer->state();
  while (true) {
    const EpochStart begin = share_epoch({}, weights, state, *group);
    if (begin.epoch == 0) return;
    parts->optimizer->set_updates(begin.updates);
    if (parts->schedule) parts->schedule->restore(begin.schedule);
    parts->loader->start(training_plan(spec, parts->cache, begin.epoch, begin.step, group.get()));
    for (std::int64_t step = begin.step; step < steps_per_epoch(spec); ++step) {
      const Batch* batch = parts->loader->next();
      SEGBENCH_CHECK(batch != nullptr, "the loader ended before step {}", step);
      if (parts->network->is_stochastic())
        seed_dropout(spec, settings.device, begin.epoch, step, group.get());
      parts->optimizer->zero_grad();
      train_together(spec, *parts, weights, *batch, step, *group);
      update_weights(training, weights, *parts->optimizer);
    }
  }
}

}  // namespace segbench::train
