// SPDX-License-Identifier: MIT
#include "harness/profile/machine_state.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "harness/core/cpu_limit.h"
#include "harness/core/machine.h"
#include "harness/core/optional_json.h"
#include "harness/core/text.h"
#include "harness/core/version.h"

namespace segbench::profile {
namespace {

using core::Json;
namespace fs = std::filesystem;

constexpr double kMuch = 0.1;  // of a CPU

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The mean of the numbers behind "cpu MHz	:".
std::optional<double> mean_mhz(const std::string& cpuinfo) {
  double sum = 0;
  int count = 0;
  std::istringstream lines(cpuinfo);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || !line.starts_with("cpu MHz")) continue;
    sum += std::atof(line.c_str() + colon + 1);
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

std::string value_of(const std::string& text, std::string_view key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && line.starts_with(key))
      return std::string(core::trim(line.substr(colon + 1)));
  }
  return "";
}

std::optional<double> difference(const std::optional<double>& after, const std::optional<double>& before) {
  if (!after || !before) return std::nullopt;
  return *after - *before;
}

}  // namespace

MachineState machine_state(const fs::path& root) {
  MachineState state;
  state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  // proc(5): cpu user nice system idle iowait irq softirq steal guest …, in ticks.
  std::istringstream stat(text_of(root / "proc/stat"));
  std::string cpu;
  double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  if (stat >> cpu >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal && cpu == "cpu") {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    state.busy_s = (user + nice + system + irq + softirq) / ticks;
    state.steal_s = steal / ticks;
  }
  if (const auto throttled = core::parse_counter(text_of(root / "sys/fs/cgroup/cpu.stat"), "throttled_usec"))
    state.throttled_s = static_cast<double>(*throttled) * 1e-6;
  std::istringstream load(text_of(root / "proc/loadavg"));
  if (double value = 0; load >> value) state.load = value;
  state.mhz = mean_mhz(text_of(root / "proc/cpuinfo"));
  return state;
}

bool Disturbance::is_disturbed() const {
  const auto much = [](const std::optional<double>& cpus) { return cpus && *cpus > kMuch; };
  return much(other_cpus) || much(idle_cpus) || much(stolen) || (throttled_s && *throttled_s > 0);
}

Disturbance between(const MachineState& before, const MachineState& after, double ours, double idle) {
  const double elapsed = after.seconds - before.seconds;
  Disturbance found{
      .throttled_s = difference(after.throttled_s, before.throttled_s), .load = after.load, .mhz = after.mhz};
  if (elapsed <= 0) return found;
  // Below two ticks of the kernel's clock nothing can be told.
  const double blur = 2.0 / static_cast<double>(::sysconf(_SC_CLK_TCK)) / elapsed;
  const auto share = [&](double seconds) { return std::max(0.0, seconds / elapsed - blur); };
  if (const auto busy = difference(after.busy_s, before.busy_s)) found.other_cpus = share(*busy - ours);
  if (const auto stolen = difference(after.steal_s, before.steal_s)) found.stolen = share(*stolen);
  found.idle_cpus = share(idle);
  return found;
}

Json to_json(const Disturbance& disturbance) {
  using core::or_null;
  return {{"other_cpus", or_null(disturbance.other_cpus)},
          {"idle_cpus", or_null(disturbance.idle_cpus)},
          {"stolen", or_null(disturbance.stolen)},
          {"throttled_s", or_null(disturbance.throttled_s)},
          {"mhz", or_null(disturbance.mhz)},
          {"load", or_null(disturbance.load)}};
}

Json describe_machine() {
  const core::CpuLimit limit = core::usable_cpu_limit();
  std::string governor = text_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return {{"host", core::host_name()},
          {"system", core::system_name()},
          {"cpu", value_of(text_of("/proc/cpuinfo"), "model name")},
          {"governor", std::string(core::trim(governor))},
          {"usable_cpus", limit.cpus},
          {"usable_cpus_by", limit.reason},
          {"segbench_version", core::kVersion},
          {"build_type", core::kBuildType}};
}

}  // namespace segbench::profile
