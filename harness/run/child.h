// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace segbench::run {

/// The descriptor under which a child finds the writing end of its progress pipe.
inline constexpr int kProgressDescriptor = 3;

/// A child process in a process group of its own (so that Ctrl-C reaches it through us alone), with standard
/// input from /dev/null, and its output appended to a log.
struct Child {
  pid_t process = 0;
  int progress = -1;  ///< reading end, non-blocking; -1 when no pipe was asked for
};

/// Starts `command` (a path and its arguments). Throws core::UserError when the log or the program cannot be
/// opened.
/// `variables` are laid over our environment.
Child start_child(const std::vector<std::string>& command, const std::filesystem::path& log,
                  bool progress_pipe, const std::map<std::string, std::string>& variables = {});

/// A child that answers: what is written to `to` it reads on standard input, and it answers on standard
/// output.
struct Talker {
  pid_t process = 0;
  int to = -1, from = -1;  ///< ours to close
};

/// Starts such a child, in a process group of its own; what it says on standard error is appended to a log.
/// Throws core::UserError when the log or the program cannot be opened.
Talker start_talker(const std::vector<std::string>& command, const std::filesystem::path& log);

/// How a process ended: its wait status; empty while it lives. The status is taken once.
std::optional<int> reap(pid_t process);

/// Exit code of a command and what it wrote.
struct CommandResult {
  int code = 0;     ///< 128+n when it was killed by signal n
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

/// Runs a command to its end; an interrupt of the terminal reaches it as well. Throws core::UserError when it
/// cannot be started.
CommandResult run_command(const std::vector<std::string>& command);

}  // namespace segbench::run
