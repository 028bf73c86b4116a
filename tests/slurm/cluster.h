// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/programs/workspace.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {

/// A real slurmctld with two slurmd on loopback, started by this object and ended by it (cluster.sh).
class Cluster {
 public:
  /// Whether Slurm's programs are installed.
  static bool is_installed();
  /// `configuration`: further lines of slurm.conf. Throws std::runtime_error when it does not start.
  explicit Cluster(std::vector<std::string> configuration = {});
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster();

  const std::filesystem::path& path() const { return folder_.path(); }
  /// For processes that use the cluster.
  Environment environment() const;
  /// Runs one of Slurm's commands; throws std::runtime_error with its words when it fails.
  std::string call(const std::vector<std::string>& command) const;
  /// State of a job or of a task, "12_0"; "" when the queue does not know it.
  std::string state(const std::string& job) const;
  /// A field of `scontrol show job`, such as "Restarts".
  std::string field(const std::string& job, const std::string& name) const;

 private:
  TemporaryFolder folder_;
};

/// Looks again and again, for at most so many seconds.
bool becomes_true(const std::function<bool()>& condition, int seconds);

}  // namespace segbench::tests
