// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace segbench::reports {

/// A program that draws or prints for us. What it says goes to `log`.
struct Running {
  pid_t pid = -1;
  std::filesystem::path log;
};

/// Starts `arguments[0]`, searched in PATH, in `folder`. Throws std::system_error when it cannot start.
Running start_program(const std::filesystem::path& folder, std::vector<std::string> arguments,
                      const std::filesystem::path& log);

/// Waits for its end and removes the log. Returns what went wrong: "" when nothing did.
std::string finish_program(const Running& running);

}  // namespace segbench::reports
