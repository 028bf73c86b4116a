// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace segbench::serve {

/// How a command ended.
struct CommandEnd {
  int code = 0;          ///< 128+n after signal n
  bool late = false;     ///< it was ended at its time limit
  bool stopped = false;  ///< it was ended because everything ends
  std::string out;       ///< standard output
};

/// Runs a command in a process group of its own, with no input and what it says on standard error in `log`.
/// It may write files of at most `file_bytes`. At `limit`, or when `stop` asks for it, it gets SIGTERM and a
/// moment later SIGKILL. Throws core::UserError when it cannot be started.
CommandEnd run_child(const std::vector<std::string>& command, const std::filesystem::path& log,
                     std::chrono::milliseconds limit, std::uint64_t file_bytes, const std::stop_token& stop);

}  // namespace segbench::serve
