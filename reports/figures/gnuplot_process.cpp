// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "harness/core/streams.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/process.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kProcesses = 2;

/// gnuplot over some scripts. -d: ignore the user's own settings.
std::vector<std::string> command_of(const std::string& program, const std::string& devices,
                                    const std::vector<std::string>& scripts) {
  std::vector<std::string> arguments = {program, "-d", "-e", fmt::format("devices = '{}'", devices)};
  arguments.insert(arguments.end(), scripts.begin(), scripts.end());
  return arguments;
}

}  // namespace

std::string run_gnuplot(const std::filesystem::path& folder, const std::vector<std::string>& scripts,
                        const std::string& program, const std::string& devices) {
  std::vector<std::vector<std::string>> shares(std::min(kProcesses, scripts.size()));
  for (std::size_t i = 0; i < scripts.size(); ++i) shares[i % shares.size()].push_back(scripts[i]);
  std::vector<Running> running;
  std::string problem;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    try {
      const std::filesystem::path log = std::filesystem::absolute(folder) / fmt::format(".gnuplot-{}.log", i);
      running.push_back(start_program(folder, command_of(program, devices, shares[i]), log));
    } catch (const std::system_error& error) {
      problem = fmt::format("{}: {}", program, core::system_message(error.code().value()));
    }
  }
  for (const Running& process : running) {
    const std::string found = finish_program(process);
    if (problem.empty() && !found.empty()) problem = fmt::format("{}: {}", program, found);
  }
  return problem;
}

}  // namespace segbench::reports
