// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/variant.h"
#include "harness/train/levers.h"
#include "harness/train/process_group.h"
#include "harness/trial/attempt.h"

namespace segbench::train {

/// How the further processes of a trial run.
struct ReplicaSettings {
  std::filesystem::path trial_file;
  int threads = 1;  ///< of each process
  std::string memory_format;
  torch::Device device =
      torch::kCPU;  ///< of this process; on a machine with several GPUs each takes the next one
  Levers levers = {};
};

/// The device of a process of a trial whose first one is on `first`: of `gpus` GPUs the next one for each, in
/// turn where there are fewer than processes; the one CPU.
torch::Device device_of_rank(torch::Device first, int rank, int gpus);

/// What has become of a process of a trial, by what waitpid() says of it.
LostProcess lost_process(int rank, std::size_t processes, int wait_status);

/// How a further process ends that failed like this, so that the first one knows why.
int exit_code_of(const trial::Ending& ending);

/// The further processes of a trial, which end with this object. They write nothing but messages to stderr.
class Replicas {
 public:
  /// Starts them and meets them. Throws core::UserError where none can be started or memory is short,
  /// LostProcess where one ends before, Interrupted.
  Replicas(const core::TrainingConfig& training, const ReplicaSettings& settings);
  Replicas(const Replicas&) = delete;
  Replicas& operator=(const Replicas&) = delete;
  ~Replicas();

  ProcessGroup& group() { return *group_; }

 private:
  void start_all(std::int64_t processes, const ReplicaSettings& settings, int memory);
  void look();
  void stop();

  std::vector<pid_t> children_;  ///< of ranks 1, 2, …
  std::mutex looking_;           ///< a thread of the group may look, too
  std::optional<LostProcess> lost_;
  std::atomic<bool> has_met_{false};
  std::unique_ptr<ProcessGroup> group_;
};

/// What such a process does: joins, by the descriptor of the memory that it inherited, trains its part of
/// each epoch that rank 0 begins, and ends when rank 0 says so or is gone. Throws as Replicas and training
/// do.
void run_replica(const ReplicaSettings& settings, int memory, int rank);

}  // namespace segbench::train
