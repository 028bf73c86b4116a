// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/json.h"

namespace segbench::profile {

/// What the machine says of itself at one moment; what it does not say is empty.
struct MachineState {
  double seconds = 0;  ///< of a monotonic clock
  std::optional<double> busy_s = {},
                        steal_s = {};         ///< summed over CPUs since the machine started (/proc/stat)
  std::optional<double> throttled_s = {};     ///< that our control group was held back (cpu.stat)
  std::optional<double> load = {}, mhz = {};  ///< mean over CPUs
};
MachineState machine_state(const std::filesystem::path& root = "/");

/// What happened on the machine while something was measured.
struct Disturbance {
  std::optional<double> other_cpus = {};  ///< CPUs that neither the engine nor we nor idle engines used
  std::optional<double> idle_cpus = {};   ///< CPUs that engines used which had nothing to do
  std::optional<double> stolen = {};      ///< CPUs that the host took away
  std::optional<double> throttled_s = {};
  std::optional<double> load = {}, mhz = {};

  /// Others used, took away or withheld more than a tenth of a CPU, or engines spun as much.
  bool is_disturbed() const;
};
/// `ours` are the CPU seconds that all our processes used in between, `idle` those of them that had nothing
/// to do.
Disturbance between(const MachineState& before, const MachineState& after, double ours, double idle);

core::Json to_json(const Disturbance& disturbance);

/// What does not change while a profile runs: host, system, processor, governor of its clock, CPUs, versions.
core::Json describe_machine();

}  // namespace segbench::profile
