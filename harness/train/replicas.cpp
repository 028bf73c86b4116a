// SPDX-License-Identifier: MIT
#include "harness/train/replicas.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/machine.h"
#include "harness/core/signals.h"
#include "harness/core/trial.h"
#include "harness/train/meeting.h"
#include "harness/train/parallel.h"
#include "harness/train/resident_data.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/stop_signal.h"
#include "harness/train/training_plan.h"

extern char** environ;

namespace segbench::train {
namespace {

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

/// For which a process that waits looks by itself before it sleeps: where all have a CPU for each of their
/// threads, about as long as the parts of a batch differ; else those that wait would be in the way of the
/// others.
std::chrono::microseconds spin_of(std::int64_t processes, int threads) {
  return std::chrono::microseconds(processes * threads <= core::usable_cpus() ? 200 : 5);
}

/// Exit code of a further process that has found no memory.
constexpr int kNoMemory = 71;

}  // namespace

torch::Device device_of_rank(torch::Device first, int rank, int gpus) {
  if (!first.is_cuda()) return torch::kCPU;
  return {torch::kCUDA,
          static_cast<torch::DeviceIndex>(((first.has_index() ? first.index() : 0) + rank) % gpus)};
}

LostProcess lost_process(int rank, std::size_t processes, int wait_status) {
  const std::string who = fmt::format("process {} of {} was lost: ", rank + 1, processes);
  if (WIFSIGNALED(wait_status))
    return LostProcess(who + "killed by " + core::describe_signal(WTERMSIG(wait_status)));
  constexpr const char* kWords = " (its words stand in worker.log)";
  const int code = WEXITSTATUS(wait_status);
  if (code == core::kNoDevice)
    return LostProcess(who + "its device cannot be used" + kWords, core::FailureReason::kDevice);
  if (code == kNoMemory)
    return LostProcess(who + "no memory was left" + kWords, core::FailureReason::kOutOfMemory);
  return LostProcess(fmt::format("{}ended with exit code {}{}", who, code, kWords),
                     core::FailureReason::kError);
}

int exit_code_of(const trial::Ending& ending) {
  if (ending.reason == core::FailureReason::kDevice) return core::kNoDevice;
  return ending.reason == core::FailureReason::kOutOfMemory ? kNoMemory : ending.exit_code;
}

Replicas::Replicas(const core::TrainingConfig& training, const ReplicaSettings& settings) {
  try {
    SharedMemory memory = Meeting::memory_for(static_cast<int>(training.processes),
                                              spin_of(training.processes, settings.threads));
    start_all(training.processes, settings, memory.descriptor());
    memory.close_descriptor();
    group_ = join(std::move(memory),
                  {.device = settings.device, .reduce = training.reduce, .look = [this] { look(); }});
    has_met_ = true;
  } catch (...) {
    stop();
    throw;
  }
}

Replicas::~Replicas() {
  stop();
}

void Replicas::start_all(std::int64_t processes, const ReplicaSettings& settings, int memory) {
  const auto gpus = static_cast<int>(torch::cuda::device_count());
  for (int rank = 1; rank < processes; ++rank) {
    std::vector<std::string> words = {"segbench-worker",
                                      "replica",
                                      settings.trial_file.string(),
                                      "--rank",
                                      std::to_string(rank),
                                      "--memory",
                                      std::to_string(memory),
                                      "--memory-format",
                                      settings.memory_format,
                                      "--threads",
                                      std::to_string(settings.threads),
                                      "--device",
                                      device_of_rank(settings.device, rank, gpus).str()};
    if (!settings.levers.parameter_lists) words.insert(words.end(), {"--without", "parameter_lists"});
    if (!settings.levers.resident_data) words.insert(words.end(), {"--without", "resident_data"});
    children_.push_back(start(std::move(words)));
  }
}

/// Throws what has become of one that has ended.
void Replicas::look() {
  if (!has_met_) check_stop_signal();
  const std::lock_guard lock(looking_);
  for (std::size_t i = 0; i < children_.size() && !lost_; ++i) {
    int status = 0;
    if (::waitpid(children_[i], &status, WNOHANG) != children_[i]) continue;
    children_[i] = 0;
    lost_ = lost_process(static_cast<int>(i) + 1, children_.size() + 1, status);
  }
  if (lost_) throw *lost_;
}

void Replicas::stop() {
  group_.reset();
  for (const pid_t child : children_) {
    if (child == 0) continue;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  children_.clear();
}

void run_replica(const ReplicaSettings& settings, int memory, int rank) {
  const core::TrialSpec spec = core::read_trial_spec(settings.trial_file);
  const core::TrainingConfig& training = spec.variant.training;
  SharedMemory shared = SharedMemory::inherited(memory);
  shared.close_descriptor();
  const auto look = [leader = Meeting::leader_of(shared)] {
    if (::getppid() != leader) throw LostProcess("the first process of the trial has ended");
  };
  const std::unique_ptr<ProcessGroup> group = join(
      std::move(shared), {.rank = rank, .device = settings.device, .reduce = training.reduce, .look = look});
  const std::unique_ptr<TrialParts> parts =
      build_trial(spec, std::filesystem::absolute(settings.trial_file).parent_path(), settings.device,
                  memory_format_of(settings.memory_format, memory_format_on(settings.device)));
  if (!settings.levers.parameter_lists) parts->optimizer->go_one_by_one();
  if (settings.levers.resident_data && !settings.device.is_cpu())
    keep_data_on_device(spec, settings.device, free_device_bytes(settings.device), *parts);
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
