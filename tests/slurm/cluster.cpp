// SPDX-License-Identifier: MIT
#include "tests/slurm/cluster.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace segbench::tests {
namespace {

ProcessResult run_script(const std::string& command, const std::filesystem::path& folder,
                         const std::vector<std::string>& configuration = {}) {
  std::vector<std::string> words = {"/bin/bash", std::string(SEGBENCH_SOURCE_DIR) + "/tests/slurm/cluster.sh",
                                    command, (folder / "cluster").string()};
  words.insert(words.end(), configuration.begin(), configuration.end());
  return run_process(words, folder);
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

bool Cluster::is_installed() {
  for (const char* program : {"/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"}) {
    if (!std::filesystem::exists(program)) return false;
  }
  return true;
}

Cluster::Cluster(std::vector<std::string> configuration) {
  const ProcessResult started = run_script("start", path(), configuration);
  if (started.exit_code == 0) return;
  run_script("stop", path());
  throw std::runtime_error("no cluster: " + started.err);
}

Cluster::~Cluster() {
  run_script("stop", path());
}

Environment Cluster::environment() const {
  return {{"SLURM_CONF", (path() / "cluster/etc/slurm.conf").string()}};
}

std::string Cluster::call(const std::vector<std::string>& command) const {
  std::vector<std::string> words = {"/usr/bin/env"};
  words.insert(words.end(), command.begin(), command.end());
  const ProcessResult result = run_process(words, path(), environment());
  if (result.exit_code != 0) throw std::runtime_error(command.at(0) + ": " + result.err);
  return result.out;
}

std::string Cluster::state(const std::string& job) const {
  try {
    return first_line(call({"squeue", "-h", "--array", "-t", "all", "-j", job, "-o", "%T"}));
  } catch (const std::runtime_error&) {  // it ended too long ago
    return "";
  }
}

std::string Cluster::field(const std::string& job, const std::string& name) const {
  const std::string text = call({"scontrol", "show", "job", job});
  const std::size_t at = text.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

bool becomes_true(const std::function<bool()>& condition, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return true;
}

}  // namespace segbench::tests
